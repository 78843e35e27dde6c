// Which buffers sound: the mix as delivered while all sources are on, else the stems; or the notes, synthesised.
import { soundFile, synthesised } from "./sounds.js";

export class Soundtrack {
  #buffers = new Map();
  #mix = null;
  #split = null;

  /** `found` of `load`; `lit`: the component whose part alone sounds, or null. */
  constructor(found, lit) {
    Object.assign(this, { found, lit });
    const { mix, stems, piece } = found;
    const hasFile = lit === null ? mix : stems[lit];
    /** "files", "notes" (synthesised) or "none". */
    this.kind = hasFile ? "files" : piece ? "notes" : "none";
    this.hasStems = this.kind === "notes" || stems.every(Boolean);
  }

  /** What the mixer plays; `levels` of the components, null for all of them as delivered. Raises ApiError. */
  async tracks(levels) {
    if (this.lit !== null) return (this.#mix ??= [{ buffer: await this.#stem(this.lit), level: 1 }]);
    if (levels === null || levels === undefined) return (this.#mix ??= [{ buffer: await this.#whole(), level: 1 }]);
    if (!this.#split) {
      const buffers = await Promise.all(this.found.stems.map((_, k) => this.#stem(k)));
      this.#split = buffers.map((buffer) => ({ buffer, level: 1 }));
    }
    levels.forEach((level, k) => {
      this.#split[k].level = level;
    });
    return this.#split;
  }

  #whole() {
    return this.#once("mix", () => (this.kind === "files" ? soundFile(this.found.mix) : this.#tones(() => 1)));
  }

  #stem(k) {
    return this.#once(k, () =>
      this.kind === "files" ? soundFile(this.found.stems[k]) : this.#tones((note) => note.parts[k] / 1e6),
    );
  }

  #tones(levelOf) {
    return synthesised(this.found.piece.notes, this.found.piece.length, levelOf);
  }

  /** A failure is not kept: it is tried anew. */
  #once(key, make) {
    if (!this.#buffers.has(key)) {
      const made = make();
      made.catch(() => this.#buffers.delete(key));
      this.#buffers.set(key, made);
    }
    return this.#buffers.get(key);
  }
}
