// The sources of the piece as cards in their colours, with sliders that always sum to 100 %.
import { byId, h, show, title } from "../shared/dom.js";
import { colourOf } from "../shared/sources.js";
import { listening } from "./listening.js";
import { MOST, session } from "./session.js";
import { WHOLE } from "./weights.js";

const place = byId("sources");
let cards = [];

export function mountCards() {
  session.addEventListener("change", ({ detail }) => (detail === "weights" ? weigh() : draw()));
  listening.addEventListener("change", draw);
  draw();
}

function draw() {
  const focused = document.activeElement?.id;
  if (!session.sources.length) {
    cards = [];
    return show(
      place,
      h(
        "div",
        { class: "empty" },
        h("p", null, "No song yet. Listen to some, and add the first."),
        h("p", null, h("a", { href: "#text" }, "Search songs")),
      ),
    );
  }
  cards = session.sources.map(card);
  const even = h(
    "button",
    { type: "button", id: "equalise", class: "button quiet small", onclick: () => session.equalise() },
    "Same of each",
  );
  const count = h("p", { class: "small" }, `${session.sources.length} of ${MOST} songs`);
  show(
    place,
    stack(),
    h(
      "ul",
      { class: "sources" },
      cards.map((one) => one.element),
    ),
    h("div", { class: "row" }, count, session.sources.length > 1 && h("span", { class: "end" }, even)),
  );
  weigh();
  if (focused && document.activeElement?.id !== focused)
    (byId(focused) ?? (focused.startsWith("drop-") ? byId("session-title") : null))?.focus();
}

const stack = () =>
  h(
    "div",
    { class: "stack", "aria-hidden": "true" },
    session.sources.map((_, i) => h("span", { class: colourOf(i + 1) })),
  );

function card(source, i) {
  const name = source.title || "Untitled",
    alone = session.sources.length === 1;
  let base = null; // the weights from before this slider was taken hold of
  const slide = h("input", {
    type: "range",
    id: `slide-${source.work}`,
    min: 0,
    max: 100,
    step: 1,
    disabled: alone,
    "aria-label": `How much of ${name}`,
  });
  slide.addEventListener("input", () => session.move(i, Number(slide.value) * 10_000, (base ??= session.weights)));
  slide.addEventListener("change", () => {
    base = null;
  });
  const number = h("input", {
    type: "number",
    id: `number-${source.work}`,
    min: 0,
    max: 100,
    step: 0.1,
    disabled: alone,
    "aria-label": `Percent of ${name}`,
  });
  number.addEventListener("change", () => {
    if (number.value === "") return weigh(); // nothing was written: it stays as it was
    session.move(i, Math.round(Number(number.value) * 10_000));
  });
  const heard = listening.work === source.work;
  const hear = h(
    "button",
    {
      type: "button",
      id: `again-${source.work}`,
      class: "plain",
      "aria-label": `${heard ? "Stop" : "Listen to"} ${name}`,
      onclick: () => listening.toggle(source),
    },
    heard ? "Stop" : "Listen",
  );
  const drop = h(
    "button",
    {
      type: "button",
      id: `drop-${source.work}`,
      class: "plain",
      "aria-label": `Remove ${name}`,
      onclick: () => session.remove(source.work),
    },
    "Remove",
  );
  const element = h(
    "li",
    { class: `card source ${colourOf(i + 1)}`, "data-work": source.work },
    h(
      "div",
      { class: "head" },
      h(
        "div",
        { class: "what" },
        h("span", { class: "strong" }, title(source.title)),
        h("span", { class: "small" }, [source.key, source.metre].filter(Boolean).join(" · ")),
      ),
      h("span", null, hear, " ", drop),
    ),
    h("div", { class: "weight" }, slide, h("span", { class: "number" }, number, "%")),
  );
  return { element, slide, number };
}

/** The weights, as they are now, into the cards that stand. */
function weigh() {
  const bars = place.querySelectorAll(".stack > span");
  session.weights.forEach((weight, i) => {
    const { slide, number } = cards[i],
      percent = weight / 10_000;
    if (document.activeElement !== slide || Math.abs(Number(slide.value) - percent) >= 1) slide.value = percent;
    slide.setAttribute("aria-valuetext", `${percent} percent`);
    if (document.activeElement !== number || Number(number.value) !== percent) number.value = percent;
    bars[i].style.setProperty("width", `${(100 * weight) / WHOLE}%`);
  });
}
