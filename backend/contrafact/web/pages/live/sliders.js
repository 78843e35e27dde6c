// A slider for each source, within its bounds; moving one, the others give way. Told on after a moment of rest.
import { percent } from "../shared/format.js";
import { byId } from "../shared/dom.js";
import { moved, WHOLE } from "./weights.js";

const REST = 200; // milliseconds
const ONE = WHOLE / 100;
const STEPS = { ArrowUp: ONE, ArrowRight: ONE, ArrowDown: -ONE, ArrowLeft: -ONE, PageUp: 5 * ONE, PageDown: -5 * ONE };

export class Sliders {
  #rows; #weights; #bounds; #resting = null; #waits = false; #from = null;

  constructor(list, changed) {
    this.#rows = [...list.children];
    this.#weights = this.#rows.map((row) => Number(row.dataset.weight));
    const bounds = ({ lowest, highest }) => ({ lowest: Number(lowest), highest: Number(highest) });
    this.#bounds = this.#rows.map((row) => bounds(row.dataset));
    this.titles = this.#rows.map((row) => row.querySelector("bdi").textContent);
    this.changed = changed;
    this.#rows.forEach((row, place) => {
      const { lowest, highest } = this.#bounds[place], input = row.querySelector("input");
      input.style.setProperty("margin-left", `${(100 * lowest) / WHOLE}%`);
      input.style.setProperty("width", `max(44px, ${(100 * (highest - lowest)) / WHOLE}%)`);
      row.style.setProperty("--low", `${(100 * lowest) / WHOLE}%`);
      row.style.setProperty("--wide", `${(100 * (highest - lowest)) / WHOLE}%`);
      input.addEventListener("keydown", (event) => this.#pressed(event, place));
      input.addEventListener("input", () => this.#move(place, Number(input.value)));
    });
  }

  get count() {
    return this.#rows.length;
  }

  get weights() {
    return [...this.#weights];
  }

  /** Whether a move of the listener's is not heard yet. */
  get waits() {
    return this.#waits;
  }

  set(weights) {
    this.#weights = weights;
    this.#write();
  }

  /** The service does not take those that are set: `weights` hold. */
  refused(weights) {
    this.#wait(false);
    this.set(weights);
  }

  enable(on) {
    this.#rows.forEach((row, place) => {
      const { lowest, highest } = this.#bounds[place];
      row.querySelector("input").disabled = !on || lowest === highest;
    });
  }

  /** Said aloud by screen readers: seldom. */
  tell(text) {
    if (byId("steered").textContent !== text) byId("steered").textContent = text;
  }

  /** From what second of the piece on the weights hold. */
  holds(from) {
    this.#from = from;
    this.tell("On its way to you.");
  }

  /** How long until that is heard, for the eye alone; `position` in seconds of the piece. */
  countDown(position) {
    const known = this.#waits && this.#from !== null;
    const text = known ? `Heard in ${Math.max(1, Math.ceil(this.#from - position))} s` : "";
    if (byId("until").textContent !== text) byId("until").textContent = text;
  }

  /** The weights of the bar that is heard now: a mark on each line, until it is where the thumb is. */
  sounds(weights) {
    this.#rows.forEach((row, place) => {
      const { lowest, highest } = this.#bounds[place];
      row.style.setProperty("--heard", String((weights[place] - lowest) / Math.max(1, highest - lowest)));
    });
    if (this.#waits && weights.every((weight, place) => weight === this.#weights[place])) {
      this.#wait(false);
      this.tell("You hear these weights now.");
    }
  }

  #wait(on) {
    this.#waits = on;
    this.#from = null;
    this.#rows.forEach((row) => row.toggleAttribute("data-waits", on));
    this.countDown(0);
  }

  #pressed(event, place) {
    const step = STEPS[event.key];
    if (!step) return; // Home and End are the browser's
    event.preventDefault();
    this.#move(place, this.#weights[place] + step);
  }

  #move(place, wanted) {
    this.#weights = moved(this.#weights, this.#bounds, place, wanted);
    this.#write();
    this.#wait(true);
    this.tell("");
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.changed([...this.#weights]), REST);
  }

  #write() {
    this.#rows.forEach((row, place) => {
      const input = row.querySelector("input"), weight = this.#weights[place];
      input.value = weight;
      input.setAttribute("aria-valuetext", percent(weight));
      row.querySelector("output").textContent = percent(weight);
    });
  }
}
