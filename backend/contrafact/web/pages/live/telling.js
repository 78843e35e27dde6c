// Telling the service where the sliders are: one message at a time, the last move counts, and none is forgotten.
import { post } from "../shared/api.js";

export class Telling {
  #api;
  #sliders;
  #busy = false;
  #untold = false;
  #taken = {}; // what the service took last, since it gave which view

  constructor(api, sliders) {
    this.#api = api;
    this.#sliders = sliders;
  }

  /** `view`: of the API. Where the service refuses the sliders, what it took last since then holds, else the view's. */
  async tell(view) {
    if (this.#busy) return;
    this.#busy = true;
    this.#untold = false;
    try {
      for (let told = null; String(told) !== String(this.#sliders.weights); ) {
        told = this.#sliders.weights;
        const { bar } = await post(`${this.#api}/weights`, { weights: told });
        this.#taken = { view, weights: told };
        this.#sliders.holds(bar * view.bar_seconds);
      }
    } catch (error) {
      this.#untold = error.status !== 422;
      this.#sliders.tell(`${error.message} ${error.hint}`);
      if (!this.#untold) this.#sliders.refused(this.#taken.view === view ? this.#taken.weights : weights(view));
    }
    this.#busy = false;
  }

  /** Once more, where it failed. */
  again = (view) => this.#untold && this.tell(view);

  /** What was moved while nothing could be told, or before a service ended, holds from now on. */
  agree(view) {
    const now = this.#sliders.weights;
    if (this.#sliders.waits && weights(view).some((weight, place) => weight !== now[place])) this.tell(view);
  }
}

/** Those that the next bar is made with. */
export const weights = (view) => view.sources.map((source) => source.weight);
