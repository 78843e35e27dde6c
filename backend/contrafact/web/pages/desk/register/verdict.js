// What a file is like, in words. Pure, but for the elements that it makes.
import { h, title } from "../../shared/dom.js";
import { short } from "../../shared/format.js";

const HEADS = {
  new: "Nothing like it is registered here",
  copy: "It is registered already",
  version: "It is like a work that is registered",
  piece: "It is a piece that was made here",
};
const SAME = {
  file: "It is the very same file.",
  "source form": "It has the same notes.",
  fingerprint: "It is the same recording.",
  melody: "The melody is the same.",
  certificate: "Its certificate says so.",
};

export const head = (verdict) => (verdict ? HEADS[verdict.likeness] : "The file can be registered");

export const MELODY = "The melody as it is read from your file, and as pieces are compared with it:";

const INTROS = {
  new: ": new. Say what it is, and register it.",
  copy:
    ": a copy of what somebody else has registered. It cannot be registered again, unless you say that it is " +
    "yours by right.",
  version: ": see what it is like, and say what yours is to it.",
  piece:
    ": made to order from registered songs. It cannot be registered as a work, unless you say that it is yours " +
    "by right.",
};

/** After the file’s name: what it is, and what to do. `mine`: the reader registered this very file. */
export function intro(verdict, mine) {
  if (mine) return ": you have registered this very file.";
  if (!verdict) return ": this service compares nothing. It can be registered.";
  return INTROS[verdict.likeness];
}

/** With how many pieces that were made here the file could not be compared, if any; null else. */
export function notCompared(verdict) {
  const left = verdict?.pieces_not_compared;
  if (!left) return null;
  const pieces = left === 1 ? "One piece" : `${left} pieces`;
  return h(
    "p",
    { class: "notice" },
    `${pieces} that ${left === 1 ? "was" : "were"} made here could not be compared with it: their files are ` +
      "protected, or were not read yet. If it is one of them, it is no new work.",
  );
}

/** Why a work is taken for the same, or for a version: one sentence. */
function reason(one) {
  if (one.likeness === "copy") return moved(one) || SAME[one.evidence];
  const parts = [
    one.transposition === null ? "" : key(one.transposition),
    one.tempo === null ? "" : tempo(one.tempo),
  ].filter(Boolean);
  return `The melodies agree${parts.length ? `: yours is ${parts.join(" and ")}` : ""}.`;
}

/** "The same melody, 2 semitones higher, at 120 % of its speed."; empty where both are the same, or not known. */
function moved({ transposition, tempo: ratio }) {
  const otherKey = transposition !== null && transposition % 12 !== 0;
  const otherTempo = ratio !== null && Math.abs(ratio - 1) >= 0.02;
  const parts = [otherKey && key(transposition), otherTempo && tempo(ratio)].filter(Boolean);
  return parts.length ? `The same melody, ${parts.join(", ")}.` : "";
}

const key = (steps) =>
  steps % 12 === 0
    ? "in the same key"
    : `${steps % 12} semitone${steps % 12 === 1 ? "" : "s"} higher, apart from octaves`;
const tempo = (ratio) => (Math.abs(ratio - 1) < 0.02 ? "as fast" : `at ${Math.round(ratio * 100)} % of its speed`);

const range = ([first, last]) => (first === last ? `bar ${first}` : `bars ${first}–${last}`);

/** "your bars 1–8 are its bars 9–16", at most `most` of them. */
const bars = (one, most = 4) =>
  one.bars.slice(0, most).map((pair) => `your ${range(pair.file)}: its ${range(pair.work)}`);

/**
 * The work that a file is like, with the evidence. `own`: it is the reader's. `said` is what the reader states about
 * it: "", "version_of", "not_version_of" or "contests"; `state(value)` is called when that changes.
 */
