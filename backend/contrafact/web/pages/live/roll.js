// The notes as they sound: time runs to the left past a line, pitch goes up, colour says whose they are.
const WINDOW = 9; // seconds that are seen
const LINE = 0.7; // where "now" is, from the left
const LOWEST = 28, HIGHEST = 96;

export class Roll {
  #notes = [];
  #colours = [];

  constructor(canvas, sources) {
    this.canvas = canvas;
    this.sources = sources;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.#colours = []; });
  }

  add(bar) {
    for (const note of bar.notes) {
      const most = note.responsibilities.indexOf(Math.max(...note.responsibilities));
      this.#notes.push({ ...note, at: bar.begins + note.onset, most, sure: note.responsibilities[most] / 1_000_000 });
    }
    this.#notes = this.#notes.filter((note) => note.at > bar.begins - 2 * WINDOW);
  }

  /** Draws what there is at `time`, in seconds of the piece. */
  draw(time) {
    const { canvas } = this, scale = devicePixelRatio || 1;
    const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(wide * scale)) Object.assign(canvas, { width: Math.round(wide * scale), height: Math.round(high * scale) });
    const pen = canvas.getContext("2d"), x = (at) => (LINE + (at - time) / WINDOW) * wide;
    const y = (pitch) => high - ((pitch - LOWEST + 0.5) / (HIGHEST - LOWEST + 1)) * high;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, wide, high);
    const colours = this.#colour();
    for (const note of this.#notes) {
      const left = x(note.at), width = (note.duration / WINDOW) * wide;
      if (left > wide || left + width < 0) continue;
      const sounds = note.at <= time && time < note.at + note.duration, melody = note.part === "melody";
      pen.globalAlpha = (note.at > time ? 0.45 : 1) * (melody ? 0.4 + 0.6 * note.sure : 0.4);
      pen.fillStyle = colours[note.most];
      pen.beginPath();
      const thick = (melody ? 9 : 5) + (sounds && !this.still.matches ? 3 : 0);
      pen.roundRect(left, y(note.pitch) - thick / 2, Math.max(width - 1.5, 2), thick, 3);
      pen.fill();
    }
    pen.globalAlpha = 1;
    pen.fillStyle = colours.at(-1);
    pen.fillRect(LINE * wide, 0, 1.5, high);
  }

  /** Of the base, of each source, and of the line. */
  #colour() {
    if (!this.#colours.length) {
      const style = getComputedStyle(document.documentElement);
      const names = ["--source-base", ...Array.from({ length: this.sources }, (_, i) => `--source-${i + 1}`), "--ink"];
      this.#colours = names.map((name) => style.getPropertyValue(name));
    }
    return this.#colours;
  }
}
