// A contest as both sides see it, and what each can do about it.
import { h, show } from "../../shared/dom.js";
import { code, money, percent, units, when } from "../../shared/format.js";
import { arbitersOf, next, whatToDo } from "./contest_words.js";
import { workLink } from "./parts.js";

const STATES = {
  open: ["warn", "Open"],
  ruled: ["good", "Decided"],
  withdrawn: ["", "Withdrawn"],
  lapsed: ["", "Ended without a ruling"],
};

/** A contest as a card: what is contested, by whom, what is held, who decides, and what can be done. */
export function contestCard(row, told, act) {
  const mine = row.claimant.toLowerCase() === told.holder.toLowerCase();
  const [kind, name] = row.overdue ? ["warn", "Open, its time is over"] : STATES[row.state];
  const fact = (term, ...what) => [h("dt", null, term), h("dd", null, what)];
  return h(
    "article",
    { class: "card contest" },
    h(
      "div",
      { class: "row" },
      h("h3", null, workLink(row.work, row.title)),
      h("span", { class: `chip ${kind} end` }, name),
    ),
    h(
      "p",
      null,
      `Contest ${row.number}. Its royalties belong to others than are paid now, say`,
      mine ? " you." : ["s ", code(row.claimant)],
    ),
    h("p", { class: "strong" }, next(row, mine)),
    h(
      "dl",
      { class: "facts" },
      fact("Opened", when(row.opened_at), row.confirmed ? null : " (not final yet)"),
      fact("Who decides", arbitersOf(told.arbiters)),
      fact("Until when", when(row.ruling_until), " at the latest"),
      fact(
        "Paid now",
        row.holders.length ? holders(row.holders) : "no document that can be had here names the holders",
      ),
      fact("Paid by the claim", claimed(row)),
      fact("Bond", money(row.bond)),
      fact(
        "Held",
        row.holds.length
          ? h(
              "ul",
              null,
              row.holds.map((hold) => h("li", null, held(hold))),
            )
          : "nothing: the claimant left no bond for money",
      ),
      fact("Reasons", "a document with the SHA-256 ", code(row.evidence, "digest")),
      fact("Transaction", code(row.transaction, "transaction")),
    ),
    row.state === "open" && !row.overdue ? whatToDo(mine, told.arbiters) : null,
    row.overdue ? ending(row, told, act) : null,
    mine && row.state === "open" && !row.overdue ? actions(row, told, act) : null,
  );
}

const holders = (rows) =>
  h(
    "ul",
    null,
    rows.map((row) => h("li", null, code(row.holder), ` ${percent(row.share)}`)),
  );

/** Whom the claimant names: the ledger has only the fingerprint of the list. */
const claimed = (row) =>
  row.claimed.length
    ? holders(row.claimed)
    : [
        "holders with the fingerprint ",
        code(row.claimant_split, "split"),
        "; who they are, the claimant tells the arbiter",
      ];

/** Nobody ruled in time: anybody may end it, who pays the fee of the transaction. */
function ending(row, told, act) {
  const end = () =>
    act(
      "lapse-contest",
      { sender: told.holder, contest: row.number },
      "End a contest",
      "It is ended. All bonds went back, and what was held is the holders’ again.",
    );
  return h(
    "p",
    { class: "actions" },
    h("button", { type: "button", class: "button", onclick: end }, "End this contest"),
  );
}

function held(hold) {
  if (hold.awarded !== null) return [money(hold.awarded), " of it went to the claimant’s side"];
  return [money(hold.held), " is held now, of at most ", money(hold.most), ", by a bond of ", money(hold.bond)];
}

function actions(row, told, act) {
  const id = `hold-${row.number}`,
    wrong = h("p", { class: "wrong", "aria-live": "polite" });
  const token = h(
    "select",
    { id: `${id}-token` },
    [...told.tokens.values()].map((one) => h("option", { value: one.token }, one.symbol)),
  );
  const amount = h("input", { id: `${id}-bond`, type: "text", inputmode: "decimal", autocomplete: "off" });
  const submit = (event) => {
    event.preventDefault();
    const { decimals, symbol } = told.tokenOf(token.value),
      bond = units(amount.value, decimals);
    show(wrong, bond ? "" : `Write an amount of ${symbol} above nothing, for instance 1000 or 0.50.`);
    if (!bond) return amount.focus();
    act(
      "hold",
      { sender: told.holder, work: row.work, contest: row.number, token: token.value, bond: String(bond) },
      "Hold what the work earns",
      "What comes in from now on is held.",
    );
  };
  const withdraw = () =>
    act(
      "withdraw-contest",
      { sender: told.holder, contest: row.number },
      "Withdraw your contest",
      "Withdrawn. What of your bonds comes back is in your wallet.",
    );
  return [
    h(
      "details",
      null,
      h("summary", null, "Hold what the work earns from now on"),
      h(
        "form",
        { onsubmit: submit, novalidate: true },
        h(
          "div",
          { class: "inline-form" },
          h("div", null, h("label", { for: token.id }, "Money in"), token),
          h("div", null, h("label", { for: amount.id }, "Your bond"), amount),
          h("button", { type: "submit", class: "button quiet" }, "Hold"),
        ),
        wrong,
      ),
    ),
    h(
      "p",
      { class: "actions" },
      h("button", { type: "button", class: "button quiet", onclick: withdraw }, "Withdraw this contest"),
    ),
  ];
}
