// An offer in words: the most it can cost, where that is expected to go, and what comes back.
import { h } from "../shared/dom.js";
import { code, money, percent } from "../shared/format.js";
import { colourOf } from "../shared/sources.js";
import { session } from "./session.js";
import { named, titled, worksIn } from "./words.js";

/** Why this may not be made, and what to change. */
export function refusal({ message, hint }) {
  const drop = worksIn(message).map((one) =>
    h(
      "button",
      { type: "button", class: "button quiet small", onclick: () => session.remove(one.work) },
      "Remove “",
      titled(one),
      "”",
    ),
  );
  return h(
    "div",
    { class: "notice warn refused" },
    h("p", { class: "strong" }, "This piece cannot be made."),
    h("p", null, named(message)),
    h("p", null, named(hint)),
    drop.length > 0 && h("div", { class: "actions" }, drop),
  );
}

/** `offer` of the API; the colours are those of the places that its works have. */
export function offerView(offer) {
  const rows = rowsOf(offer);
  return [
    h("p", { class: "most" }, "At most ", h("span", { class: "amount" }, money(offer.escrow))),
    h(
      "p",
      { class: "small" },
      "You pay this in. Once the piece is made, the owners are paid for what is in it, and the rest comes back to you.",
    ),
    offer.drift > 0 &&
      h("p", { class: "small" }, `While it plays, you can move each song by up to ${percent(offer.drift)} either way.`),
    bar(rows, BigInt(offer.escrow.units)),
    h("ul", { class: "goes" }, rows.map(legend)),
    holders(offer),
  ];
}

function rowsOf(offer) {
  const own = offer.sources.filter((one) => !one.through),
    through = offer.sources.filter((one) => one.through);
  const source = (one, place) => ({
    colour: colourOf(place),
    what: titled(one),
    amount: one.expected,
    note: ["at least ", money(one.least)],
  });
  return [
    ...own.map((one, i) => source(one, i + 1)),
    ...through.map((one) => source(one, one.through)),
    {
      colour: "s0",
      what: "Songs the model learnt from",
      upTo: offer.most_pool,
      note: `up to ${percent(offer.max_base_share)} of the piece; what they get, the others do not`,
    },
    { colour: "fee", what: "Making it", amount: offer.operator_fee, note: "this service’s fee" },
    ...(BigInt(offer.expected_refund.units)
      ? [{ colour: "back", what: "Back to you", amount: offer.expected_refund, note: "about" }]
      : []),
  ];
}

function bar(rows, whole) {
  const parts = rows.filter((row) => row.amount && BigInt(row.amount.units) > 0n);
  return h(
    "div",
    { class: "stack tall", "aria-hidden": "true" },
    parts.map((row) =>
      h("span", {
        class: row.colour,
        style: { width: `${Number((BigInt(row.amount.units) * 100_000n) / (whole || 1n)) / 1000}%` },
      }),
    ),
  );
}

const legend = (row) =>
  h(
    "li",
    { class: row.colour },
    h("span", { class: "dot", "aria-hidden": "true" }),
    h("span", { class: "what" }, row.what, h("span", { class: "small" }, " ", row.note)),
    row.upTo ? h("span", { class: "figure" }, "up to ", money(row.upTo)) : money(row.amount),
  );

function holders(offer) {
  const rows = offer.sources.flatMap((one) => one.holders.map((part) => [one, part]));
  if (!rows.length) return null;
  const lines = rows.map(([one, part]) =>
    h(
      "tr",
      null,
      h("td", null, titled(one)),
      h("td", null, code(part.holder)),
      h("td", { class: "number" }, percent(part.share)),
      h("td", { class: "number" }, money(part.amount)),
    ),
  );
  const head = h(
    "tr",
    null,
    ["Song", "Holder", "Holds", "Gets about"].map((name, i) =>
      h("th", { scope: "col", class: i > 1 ? "number" : "" }, name),
    ),
  );
  return h(
    "details",
    null,
    h("summary", null, "Who gets it"),
    h("div", { class: "scroll" }, h("table", null, h("thead", null, head), h("tbody", null, lines))),
    h(
      "p",
      { class: "small" },
      "How much of each song is in the piece is measured once it is made; these are the amounts if it is as you asked.",
    ),
  );
}
