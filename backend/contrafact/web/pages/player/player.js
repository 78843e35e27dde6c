// The player of an order: sound, piano roll, sources on and off, shares over time.
//
//   mountPlayer(element, {order, only}) → {play, pause, destroy, ready}
//
// `order` is its id; `only` the id of a work: its part alone sounds and shines. What cannot be had is said in words.
// `ready` resolves when it can be used, or has said why not. The style sheet comes with it.
import { sharesChart, sharesTable } from "../charts/shares.js";
import { h, show, title } from "../shared/dom.js";
import { clock, percent } from "../shared/format.js";
import { busy, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";
import { notesOf, sharesOverTime, sounding } from "./ledger.js";
import { load } from "./loading.js";
import { Mixer } from "./mixer.js";
import { Roll } from "./roll.js";
import { Soundtrack } from "./soundtrack.js";
import { stemControls } from "./stems.js";
import { styled } from "./styled.js";

const STEP = 5; // seconds of an arrow key

export function mountPlayer(element, { order, only = null }) {
  const player = new Player(element, order, only);
  return { play: () => player.play(), pause: () => player.mixer?.pause(), destroy: () => player.destroy(), ready: player.ready };
}

class Player {
  constructor(element, order, only) {
    Object.assign(this, { element, order, only });
    element.classList.add("player");
    this.keys = (event) => this.key(event);
    element.addEventListener("keydown", this.keys);
    this.again = () => { this.clear(); this.ready = this.begin(); };
    wallet.addEventListener("session", this.again); // who has signed in may have more
    this.ready = Promise.all([styled(), this.begin()]);
  }

  async begin() {
    const mine = (this.begun = Symbol("begun"));
    show(this.element, busy("Fetching the notes …"));
    let found;
    try {
      found = await load(this.order, wallet.session);
    } catch (error) {
      if (mine === this.begun) show(this.element, problem(error));
      return;
    }
    if (mine === this.begun) this.build(found);
  }

  build(found) {
    this.found = found;
    this.lit = this.only ? componentOf(found, this.only) : null;
    this.names = ["The model itself", ...titles(found)];
    this.sounds = new Soundtrack(found, this.lit);
    this.mixer = new Mixer(found.piece?.length ?? found.record.request.seconds);
    this.mixer.addEventListener("state", () => this.state());
    show(this.element, this.says(), this.controls(), this.picture(), this.now(), this.sources(), this.table());
    this.state();
  }

  /** What cannot be had, and why. */
  says() {
    const { silence, piece } = this.found;
    const kind = { files: "", notes: "You hear its notes from a plain synthesiser, not its sound.", none: "" }[this.sounds.kind];
    const parts = [];
    if (silence) parts.push(h("p", { class: "strong" }, silence.message), h("p", null, kind || silence.hint || ""));
    else if (kind) parts.push(h("p", null, kind));
    if (!piece) parts.push(h("p", null, "Its notes are not open to you either, so there is nothing to show."));
    return parts.length ? h("div", { class: "notice", role: "note" }, parts) : null;
  }

  controls() {
    this.button = h("button", { type: "button", class: "button play", disabled: this.sounds.kind === "none", onclick: () => this.toggle() }, "Play");
    this.clock = h("span", { class: "figure small", "aria-hidden": "true" });
    this.slider = h("input", {
      type: "range", min: "0", max: String(this.mixer.length.toFixed(2)), step: "0.05", value: "0", "aria-label": "Place in the piece",
      oninput: () => this.seek(Number(this.slider.value)),
    });
    return h("div", { class: "transport" }, this.button, this.slider, this.clock);
  }

  picture() {
    const { piece } = this.found;
    if (!piece) return null;
    this.roll = new Roll(piece, this.lit, (time) => this.seek(time));
    const what = this.only ? `the notes that come from ${this.names[this.lit]} in colour` : "each note in the colours of where it comes from";
    this.roll.element.setAttribute("role", "group");
    this.roll.element.setAttribute("aria-label", `Piano roll, ${what}. Space plays and pauses, left and right move ${STEP} seconds.`);
    this.roll.element.tabIndex = 0;
    this.spans = sharesOverTime(piece);
    this.mark = h("span", { class: "mark" });
    return [this.roll.element, h("div", { class: "shares-strip" }, sharesChart(this.spans, this.mixer.length, this.lit), this.mark),
      h("p", { class: "small" }, "Above, the notes: tall ones are the melody that the model wrote and that shares are counted by, thin ones accompany it. Below, the shares bar by bar.")];
  }

  now() {
    this.words = h("p", { class: "sounding" });
    this.spoken = h("p", { class: "unseen", role: "status" }); // spoken when it stops or moves, not at each note
    return [this.words, this.spoken];
  }

  sources() {
    if (this.only || this.sounds.kind === "none" || !this.sounds.hasStems) return null;
    const shares = [this.found.record.base, ...this.found.record.sources].map((one) => one.share);
    const { element } = stemControls(this.names.map((name, k) => ({ name, share: shares[k] })), (levels) => this.balance(levels));
    return h("fieldset", { class: "mixer" }, h("legend", null, "What sounds"), element);
  }

  table() {
    if (!this.spans) return null;
    const counts = notesOf(this.found.piece);
    const notes = h("ul", null, this.names.map((name, k) => h("li", null, h("bdi", null, name), `: ${counts[k]} ${counts[k] === 1 ? "note is" : "notes are"} mostly from it`)));
    return h("details", null, h("summary", null, "The same as a table"), notes, sharesTable(this.spans, this.names));
  }

  async play() {
    if (!this.mixer || this.mixer.playing || this.sounds.kind === "none") return;
    try {
      await this.prepare(this.levels);
      await this.mixer.play();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Has the mixer ready for these levels (null: all, as delivered); shows that it is loading. */
  async prepare(levels) {
    this.button.disabled = true;
    this.button.textContent = "Loading …";
    try {
      const tracks = await this.sounds.tracks(levels);
      if (this.tracks !== tracks) this.mixer.use(tracks);
      this.tracks = tracks;
    } finally {
      this.state();
    }
  }

  async balance(levels) {
    this.levels = levels.every((level) => level === 1) ? null : levels;
    if (!this.tracks) return; // nothing was played yet: it is loaded then
    try {
      await this.prepare(this.levels);
      this.levels?.forEach((level, k) => this.mixer.setLevel(k, level));
    } catch (error) {
      this.fail(error);
    }
  }

  toggle() {
    if (this.mixer.playing) this.mixer.pause();
    else this.play();
  }

  seek(time) {
    this.mixer.seek(time);
    this.draw(true);
    this.speak();
  }

  state() {
    if (!this.button?.isConnected) return;
    this.button.disabled = this.sounds.kind === "none";
    this.button.textContent = this.mixer.playing ? "Pause" : "Play";
    this.element.dataset.state = this.mixer.playing ? "playing" : "paused";
    cancelAnimationFrame(this.frame);
    if (this.mixer.playing) this.frame = requestAnimationFrame(() => this.tick());
    else this.speak();
    this.draw(false);
  }

  tick() {
    if (this.mixer.ended()) return;
    this.draw(true);
    this.frame = requestAnimationFrame(() => this.tick());
  }

  draw(follows) {
    const { time, length } = this.mixer;
    this.slider.value = String(time);
    this.slider.setAttribute("aria-valuetext", `${clock(time)} of ${clock(length)}`);
    this.clock.textContent = `${clock(time)} / ${clock(length)}`;
    this.roll?.show(time, follows);
    this.mark?.style.setProperty("left", `${(100 * time) / length}%`);
    const words = this.source(time), text = words.map((one) => one.textContent ?? one).join("");
    if (this.words.textContent !== text) this.words.replaceChildren(...words);
  }

  /** Where the note that sounds comes from, in words: text, and elements with titles. */
  source(time) {
    const note = this.found.piece && sounding(this.found.piece.notes, time);
    if (!note) return this.found.piece ? ["A rest."] : [];
    const parts = note.parts.map((part, k) => [part, k]).filter(([part]) => part >= 50_000).sort((a, b) => b[0] - a[0]);
    const shares = parts.flatMap(([part, k]) => [", ", `${percent(Math.round(part / 1e4) * 1e4)} `, title(this.names[k])]);
    return ["This note: ", ...shares.slice(1), "."];
  }

  speak() {
    const { time } = this.mixer;
    if (!this.mixer.playing && this.spoken) this.spoken.replaceChildren(...(time > 0 ? [`${clock(time)}. `, ...this.source(time)] : []));
  }

  key(event) {
    if (!this.mixer || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event, isControl = target.closest("button, input, summary, a");
    if (event.key === " " && !isControl) { event.preventDefault(); this.toggle(); }
    const move = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (move && !(target instanceof HTMLInputElement)) { event.preventDefault(); this.seek(this.mixer.time + move); }
  }

  fail(error) {
    this.mixer.pause();
    this.element.querySelector(".notice.bad")?.remove();
    this.element.prepend(problem(error));
  }

  clear() {
    cancelAnimationFrame(this.frame);
    this.mixer?.close();
    this.roll?.destroy();
    this.mixer = this.roll = this.spans = this.tracks = null;
    this.levels = null;
  }

  destroy() {
    this.begun = null;
    wallet.removeEventListener("session", this.again);
    this.element.removeEventListener("keydown", this.keys);
    this.clear();
    this.element.replaceChildren();
  }
}

/** The titles of the works that notes come from, in the order of the components. */
function titles({ order, record }) {
  return record.sources.map(({ work }) => order.sources.find((source) => source.work === work)?.title ?? "A work without a title");
}

/** The component by which a work is paid: its own, or that of the recording that it is the composition of. */
function componentOf({ order, record }, work) {
  const own = record.sources.findIndex((source) => source.work === work);
  if (own >= 0) return own + 1;
  return order.sources.find((source) => source.work === work)?.through || null;
}
