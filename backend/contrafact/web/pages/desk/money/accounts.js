// A holder's accounts: a work, a split and a token each, with what is there and when it is paid.
import { h } from "../../shared/dom.js";
import { money, percent } from "../../shared/format.js";
import { empty } from "../../shared/notices.js";
import { workLink } from "./parts.js";

const STATUS = {
  confirmed: ["good", "Confirmed", "paid automatically"],
  unconfirmed: ["warn", "Not confirmed", "claim it, then later money comes automatically"],
  readdressed: ["", "Readdressed", "paid to another address, by the licensor’s doing"],
};

const HEAD = ["Work", "Your part", "Earned", "Not final yet", "Held", "Paid", "Available now", ""];

/** The least amount that an account's money waits for, null where it does not: payouts of less are not made. */
export function minimum(row, thresholds) {
  const least = thresholds.find((one) => one.token === row.claimable.token);
  const waits = row.status === "confirmed" && least && BigInt(row.claimable.units) < BigInt(least.units);
  return waits && row.claimable.units !== "0" ? least : null;
}

/** `rows` as the balances have them, `thresholds` as what waits has them. */
export function accounts(rows, thresholds) {
  if (!rows.length) return empty("No work of yours has earned anything yet.");
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Accounts" },
    h(
      "table",
      { class: "stacked" },
      h("caption", { class: "unseen" }, "Your accounts: a work, a split and a token each"),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          HEAD.map((name, i) =>
            h(
              "th",
              { scope: "col", class: i && i < 7 ? "number" : null },
              name || h("span", { class: "unseen" }, "Payouts"),
            ),
          ),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map((row) => place(row, minimum(row, thresholds))),
      ),
    ),
  );
}

function place(row, least) {
  const [kind, name, usual] = STATUS[row.status];
  const says = least ? `waits for your minimum of ${least.text}` : usual;
  const held =
    row.held.units === "0"
      ? "—"
      : [money(row.held), " ", h("a", { href: `/desk/contests?work=${row.work}`, class: "small" }, "why?")];
  const number = (column, ...children) => h("td", { class: "number", "data-label": HEAD[column] }, children);
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, workLink(row.work, row.title)),
    number(1, percent(row.share)),
    number(2, money(row.earned)),
    number(3, row.pending.units === "0" ? "—" : money(row.pending)),
    number(4, held),
    number(5, money(row.drawn)),
    number(6, money(row.claimable)),
    h("td", null, h("span", { class: `chip ${kind}` }, name), h("span", { class: "small" }, ` ${says}`)),
  );
}
