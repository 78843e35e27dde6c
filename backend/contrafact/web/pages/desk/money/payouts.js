// Payouts: what can be had now, by account, from training pools, thresholds, and payments that arrived.
import { get, post } from "../../shared/api.js";
import { byId, h, show } from "../../shared/dom.js";
import { code, money, percent, when } from "../../shared/format.js";
import { busy, empty, notice, problem } from "../../shared/notices.js";
import { wallet } from "../../wallet/wallet.js";
import { facts, indexed, refused, section, workLink } from "./parts.js";
import { thresholds } from "./threshold.js";

const root = byId("payouts");
if (root) begin();

function begin() {
  const told = facts(root), path = `/v1/holders/${told.holder}`;
  const reload = (quietly = true) => {
    const balances = get(`${path}/balances`), waiting = get(`${path}/waiting`);
    const options = { quietly };
    section(byId("now"), () => Promise.all([balances, waiting]), ([have, waits]) => now(have, waits, act, told), options);
    section(byId("places"), () => balances, places, options);
    section(byId("pools"), () => waiting, (waits) => pools(waits, act, told), options);
    section(byId("threshold"), () => waiting, (waits) => thresholds(waits.thresholds, act, told), options);
    section(byId("payments"), () => get(`${path}/payments?limit=20`), (found) => payments(found, path), options);
  };
  const act = (name, body, title, done) => perform(name, body, title, done, reload);
  reload(false);
}

/** Prepares, has the wallet sign and send, waits for the index, and draws the page anew. */
async function perform(name, body, title, done, reload) {
  const said = byId("said");
  try {
    show(said, busy("Preparing …"));
    const steps = await post(`/v1/transactions/${name}`, body);
    show(said, busy("Waiting for your wallet …"));
    const { hashes } = await wallet.perform(steps, { title });
    show(said, busy("Done. The numbers here follow in a moment …"));
    await indexed(hashes);
    reload();
    show(said, notice("good", h("p", null, done)));
  } catch (error) {
    if (error.code === "cancelled") show(said, notice("", h("p", null, "You said no in your wallet. Nothing happened, and nothing is lost.")));
    else show(said, error.status === 401 ? refused(error, reload) : problem(error));
  }
}

function now({ totals, places: rows }, waits, act, { holder }) {
  const parts = totals.filter((one) => one.claimable.units !== "0");
  const waitsToo = totals.some((one) => one.pending.units !== "0");
  const cards = [];
  if (parts.length) {
    const count = rows.filter((row) => row.claimable.units !== "0");
    const button = h("button", { type: "button", class: "button", onclick: () => act("claim", { sender: holder, together: true }, "Claim what you earned", "Claimed. It is in your wallet.") }, "Claim all of it");
    cards.push(h("div", { class: "card next" }, h("div", null, parts.map((one) => h("p", { class: "total-sum" }, money(one.claimable))),
      h("p", { class: "small" }, `from ${count.length === 1 ? "one account" : `${count.length} accounts`}. ${prompts(count)}`)), button));
  }
  for (const { at, amount } of waits.owed) {
    const token = amount.token;
    cards.push(h("div", { class: "card next" }, h("div", null, h("p", { class: "total-sum" }, money(amount)),
      h("p", { class: "small" }, at === "desk" ? "bonds that came back to you and could not be sent" : "that could not be sent to your wallet when it was paid out")),
    h("button", { type: "button", class: "button quiet", onclick: () => act("withdraw-owed", { sender: holder, token, at }, "Have what waited sent", "Sent. It is in your wallet.") }, "Have it sent again")));
  }
  if (!cards.length) cards.push(empty(rows.length ? "There is nothing to claim: what you earned has reached your wallet." : "There is nothing to claim yet. What your works earn shows here as soon as it is paid for."));
  if (waitsToo) cards.push(h("p", { class: "small" }, "Of what you earned, ", totals.filter((one) => one.pending.units !== "0").map((one) => money(one.pending)), " is not final yet: it came in the newest blocks."));
  return cards;
}

function prompts(rows) {
  const open = rows.some((row) => row.status === "unconfirmed");
  if (rows.length === 1) return "Your wallet asks you once.";
  return open ? "Your wallet asks you twice: to confirm that your parts are your own, and to pay everything at once." : "Your wallet asks you once for all of it.";
}

const STATUS = {
  confirmed: ["good", "Confirmed", "paid automatically"],
  unconfirmed: ["warn", "Not confirmed", "claim it, then later money comes automatically"],
  readdressed: ["", "Readdressed", "paid to another address, by the licensor’s doing"],
};

function places({ places: rows }) {
  if (!rows.length) return empty("No work of yours has earned anything yet.");
  const head = ["Work", "Your part", "Earned", "Not final yet", "Held", "Paid", "Available now", ""];
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Accounts" }, h("table", null,
    h("caption", { class: "unseen" }, "Your accounts: a work, a split and a token each"),
    h("thead", null, h("tr", null, head.map((name, i) => h("th", { scope: "col", class: i && i < 7 ? "number" : null }, name || h("span", { class: "unseen" }, "Payouts"))))),
    h("tbody", null, rows.map(place))));
}

function place(row) {
  const [kind, name, says] = STATUS[row.status];
  const held = row.held.units === "0" ? "—" : [money(row.held), " ", h("a", { href: `/desk/contests?work=${row.work}`, class: "small" }, "why?")];
  const number = (...children) => h("td", { class: "number" }, children);
  return h("tr", null, h("th", { scope: "row" }, workLink(row.work, row.title)), number(percent(row.share)), number(money(row.earned)),
    number(row.pending.units === "0" ? "—" : money(row.pending)), number(held), number(money(row.drawn)), number(money(row.claimable)),
    h("td", null, h("span", { class: `chip ${kind}` }, name), h("span", { class: "small" }, ` ${says}`)));
}

function pools({ epochs }, act, { holder }) {
  if (!epochs.length) return h("p", null, "No pool has anything for you now. What pools paid you stands below, among what reached your wallet.");
  const rows = epochs.map((one) => h("li", null, h("strong", null, money(one.amount)), " is your part of epoch ", String(one.epoch), " of the model ", h("a", { href: `/models/${one.model}` }, h("bdi", null, one.name || "without a name")),
    ", because it learnt from works of yours. You can claim it at least until ", when(one.open_until), "."));
  return [h("ul", null, rows), h("p", { class: "actions" }, h("button", { type: "button", class: "button", onclick: () => act("claim-epochs", { sender: holder }, "Claim from training pools", "Claimed. It is in your wallet.") }, "Claim from training pools"))];
}

function payments({ rows, following }, path) {
  if (!rows.length) return empty("Nothing has reached your wallet yet.");
  const body = h("tbody", null, rows.map(payment));
  const table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Payments" }, h("table", null, h("caption", { class: "unseen" }, "Payments to your wallet, newest first"),
    h("thead", null, h("tr", null, ["When", "From", "Amount", "Transaction", "State"].map((name) => h("th", { scope: "col", class: name === "Amount" ? "number" : null }, name)))), body));
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
  const from = row.training ? ["training pool of ", h("a", { href: `/models/${row.work}` }, h("bdi", null, row.title || "a model"))] : workLink(row.work, row.title);
  return h("tr", null, h("td", null, when(row.at)), h("td", null, from), h("td", { class: "number" }, money(row.amount)), h("td", null, code(row.transaction, "transaction")),
    h("td", null, row.confirmed ? h("span", { class: "chip good" }, "Final") : h("span", { class: "chip warn" }, "Not final yet")));
}
