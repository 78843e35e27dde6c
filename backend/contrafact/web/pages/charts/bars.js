// Bars of amounts: one for each row, on an axis with its unit; the same as a table for who cannot see them.
import { h, svg } from "../shared/dom.js";
import { decimal } from "../shared/format.js";

const STEPS = [1n, 2n, 5n];

/**
 * `rows`: [{label (text or node), units, pending (BigInts), text}] of one token `{symbol, decimals}`; `text` is the amount
 * as people read it. `head` names what a row is. The style sheet is `charts/bars.css`.
 */
export function bars({ title, head, rows, token }) {
  const most = rows.reduce((highest, row) => max(highest, above(row.units) + above(row.pending)), 0n);
  const { ticks, end } = axis(most);
  const hasPending = rows.some((row) => row.pending > 0n);
  const legend = hasPending && h("p", { class: "small bars-legend" },
    h("span", { class: "bars-key" }), "final ", h("span", { class: "bars-key pending" }), "not final yet: the newest blocks are still being confirmed");
  return h("figure", { class: "bars" },
    h("figcaption", null, title, " ", h("span", { class: "small" }, `in ${token.symbol}`)),
    h("div", { class: "bars-plot", "aria-hidden": "true" },
      rows.map((row) => [h("span", { class: "bars-label" }, copied(row.label)), h("span", { class: "figure bars-value" }, amount(row, token)), bar(row, ticks, end)]),
      scale(ticks, end, token)),
    legend || null,
    table({ title, head, rows, token, hasPending }));
}

/** Round marks from nothing to the first that is not below `most`: at most six. */
function axis(most) {
  if (most <= 0n) return { ticks: [0n], end: 1n };
  let size = 1n;
  for (;;) {
    for (const one of STEPS) {
      const step = one * size, count = (most + step - 1n) / step;
      if (count <= 5n) return { ticks: Array.from({ length: Number(count) + 1 }, (_, i) => step * BigInt(i)), end: step * count };
    }
    size *= 10n;
  }
}

const above = (units) => (units > 0n ? units : 0n);
const max = (one, other) => (one > other ? one : other);
const place = (units, end) => `${Number((units * 100_000n) / end) / 1000}%`;
const copied = (label) => h("bdi", null, typeof label === "string" ? label : label.textContent); // links are in the table
const amount = (row, token) => decimal(row.units + row.pending, token.decimals);

function bar(row, ticks, end) {
  const lines = ticks.map((tick) => svg("line", { class: "bars-grid", x1: place(tick, end), x2: place(tick, end), y1: 0, y2: "100%" }));
  const final = above(row.units), more = above(row.pending);
  return svg("svg", { class: "bars-bar" }, lines,
    svg("rect", { class: "bars-final", x: 0, y: 5, height: 18, rx: 3, width: place(final, end) }),
    more > 0n && svg("rect", { class: "bars-pending", x: place(final, end), y: 5, height: 18, rx: 3, width: place(more, end) }));
}

function scale(ticks, end, token) {
  const last = ticks.length - 1;
  const texts = ticks.map((tick, i) => svg("text", { class: "bars-tick", x: place(tick, end), y: 15, "text-anchor": i === 0 ? "start" : i === last ? "end" : "middle" },
    decimal(tick, token.decimals)));
  return svg("svg", { class: "bars-bar bars-scale" }, texts);
}

function table({ title, head, rows, token, hasPending }) {
  const names = [head, `Final, ${token.symbol}`, ...(hasPending ? [`Not final yet, ${token.symbol}`] : [])];
  const cells = (row) => [row.units, ...(hasPending ? [row.pending] : [])].map((units) => h("td", { class: "number" }, decimal(units, token.decimals)));
  return h("details", null, h("summary", null, "The same as a table"),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
      h("table", null, h("caption", { class: "unseen" }, title),
        h("thead", null, h("tr", null, names.map((name, i) => h("th", { scope: "col", class: i ? "number" : null }, name)))),
        h("tbody", null, rows.map((row) => h("tr", null, h("th", { scope: "row" }, row.label), cells(row)))))));
}
