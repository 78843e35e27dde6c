// SHA-256 by the browser's own cryptography, and the digest of a sound whatever file carries it. Pure.

const DOMAIN = "contrafact-pcm/1";

const hex = (bytes) =>
  `0x${[...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

/** SHA-256 of bytes, as `0x…`. */
export async function sha256(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

/**
 * The digest of decoded sound, as `contrafact.music.audio.pcm_digest`: 16 ASCII bytes, then rate, channels and frames
 * as little-endian 32-bit integers, then the samples interleaved, as little-endian signed 16-bit integers.
 * `channels`: Float32Arrays of samples from −1 to 1, which are exact for a 16-bit file at its own rate. Browsers differ
 * in what a full sample above zero is.
 */
export async function pcmDigest(channels, rate) {
  const frames = channels[0].length,
    bytes = new Uint8Array(28 + 2 * frames * channels.length),
    view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(DOMAIN));
  [rate, channels.length, frames].forEach((number, i) => view.setUint32(16 + 4 * i, number, true));
  const above = channels.every((channel) => isWhole(channel, 32768)) ? 32768 : 32767; // Chromium divides by 32767
  let at = 28;
  for (let frame = 0; frame < frames; frame++) {
    for (const channel of channels) {
      view.setInt16(at, Math.round(channel[frame] * (channel[frame] > 0 ? above : 32768)), true);
      at += 2;
    }
  }
  return sha256(bytes);
}

/** Whether all samples above zero are so many whole parts. */
const isWhole = (samples, parts) =>
  samples.every((sample) => sample <= 0 || Math.abs(sample * parts - Math.round(sample * parts)) < 0.004);