export function resemblance(one, { licensor, own, said, state }) {
  const name = h("a", { href: `/works/${one.work}` }, title(one.title));
  const listed = bars(one);
  return h(
    "div",
    { class: "found" },
    h("h3", null, name, own && h("span", { class: "chip good" }, "yours")),
    h(
      "p",
      null,
      reason(one),
      ` Likeness ${Math.round(one.score * 100)} of 100.`,
      licensor && !own && h("span", { class: "soft" }, ` Licensor: ${short(licensor)}.`),
    ),
    listed.length > 0 &&
      h(
        "ul",
        { class: "bars", "aria-label": "Bars that agree" },
        listed.map((text) => h("li", { class: "chip" }, text)),
      ),
    listen(`/v1/works/${one.work}/sound.mp3`, `Listen to ${one.title ?? "the work"}`),
    one.likeness !== "new" && !own && choice(one, said, state),
  );
}

/** An order's piece that the file is, with the evidence; `said` and `state` are as of a resemblance. */
export function piece({ order, evidence }, { said, state }) {
  return h(
    "div",
    { class: "found" },
    h("h3", null, h("a", { href: `/orders/${order}` }, `The piece of order ${short(order)}`)),
    h(
      "p",
      null,
      SAME[evidence],
      " It was made to order from registered songs, whose holders it paid, and its page says what it may be used for. ",
      "It is no new work.",
    ),
    choice({ work: order, likeness: "copy" }, said, state, PIECE),
  );
}

const PIECE = {
  label: "What is in it is mine by right, and I say so",
  note:
    "Only if the music was taken from you: tick this, and you can register it all the same. What you say becomes " +
    "public with your registration:",
};

/** A sound to listen to, or that it cannot be heard. */
export function listen(src, label) {
  const audio = h("audio", { controls: true, preload: "none", src, "aria-label": label });
  audio.addEventListener("error", () => audio.replaceWith(h("p", { class: "soft" }, "It cannot be heard here.")));
  return audio;
}

function choice(one, said, state, words = null) {
  const options =
    one.likeness === "copy"
      ? [["contests", words?.label ?? "The registered work is mine by right, and I say so"]]
      : [
          ["version_of", "Mine is a version of it (an arrangement, a variant)"],
          ["not_version_of", "Mine is another work, whatever it looks like"],
          ["contests", "The registered work is mine by right, and I say so"],
        ];
  const note =
    words?.note ??
    (one.likeness === "copy"
      ? "Only if it was taken from you: tick this, and you can register it all the same. Others then see both, and " +
        "your statement. What you say becomes public with your registration:"
      : "Say what yours is to it. What you say becomes public with your registration:");
  return h(
    "fieldset",
    null,
    h("legend", null, "What is it?"),
    h("p", { class: "small" }, note),
    options.map(([value, label]) =>
      h(
        "div",
        null,
        h(
          "label",
          { class: "inline" },
          h("input", {
            type: options.length > 1 ? "radio" : "checkbox",
            name: `said-${one.work}`,
            value,
            checked: said === value,
            onchange: (event) => state(event.target.checked ? value : ""),
          }),
          label,
        ),
      ),
    ),
    h(
      "p",
      { class: "small", "data-contest": !words, hidden: Boolean(words) || said !== "contests" },
      "This tick opens no contest: your registration only states it, and the other work stays in use and is paid. ",
      "To stop its use, and to hold its money, ",
      h("a", { href: `/desk/contests?work=${one.work}` }, "open a contest"),
      " after it, with your reasons and a bond.",
    ),
    options.length > 1 &&
      h(
        "p",
        { class: "small" },
        "A version shares nothing by itself: whom you pay is what you write below. If you call it another work and it ",
        "is not, its holders can contest yours, and hold what it earns.",
      ),
  );
}

/** What still has to be said: works of others that the file is like, and of which nothing was stated. */
export const unsaid = (verdict, own, said) =>
  (verdict?.resemblances ?? []).filter((one) => one.likeness !== "new" && !own.has(one.work) && !said[one.work]);
