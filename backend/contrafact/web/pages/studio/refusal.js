// Why a piece may not be made, and buttons that change what hinders it.
import { h } from "../shared/dom.js";
import { percent, use as inWords } from "../shared/format.js";
import { showOwner } from "./catalogue.js";
import { facts } from "./facts.js";
import { permitted } from "./fitting.js";
import { session } from "./session.js";
import { WHOLE, capped } from "./weights.js";
import { named, titled, worksIn } from "./words.js";

/** What the service says of it, with what can be done. */
export function refusal(reason) {
  const { message, hint, less } = nothingOf() ?? tooMuch(reason) ?? reason,
    concerned = worksIn(message);
  const drop = concerned.map((one) => button(() => session.remove(one.work), "Remove “", titled(one), "”"));
  return h(
    "div",
    { class: "notice warn refused" },
    h("p", { class: "strong" }, "This piece cannot be made."),
    h("p", null, named(message)),
    h("p", null, named(hint)),
    h("div", { class: "actions" }, [less || [], otherUses(concerned), owners(message, concerned), drop].flat()),
  );
}

const button = (onclick, ...words) =>
  h("button", { type: "button", class: "button quiet small", onclick }, h("span", null, words)); // one run of text

/** Songs that stand at nothing. */
function nothingOf() {
  const absent = session.sources.filter((one) => one.weight === 0);
  if (!absent.length) return null;
  const message = absent.map((one) => `Work ${one.work} stands at 0 %.`).join(" ");
  return { message, hint: absent.length === 1 ? "Give it some, or take it out." : "Give them some, or take them out." };
}

/** A song of which its owner permits less: to how much it can be set, which is less where it may rise as it plays. */
function tooMuch({ message }) {
  const [over] = worksIn(message);
  if (!message.includes("permits a weight") || !over?.most) return null;
  const rise = session.use === "live" && session.sources.length > 1 ? facts.drift : 0,
    caps = session.sources.map(({ most = WHOLE }) => (most < WHOLE ? Math.max(0, most - rise) : WHOLE)),
    set = capped(session.weights, caps)?.[session.sources.indexOf(over)],
    start = over.most - rise,
    points = `Each song may rise by ${rise / 10_000} points while it plays, so `;
  const can = set
    ? `it may begin at ${percent(start)} at most.`
    : start > 0
      ? `it may begin at ${percent(start)} at most, and others must take the rest. Add another song.`
      : "there is no live piece that it can be in with others.";
  return {
    message: `Work ${over.work} may be ${percent(over.most)} of a piece at most.`,
    hint: rise ? points + can : set ? "Its owner permits no more." : "Others must take the rest. Add another song.",
    less: set && button(() => session.cap(caps), `Set it to ${percent(set)}`),
  };
}

function otherUses(concerned) {
  if (!concerned.some((one) => one.uses?.includes(session.use) === false)) return [];
  return permitted().map((use) => button(() => session.set("use", use), `Make it for ${inWords(use)} instead`));
}

function owners(message, concerned) {
  if (!message.includes("combined")) return [];
  const alone = concerned.filter((one) => one.combinable === false && one.licensor);
  return alone.map((one) => button(() => showOwner(one.licensor), "Show this owner’s songs"));
}
