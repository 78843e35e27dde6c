// Bars of sound one after another without a gap: each is fetched, decoded, and set to begin where the last one ends.
const RATE = 48_000; // as the bars are; at another rate each would be resampled by itself, and click
const AHEAD = 0.12; // seconds between a first bar's decoding and its sound
const LATELY = 8; // bars
const PATIENCE = 8_000, AGAIN = 1_000; // milliseconds

export class Sound {
  #context = null;
  #end = 0; // when the last bar that was set ends, in the context's time
  #row = Promise.resolve();
  #set = []; // [{bar, begins, ends}]
  #took = []; // seconds from asking for a bar to its being set, lately

  /** `interrupted` is called where the system takes the sound away, as for a call. */
  constructor(interrupted) {
    this.interrupted = interrupted;
  }

  /** To be called from a click: browsers are silent before one. */
  async start() {
    if (!this.#context) {
      this.#context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
      this.#context.onstatechange = () => this.#context.state !== "running" && this.interrupted();
    }
    await this.#context.resume();
  }

  pause = () => this.#context?.suspend();

  /** Sets a bar to sound after the one before; resolves once that is done. `bar` is the event of the API. */
  add(bar, url) {
    this.#row = this.#row.then(() => this.#add(bar, url));
    return this.#row;
  }

  /** What still sounds after the last bar. */
  finish(url) {
    this.#row = this.#row.then(async () => {
      const buffer = await this.#fetched(url);
      if (buffer) this.#play(buffer, Math.max(this.#end, this.#context.currentTime));
    });
    return this.#row;
  }

  /** The bar that sounds, and how many seconds of it have; null before the first. */
  now() {
    const time = (this.#context?.currentTime ?? 0) - (this.#context?.outputLatency || 0);
    const found = this.#set.findLast((one) => one.begins <= time);
    return found ? { bar: found.bar, into: Math.min(time, found.ends) - found.begins, over: time >= found.ends } : null;
  }

  /** Seconds of sound that are set and not heard yet. */
  left = () => Math.max(0, this.#end - (this.#context?.currentTime ?? 0));

  async #add(bar, url) {
    const asked = performance.now(), spare = Math.max(0, this.left() - Math.max(0, ...this.#took));
    const buffer = await this.#fetched(`${url}?left=${Math.min(spare, 3600).toFixed(3)}`);
    const begins = Math.max(this.#end, this.#context.currentTime + (this.#end ? 0.02 : AHEAD));
    if (buffer) this.#play(buffer, begins);
    this.#end = begins + (buffer ? buffer.length / RATE : 0);
    this.#set.push({ bar, begins, ends: this.#end });
    if (this.#set.length > 256) this.#set.shift();
    this.#took = [...this.#took, (performance.now() - asked) / 1000].slice(-LATELY);
  }

  #play(buffer, begins) {
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#context.destination);
    source.start(begins);
  }

  /** Null for a bar that is passed over: its sound is not kept any more, or cannot be decoded here. */
  async #fetched(url) {
    const bytes = await this.#bytes(url);
    return bytes && this.#context.decodeAudioData(bytes).catch(() => null);
  }

  /** Null where nothing is kept. Whatever else goes wrong, it asks on. */
  async #bytes(url) {
    for (;;) {
      try {
        const answer = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
        if ([204, 404].includes(answer.status)) return null;
        if (!answer.ok) throw new Error(answer.statusText);
        return await answer.arrayBuffer();
      } catch {
        await new Promise((go) => setTimeout(go, AGAIN));
      }
    }
  }
}
