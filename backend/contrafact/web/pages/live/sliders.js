// A slider for each source, within its bounds; moving one, the others give way. Told on after a moment of rest.
import { percent } from "../shared/format.js";
import { byId } from "../shared/dom.js";
import { moved, WHOLE } from "./weights.js";

const REST = 600; // milliseconds
const ONE = WHOLE / 100;
const STEPS = { ArrowUp: ONE, ArrowRight: ONE, ArrowDown: -ONE, ArrowLeft: -ONE, PageUp: 5 * ONE, PageDown: -5 * ONE };

export class Sliders {
  #rows; #weights; #bounds; #resting = null; #touched = false;

  constructor(list, changed) {
    this.#rows = [...list.children];
    this.#weights = this.#rows.map((row) => Number(row.dataset.weight));
    this.#bounds = this.#rows.map((row) => ({ lowest: Number(row.dataset.lowest), highest: Number(row.dataset.highest) }));
    this.titles = this.#rows.map((row) => row.querySelector("bdi").textContent);
    this.changed = changed;
    this.#rows.forEach((row, place) => {
      const { lowest, highest } = this.#bounds[place], input = row.querySelector("input");
      input.style.setProperty("margin-left", `${(100 * lowest) / WHOLE}%`);
      input.style.setProperty("width", `max(44px, ${(100 * (highest - lowest)) / WHOLE}%)`);
      input.addEventListener("keydown", (event) => this.#pressed(event, place));
      input.addEventListener("input", () => this.#move(place, Number(input.value)));
    });
  }

  get count() {
    return this.#rows.length;
  }

  set(weights) {
    this.#weights = weights;
    this.#write();
  }

  enable(on) {
    this.#rows.forEach((row, place) => {
      const { lowest, highest } = this.#bounds[place];
      row.querySelector("input").disabled = !on || lowest === highest;
    });
  }

  tell(text) {
    byId("steered").textContent = text;
  }

  /** The weights with which the bar was made that is heard now. */
  sounds(weights) {
    if (this.#touched && weights.every((weight, place) => weight === this.#weights[place])) {
      this.#touched = false;
      this.tell("You hear these weights now.");
    }
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
    this.#touched = true;
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
