// An offer in words: the most it can cost, where that is expected to go, and what comes back.
import { h } from "../shared/dom.js";
import { code, money, percent } from "../shared/format.js";
import { colourOf } from "../shared/sources.js";
import { titled } from "./words.js";

/** `offer` of the API; the colours are those of the places that its works have. */
export function offerView(offer) {
  const rows = rowsOf(offer);
  return [
    h("p", { class: "most" }, "At most ", h("span", { class: "amount" }, money(offer.escrow))),
    h(
      "p",
      { class: "small" },
      `${dearest(offer)} for each started half minute, and this service’s fee. You pay this in. `,
      "Once the piece is made, the owners are paid for what is in it, and the rest comes back to you.",
    ),
    offer.drift > 0 &&
      h("p", { class: "small" }, `While it plays, you can move each song by up to ${percent(offer.drift)} either way.`),
    bar(rows, BigInt(offer.escrow.units)),
    h("p", { class: "small" }, "If the piece is as you asked:"),
    h("ul", { class: "goes" }, rows.map(legend), sum(offer)),
    limits(offer),
    holders(offer),
  ];
}

/** What the most is reckoned from, as the contract does: the dearest song (with what it records), or the model. */
function dearest({ sources, base_rate: base }) {
  const own = sources.filter((one) => !one.through).map((one) => BigInt(one.price.units));
  for (const one of sources) if (one.through) own[one.through - 1] += BigInt(one.price.units);
  return own.every((price) => price < BigInt(base.units)) ? "The model’s own price" : "The dearest song’s price";
}

/** What the most is expected to be divided into: the rows sum to it exactly. */
function rowsOf(offer) {
  const own = offer.sources.filter((one) => !one.through),
    through = offer.sources.filter((one) => one.through);
  const source = (one, place) => ({
    colour: colourOf(place),
    what: titled(one),
    amount: one.expected,
    isFree: !BigInt(one.price.units),
  });
  const rows = [
    ...own.map((one, i) => source(one, i + 1)),
    ...through.map((one) => source(one, one.through)),
    { colour: "s0", what: "Songs the model learnt from", amount: offer.expected_pool },
    { colour: "fee", what: "Making it", amount: offer.operator_fee, note: "this service’s fee" },
    { colour: "back", what: "Back to you", amount: offer.expected_refund, note: "what is not used" },
  ];
  return rows.filter((row) => row.isFree || BigInt(row.amount.units));
}

/** What it may be instead, for who wants to know. */
function limits(offer) {
  const least = offer.sources.map((one) => h("li", null, titled(one), " gets at least ", money(one.least), "."));
  const share = `up to ${percent(offer.max_base_share)} of the piece`;
  const most = ` at most, for ${share}. What they get, the others do not.`;
  const pool = h("li", null, "Songs the model learnt from: ", money(offer.most_pool), most);
  return h(
    "details",
    null,
    h("summary", null, "What can come out differently"),
    h("p", { class: "small" }, "How much of each song is in the piece is measured once it is made."),
    h("ul", null, least, pool),
  );
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
    h("span", { class: "what" }, row.what, row.note && h("span", { class: "small" }, " ", row.note)),
    row.isFree ? h("span", { class: "figure" }, "free") : money(row.amount),
  );

const sum = (offer) =>
  h("li", { class: "sum" }, h("span", { class: "what" }, "Together, what you pay in"), money(offer.escrow));

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
    ["Song", "Owner", "Owns", "Gets about"].map((name, i) =>
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
