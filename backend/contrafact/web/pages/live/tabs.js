// What the tabs of a browser know of one another: one of them plays the piece, any goes on where it was heard last.
export class Tabs {
  #channel;
  #key;

  /** `taken` is called where another tab begins to play. */
  constructor(order, taken) {
    this.#key = `live:${order}`;
    this.#channel = new BroadcastChannel(this.#key);
    this.#channel.addEventListener("message", taken);
  }

  plays = () => this.#channel.postMessage("plays");

  /** The bar that was heard last in this browser; where none was, the last but one of those that were made. */
  heard = (given) => Number(localStorage.getItem(this.#key) ?? given - 2);

  keep = (bar) => localStorage.setItem(this.#key, String(bar));

  forget = () => localStorage.removeItem(this.#key);
}
