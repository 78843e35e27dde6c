// Shares over time: a stacked bar for each span of bars, computed from the notes in exact integers.
import { h, svg } from "../shared/dom.js";
import { clock, percent } from "../shared/format.js";
import { colourOf } from "../shared/sources.js";

const WIDTH = 1000,
  HEIGHT = 64;

/**
 * The picture; `spans` of `sharesOverTime`, `length` in seconds, `lit` a component or null. Hidden from screen readers:
 * `sharesTable` says the same.
 */
export function sharesChart(spans, length, lit = null) {
  const place = (time) => (time / length) * WIDTH;
  const bars = spans
    .filter(({ shares }) => shares)
    .flatMap(({ start, end, shares }) => {
      let below = 0;
      return shares.map((share, k) => {
        const high = (share / 1e6) * HEIGHT,
          y = below;
        below += high;
        const kind = `${colourOf(k)} share${lit === null || lit === k ? "" : " dim"}`;
        return svg("rect", {
          class: kind,
          x: place(start).toFixed(2),
          width: Math.max(0.5, place(end) - place(start) - 1.5).toFixed(2),
          y: y.toFixed(2),
          height: high.toFixed(2),
        });
      });
    });
  return svg(
    "svg",
    { class: "shares-chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    bars,
  );
}

/** The same as a table; `names` of the components, the base first. */
export function sharesTable(spans, names) {
  const head = h(
    "tr",
    null,
    h("th", { scope: "col" }, "Bars"),
    h("th", { scope: "col" }, "From"),
    names.map((name) => h("th", { scope: "col", class: "number" }, h("bdi", null, name))),
  );
  const rows = spans.map(({ start, bars, shares }) =>
    h(
      "tr",
      null,
      h("th", { scope: "row" }, bars[0] === bars[1] ? String(bars[0]) : `${bars[0]}–${bars[1]}`),
      h("td", null, clock(start)),
      names.map((_, k) => h("td", { class: "number" }, shares ? percent(shares[k]) : "—")),
    ),
  );
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Shares over time" },
    h(
      "table",
      null,
      h("caption", null, "Share of each source, by bars"),
      h("thead", null, head),
      h("tbody", null, rows),
    ),
  );
}
