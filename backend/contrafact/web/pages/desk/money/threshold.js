// The least amount of an automatic payout, for each token.
import { h, show } from "../../shared/dom.js";
import { decimal, units } from "../../shared/format.js";

/** A form for each token; `act(name, body, title, done)` performs an action. */
export function thresholds(rows, act, { holder, tokenOf }) {
  return rows.map((row) => form(row, act, holder, tokenOf(row.token)));
}

function form(row, act, holder, token) {
  const id = `threshold-${row.token}`,
    none = row.units === "0";
  const wrong = h("p", { class: "wrong", id: `${id}-wrong`, "aria-live": "polite" });
  const input = h("input", {
    id,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    value: decimal(row.units, token.decimals),
    "aria-describedby": `${id}-says ${id}-wrong`,
  });
  const says = h(
    "p",
    { class: "small", id: `${id}-says` },
    none
      ? "Now: everything is paid as it comes in."
      : `Now: payouts come once ${row.text} or more has gathered in an account.`,
  );
  const submit = (event) => {
    event.preventDefault();
    const amount = units(input.value, token.decimals);
    input.setAttribute("aria-invalid", String(amount === null));
    show(
      wrong,
      amount === null
        ? `Write an amount of ${token.symbol} with at most ${token.decimals} decimals, for instance 1000 or 0.50.`
        : "",
    );
    if (amount === null) return input.focus();
    act(
      "set-threshold",
      { sender: holder, token: row.token, amount: String(amount) },
      "Set your minimum payout",
      "Set. It counts from the next payout on.",
    );
  };
  return h(
    "form",
    { onsubmit: submit, novalidate: true, class: "threshold" },
    h(
      "div",
      { class: "inline-form" },
      h("div", null, h("label", { for: id }, `Minimum payout in ${token.symbol}`), input),
      h("button", { type: "submit", class: "button quiet" }, "Set"),
    ),
    says,
    wrong,
  );
}
