// What a piece sounds like: its files decoded, or its notes played by a plain synthesiser where there is no file.
import { ApiError } from "../shared/api.js";

const RATE = 48_000,
  SYNTH_RATE = 24_000,
  RELEASE = 0.12,
  MOST_SECONDS = 900;

/** A sound file as an AudioBuffer. Raises ApiError. */
export async function soundFile(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new ApiError(await response.json().catch(() => ({})), response.status);
  const data = await response.arrayBuffer();
  try {
    return await new OfflineAudioContext(2, 1, RATE).decodeAudioData(data);
  } catch {
    throw new ApiError({
      code: "not_decoded",
      message: "This browser cannot play FLAC files.",
      hint: "Use a newer Chrome, Edge, Firefox or Safari, or download the piece as MP3.",
    });
  }
}

/** Notes as plain tones, each as loud as `levelOf(note)` (0 to 1) says. Raises ApiError for a piece of hours. */
export async function synthesised(notes, length, levelOf) {
  if (length > MOST_SECONDS)
    throw new ApiError({
      code: "too_long",
      message: "This piece is too long to be played from its notes here.",
      hint: "Look at its notes instead.",
    });
  const context = new OfflineAudioContext(1, Math.ceil((length + 0.5) * SYNTH_RATE), SYNTH_RATE);
  for (const note of notes) {
    const level = levelOf(note) * (note.byModel ? 0.22 : 0.09) * (note.velocity / 100);
    if (level < 0.0005 || note.part === "drums") continue;
    const tone = new OscillatorNode(context, { type: "triangle", frequency: 440 * 2 ** ((note.pitch - 69) / 12) });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setTargetAtTime(level, note.start, 0.01);
    gain.gain.setTargetAtTime(0, Math.max(note.start + 0.03, note.end - 0.03), RELEASE / 4);
    tone.connect(gain).connect(context.destination);
    tone.start(note.start);
    tone.stop(note.end + RELEASE);
  }
  return context.startRendering();
}
