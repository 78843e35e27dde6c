// Bars of sound one after another without a gap: each is fetched, decoded, and set to begin where the last one ends.
const RATE = 48_000; // as the bars are; at another rate each would be resampled by itself, and click
const AHEAD = 0.12; // seconds between a first bar's decoding and its sound

export class Sound {
  #context = null;
  #end = 0; // when the last bar that was set ends, in the context's time
  #row = Promise.resolve();
  #set = []; // [{bar, begins, ends}]

  /** To be called from a click: browsers are silent before one. */
  async start() {
    this.#context ??= new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
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
      if (buffer) this.#play(buffer, this.#end);
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
    const buffer = await this.#fetched(url);
    const begins = Math.max(this.#end, this.#context.currentTime + (this.#end ? 0.02 : AHEAD));
    if (buffer) this.#play(buffer, begins);
    this.#end = begins + (buffer ? buffer.length / RATE : 0);
    this.#set.push({ bar, begins, ends: this.#end });
    if (this.#set.length > 256) this.#set.shift();
  }

  #play(buffer, begins) {
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#context.destination);
    source.start(begins);
  }

  /** Null for a bar whose sound is not kept any more, which is passed over. */
  async #fetched(url) {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok || answer.status === 204) return null;
    return this.#context.decodeAudioData(await answer.arrayBuffer());
  }
}
