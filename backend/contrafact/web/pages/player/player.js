// The player of an order: sound, piano roll, sources on and off, shares over time.
//
//   mountPlayer(element, {order, only}) → {play, pause, destroy, ready}
//
// `order` is its id; `only` the id of a work: its part alone sounds and shines. What cannot be had is said in words.
// `ready` resolves when it can be used, or has said why not. The style sheet comes with it.
import { sharesChart } from "../charts/shares.js";
import { h, show } from "../shared/dom.js";
import { clock } from "../shared/format.js";
import { busy, notice, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";
import { firstBar, sharesOverTime, sounding } from "./ledger.js";
import { load } from "./loading.js";
import { Mixer } from "./mixer.js";
import { Roll } from "./roll.js";
import { Soundtrack } from "./soundtrack.js";
import { stemControls } from "./stems.js";
import { styled } from "./styled.js";
import { Transport } from "./transport.js";
import { componentOf, explanation, LEGEND, namesOf, partOf, rollLabel, sourcesOf, tables } from "./words.js";

const STEP = 5; // seconds of an arrow key

export function mountPlayer(element, { order, only = null }) {
  const player = new Player(element, order, only);
  return {
    play: () => player.play(),
    pause: () => player.mixer?.pause(),
    destroy: () => player.destroy(),
    ready: player.ready,
  };
}

class Player {
  constructor(element, order, only) {
    Object.assign(this, { element, order, only });
    element.classList.add("player");
    this.keys = (event) => this.key(event);
    element.addEventListener("keydown", this.keys);
    this.again = () => {
      this.clear();
      this.ready = this.begin();
    };
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
    if (this.only && !this.lit) {
      show(this.element, notice("", h("p", null, "This piece has no note of this work.")));
      return;
    }
    this.names = namesOf(found);
    this.sounds = new Soundtrack(found, this.lit);
    this.mixer = new Mixer(found.piece?.length ?? found.record.request.seconds);
    this.mixer.addEventListener("state", () => this.state());
    show(
      this.element,
      explanation(found, this.sounds.kind),
      this.controls(),
      this.picture(),
      this.now(),
      this.sources(),
      this.spans && tables(found.piece, this.names, this.spans),
    );
    if (this.lit && found.piece) this.seek(firstBar(found.piece, this.lit));
    this.state();
  }

  controls() {
    this.transport = new Transport({
      length: this.mixer.length,
      isSilent: this.sounds.kind === "none",
      toggle: () => this.toggle(),
      seek: (time) => this.seek(time),
    });
    return this.transport.element;
  }

  picture() {
    const { piece } = this.found;
    if (!piece) return null;
    this.roll = new Roll(piece, this.lit, (time) => this.seek(time));
    this.roll.element.setAttribute("role", "group");
    this.roll.element.setAttribute("aria-label", rollLabel(this.lit && this.names[this.lit], STEP));
    this.roll.element.tabIndex = 0;
    this.spans = sharesOverTime(piece);
    this.mark = h("span", { class: "mark" });
    return [
      this.roll.element,
      h("div", { class: "shares-strip" }, sharesChart(this.spans, this.mixer.length, this.lit), this.mark),
      h("p", { class: "small" }, LEGEND),
    ];
  }

  now() {
    this.words = h("p", { class: "sounding" });
    this.spoken = h("p", { class: "unseen", role: "status" }); // spoken when it stops or moves, not at each note
    return [this.words, this.spoken];
  }

  sources() {
    if (this.only || this.sounds.kind === "none" || !this.sounds.hasStems) return null;
    const shares = [this.found.record.base, ...this.found.record.sources].map((one) => one.share);
    const { element } = stemControls(
      this.names.map((name, k) => ({ name, share: shares[k] })),
      (levels) => this.balance(levels),
    );
    return h("fieldset", { class: "mixer" }, h("legend", null, "What sounds"), element);
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
    this.transport.loading();
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
    this.roll?.fade(levels);
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
    if (!this.transport?.element.isConnected) return;
    this.transport.state(this.mixer.playing);
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
    this.transport.show(time);
    this.roll?.show(time, follows);
    this.mark?.style.setProperty("left", `${(100 * time) / length}%`);
    const told = this.told(time), text = told.map((one) => one.textContent ?? one).join("");
    if (this.words.textContent !== text) this.words.replaceChildren(...told);
  }

  told(time) {
    const { piece } = this.found;
    if (!piece) return [];
    const note = sounding(piece.notes, time);
    return this.lit ? partOf(note, this.lit, this.names) : sourcesOf(note, this.names);
  }

  speak() {
    const { time, playing } = this.mixer;
    if (!playing && this.spoken)
      this.spoken.replaceChildren(...(time > 0 ? [`${clock(time)}. `, ...this.told(time)] : []));
  }

  key(event) {
    if (!this.mixer || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event,
      isControl = target.closest("button, input, summary, a");
    if (event.key === " " && !isControl) {
      event.preventDefault();
      this.toggle();
    }
    const move = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (move && !(target instanceof HTMLInputElement)) {
      event.preventDefault();
      this.seek(this.mixer.time + move);
    }
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
