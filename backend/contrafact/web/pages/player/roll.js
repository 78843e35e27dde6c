// A piano roll on a canvas: each note split by its responsibilities, in the colours of the sources.
import { h } from "../shared/dom.js";
import { colourOf } from "../shared/sources.js";

const HEIGHT = 260,
  PAD = 10,
  LEAST_PX_PER_SECOND = 26,
  QUIET = 0.16,
  ACCOMPANIMENT = 0.45;

export class Roll {
  #frame = 0;
  #time = 0;
  #style = matchMedia("(prefers-color-scheme: dark)");

  /**
   * `piece` as `readLedger` gives it; `lit`: a component whose part alone has its colour, or null. `onseek(seconds)`.
   * `element` is to be put into the page.
   */
  constructor(piece, lit, onseek) {
    Object.assign(this, { piece, lit });
    const pitches = piece.notes.filter((note) => note.part !== "drums").map((note) => note.pitch);
    this.low = Math.min(...pitches, 60) - 1;
    this.high = Math.max(...pitches, 72) + 1;
    this.canvas = h("canvas", { class: "roll-canvas", "aria-hidden": "true" });
    this.space = h("div", { class: "roll-space" }, this.canvas);
    this.element = h("div", { class: "roll" }, this.space);
    this.element.addEventListener("scroll", () => this.#later());
    this.element.addEventListener("click", (event) => {
      const x = event.clientX - this.element.getBoundingClientRect().left + this.element.scrollLeft;
      onseek(x / this.scale);
    });
    this.resized = new ResizeObserver(() => this.#measure());
    this.resized.observe(this.element);
    this.restyle = () => this.#measure();
    this.#style.addEventListener("change", this.restyle);
  }

  /** Draws the place in time; follows it where the piece is longer than the view. */
  show(time, follows) {
    this.#time = time;
    const x = time * this.scale,
      left = this.element.scrollLeft,
      seen = this.width;
    if (follows && (x < left || x > left + seen * 0.8)) this.element.scrollLeft = Math.max(0, x - seen * 0.2);
    this.#later();
  }

  /** Of what is switched off the colour goes; `levels` of each component, 0 to 1. */
  fade(levels) {
    this.levels = levels;
    this.#later();
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    this.resized.disconnect();
    this.#style.removeEventListener("change", this.restyle);
  }

  #measure() {
    const styles = getComputedStyle(this.element),
      one = (name) => styles.getPropertyValue(name).trim();
    this.colours = this.piece.components.map((_, k) => one(k ? `--source-${colourOf(k).slice(1)}` : "--source-base"));
    this.inks = { line: one("--edge"), ink: one("--ink"), play: one("--focus"), soft: one("--soft") };
    this.width = this.element.clientWidth;
    if (!this.width) return;
    const isFirst = !this.scale;
    this.scale = Math.max(LEAST_PX_PER_SECOND, this.width / Math.max(this.piece.length, 1));
    this.space.style.setProperty("width", `${Math.max(this.width, Math.ceil(this.piece.length * this.scale))}px`);
    const sharp = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * sharp);
    this.canvas.height = Math.round(HEIGHT * sharp);
    this.canvas.style.setProperty("width", `${this.width}px`);
    this.canvas.style.setProperty("height", `${HEIGHT}px`);
    if (isFirst) this.show(this.#time, true);
    this.#draw();
  }

  #later() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    if (!this.width) return;
    const paper = this.canvas.getContext("2d"),
      sharp = this.canvas.width / this.width;
    const left = this.element.scrollLeft,
      from = left / this.scale,
      until = (left + this.width) / this.scale;
    paper.setTransform(sharp, 0, 0, sharp, 0, 0);
    paper.clearRect(0, 0, this.width, HEIGHT);
    this.#bars(paper, left, from, until);
    for (const note of this.piece.notes) {
      if (note.start > until) break;
      if (note.end >= from && note.part !== "drums") this.#note(paper, note, left);
    }
    paper.fillStyle = this.inks.play;
    paper.fillRect(this.#time * this.scale - left - 1, 0, 2, HEIGHT);
  }

  #bars(paper, left, from, until) {
    paper.fillStyle = this.inks.line;
    for (let bar = Math.floor(from / this.piece.bar); bar * this.piece.bar <= until; bar++) {
      paper.globalAlpha = bar % 4 ? 0.45 : 1;
      paper.fillRect(Math.round(bar * this.piece.bar * this.scale - left), 0, 1, HEIGHT);
    }
    paper.globalAlpha = 1;
  }

  /** A bar of colours, each as high as its component's responsibility; melody is taller than what accompanies it. */
  #note(paper, note, left) {
    const step = (HEIGHT - 2 * PAD) / (this.high - this.low);
    const tall = note.byModel ? Math.max(step * 1.7, 9) : Math.max(step * 0.7, 3);
    const x = note.start * this.scale - left,
      wide = Math.max(2, (note.end - note.start) * this.scale - 1);
    let y = HEIGHT - PAD - (note.pitch - this.low) * step - tall / 2;
    const sounds = note.start <= this.#time && this.#time < note.end;
    if (sounds && note.byModel) {
      paper.fillStyle = this.inks.ink;
      paper.fillRect(x - 2, y - 2, wide + 4, tall + 4);
    }
    note.parts.forEach((part, k) => {
      if (!part) return;
      const high = (tall * part) / 1e6,
        isLit = this.levels?.[k] !== 0 && (this.lit === null || this.lit === k);
      paper.globalAlpha = (isLit ? 1 : QUIET) * (note.byModel ? 1 : ACCOMPANIMENT);
      paper.fillStyle = isLit ? this.colours[k] : this.inks.soft;
      paper.fillRect(x, y, wide, high);
      y += high;
    });
    paper.globalAlpha = 1;
  }
}
