// What is being made: sources, use, music. It outlives a reload, and says "change" whenever it changes.
import { capped, equal, joined, moved, without } from "./weights.js";

const KEPT = "contrafact.session";
export const MOST = 8;
const LIVE_SECONDS = 180;
const EMPTY = {
  sources: [],
  lead: null,
  use: "private",
  readers: [],
  touched: [],
  music: {
    seconds: 30,
    tempo: 120,
    key: "G",
    mode: "major",
    metre: "4/4",
    harmony: true,
    bass: true,
    drums: false,
    "play-melody": "flute",
    "play-harmony": "guitar",
    "play-bass": "bass",
  },
};

export const usual = EMPTY.music;

class Session extends EventTarget {
  constructor() {
    super();
    const before = kept();
    Object.assign(this, structuredClone(EMPTY), before, { music: { ...usual, ...before.music } });
  }

  get weights() {
    return this.sources.map((one) => one.weight);
  }
  has(work) {
    return this.sources.some((one) => one.work === work);
  }
  get isFull() {
    return this.sources.length >= MOST;
  }

  /** Adds a work of the API. Sources stand by their ids, as in the order that is paid, and so do their colours. */
  add(work, tempo) {
    if (this.has(work.work) || this.isFull) return;
    const weights = joined(this.weights);
    const { title, key, metre, licensor, terms } = work;
    const known = { licensor, uses: terms?.uses, combinable: terms?.combinable, most: terms?.max_weight };
    const all = [...this.sources, { work: work.work, title, key, metre, tempo, ...known }];
    this.sources = all.map((one, i) => ({ ...one, weight: weights[i] })).sort((a, b) => (a.work < b.work ? -1 : 1));
    if (this.sources.length === 1) this.lead = work.work;
    this.#follow();
    this.#changed();
  }

  remove(work) {
    const place = this.sources.findIndex((one) => one.work === work);
    const weights = without(this.weights, place);
    this.#weigh(
      this.sources.filter((one) => one.work !== work),
      weights,
    );
    if (this.lead === work) this.lead = this.sources[0]?.work ?? null;
    this.#follow();
    this.#changed();
  }

  /** An empty one, with the use and the music as before, and nobody named. */
  clear() {
    Object.assign(this, { sources: [], lead: null, readers: [] });
    this.#changed();
  }

  /** `base`: the weights from before the hand took hold of the slider, so that it can go back. */
  move(place, weight, base = this.weights) {
    this.#weigh(this.sources, moved(base, place, weight));
    this.#changed("weights");
  }

  equalise() {
    this.#weigh(this.sources, equal(this.sources.length));
    this.#changed("weights");
  }

  /** As much of each as now, but none above its `most`. */
  cap(most) {
    this.#weigh(this.sources, capped(this.weights, most));
    this.#changed("weights");
  }

  set(name, value) {
    if (name === "use") this.#useFor(value);
    else {
      this.music = { ...this.music, [name]: value };
      this.touched = [...new Set([...this.touched, name])];
    }
    this.#changed();
  }

  /** Who else may hear it, where it is private: age recipients. */
  name(readers) {
    this.readers = readers;
    this.#changed();
  }

  /** What the API is asked for. */
  request() {
    const { seconds, tempo, key, mode, metre, ...rest } = this.music;
    const parts = ["melody", "harmony", "bass"]
      .filter((part) => part === "melody" || rest[part])
      .map((part) => `${part}=${rest[`play-${part}`]}`);
    const sources = this.sources.map(({ work, weight }) => ({ work, weight }));
    const readers = this.use === "private" && this.readers.length ? { readers: this.readers } : {};
    return {
      sources,
      use: this.use,
      ...readers,
      music: { seconds, tempo, key, mode, metre, parts: rest.drums ? [...parts, "drums"] : parts },
    };
  }

  /** A live piece is proposed long enough to be steered, as only what was played is paid for; until a length is chosen. */
  #useFor(use) {
    this.use = use;
    if (this.touched.includes("seconds")) return;
    this.music = { ...this.music, seconds: use === "live" ? LIVE_SECONDS : usual.seconds };
  }

  #weigh(sources, weights) {
    this.sources = sources.map((one, i) => ({ ...one, weight: weights[i] }));
  }

  /** Key, metre and tempo are the first song's, as long as nobody chose others. */
  #follow() {
    const lead = this.sources.find((one) => one.work === this.lead);
    if (!lead) return;
    const [key, mode] = (lead.key ?? "").split(" ");
    const wanted = { key, mode, metre: lead.metre, tempo: lead.tempo };
    for (const [name, value] of Object.entries(wanted)) {
      if (value && !this.touched.includes(name)) this.music = { ...this.music, [name]: value };
    }
  }

  #changed(what = "all") {
    const { sources, lead, use, readers, touched, music } = this;
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ sources, lead, use, readers, touched, music }));
    } catch {
      /* a full or forbidden storage: the page works until it is left */
    }
    this.dispatchEvent(new CustomEvent("change", { detail: what }));
  }
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

export const session = new Session();
