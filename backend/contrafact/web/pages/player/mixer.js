// Sound buffers that play together: one start for all of them, a level for each, one place in time.

const AHEAD = 0.03; // seconds between the decision to start and the start, which all tracks then share
const FADE = 0.015;

export class Mixer extends EventTarget {
  #context = null;
  #running = [];
  #tracks = [];
  #at = 0;
  #since = 0;
  playing = false;

  /** `length` in seconds. Events: "state" (plays, pauses), "end". */
  constructor(length) {
    super();
    this.length = length;
  }

  /** Where it is, in seconds. */
  get time() {
    if (!this.playing) return this.#at;
    return Math.min(this.#at + Math.max(0, this.#context.currentTime - this.#since), this.length);
  }

  /** The buffers that sound from now on, [{buffer, level}]; what plays goes on where it is. */
  use(tracks) {
    const again = this.playing,
      time = this.time;
    if (again) this.#silence();
    this.#tracks = tracks;
    this.#at = time;
    if (again) this.#start();
  }

  setLevel(place, level) {
    this.#tracks[place].level = level;
    this.#running[place]?.gain.gain.setTargetAtTime(level, this.#context.currentTime, FADE);
  }

  /** To be called from a click or a key: before that, browsers let no page sound. */
  async play() {
    if (this.playing) return;
    this.#context ??= new AudioContext();
    await this.#context.resume();
    if (this.#at >= this.length - 0.01) this.#at = 0;
    this.#start();
    this.dispatchEvent(new Event("state"));
  }

  pause() {
    if (!this.playing) return;
    this.#at = this.time;
    this.#silence();
    this.dispatchEvent(new Event("state"));
  }

  seek(time) {
    const again = this.playing;
    if (again) this.#silence();
    this.#at = Math.max(0, Math.min(time, this.length));
    if (again) this.#start();
  }

  /** Whether the last tone has faded, where it stops by itself; to be asked at each frame. */
  ended() {
    const end = Math.max(this.length, ...this.#tracks.map(({ buffer }) => buffer.duration));
    if (!this.playing || this.#at + this.#context.currentTime - this.#since < end) return false;
    this.#silence();
    this.#at = 0;
    this.dispatchEvent(new Event("state"));
    return true;
  }

  close() {
    this.#silence();
    this.#context?.close();
    this.#context = null;
  }

  #start() {
    this.#since = this.#context.currentTime + AHEAD;
    this.#running = this.#tracks.map(({ buffer, level }) => {
      const source = new AudioBufferSourceNode(this.#context, { buffer });
      const gain = new GainNode(this.#context, { gain: level });
      source.connect(gain).connect(this.#context.destination);
      if (this.#at < buffer.duration) source.start(this.#since, this.#at);
      else gain.disconnect();
      return { source, gain };
    });
    this.playing = true;
  }

  #silence() {
    for (const { source, gain } of this.#running) {
      try {
        source.stop();
      } catch {
        /* it never started: its sound ends before this place */
      }
      gain.disconnect();
    }
    this.#running = [];
    this.playing = false;
  }
}
