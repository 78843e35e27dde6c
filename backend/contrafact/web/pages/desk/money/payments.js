// What reached the wallet, newest first, a page at a time.
import { get } from "../../shared/api.js";
import { h, show } from "../../shared/dom.js";
import { code, money, when } from "../../shared/format.js";
import { empty } from "../../shared/notices.js";
import { refused, workLink } from "./parts.js";

export function payments({ rows, following }, path) {
  if (!rows.length) return empty("Nothing has reached your wallet yet.");
  const body = h("tbody", null, rows.map(payment));
  const table = h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Payments" },
    h(
      "table",
      { class: "stacked" },
      h("caption", { class: "unseen" }, "Payments to your wallet, newest first"),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          ["When", "From", "Amount", "Transaction", "State"].map((name) =>
            h("th", { scope: "col", class: name === "Amount" ? "number" : null }, name),
          ),
        ),
      ),
      body,
    ),
  );
  if (!following) return table;
  let after = following;
  const button = h("button", { type: "button", class: "button quiet" }, "Earlier payments");
  const says = h("div", { "aria-live": "polite" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const found = await get(`${path}/payments?limit=20&after=${encodeURIComponent(after)}`);
      body.append(...found.rows.map(payment));
      after = found.following;
      says.replaceChildren();
    } catch (error) {
      show(says, refused(error));
    }
    button.disabled = false;
    button.hidden = !after;
  });
  return [table, h("div", { class: "actions" }, button, says)];
}

function payment(row) {
  const from = row.training
    ? ["training pool of ", h("a", { href: `/models/${row.work}` }, h("bdi", null, row.title || "a model"))]
    : workLink(row.work, row.title);
  return h(
    "tr",
    null,
    h("td", null, when(row.at)),
    h("td", { "data-label": "From" }, from),
    h("td", { class: "number", "data-label": "Amount" }, money(row.amount)),
    h("td", { "data-label": "Transaction" }, code(row.transaction, "transaction")),
    h(
      "td",
      null,
      row.confirmed ? h("span", { class: "chip good" }, "Final") : h("span", { class: "chip warn" }, "Not final yet"),
    ),
  );
}
