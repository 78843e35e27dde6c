// Payouts: what can be had now, by account, from training pools, thresholds, and payments that arrived.
import { get, post } from "../../shared/api.js";
import { byId, h, show } from "../../shared/dom.js";
import { money, when } from "../../shared/format.js";
import { busy, empty, notice, problem } from "../../shared/notices.js";
import { wallet } from "../../wallet/wallet.js";
import { accounts, minimum } from "./accounts.js";
import { facts, indexed, refused, section } from "./parts.js";
import { payments } from "./payments.js";
import { thresholds } from "./threshold.js";

const root = byId("payouts");
if (root) begin();

function begin() {
  const told = facts(root),
    path = `/v1/holders/${told.holder}`;
  const reload = (quietly = true) => {
    const balances = get(`${path}/balances`),
      waiting = get(`${path}/waiting`);
    const both = Promise.all([balances, waiting]);
    const fill = (id, load, draw) => section(byId(id), load, draw, { quietly });
    fill(
      "now",
      () => both,
      ([have, waits]) => now(have, waits, act, told),
    );
    fill(
      "places",
      () => both,
      ([have, waits]) => accounts(have.places, waits.thresholds),
    );
    fill(
      "pools",
      () => waiting,
      (waits) => pools(waits, act, told),
    );
    fill(
      "threshold",
      () => waiting,
      (waits) => thresholds(waits.thresholds, act, told),
    );
    fill(
      "payments",
      () => get(`${path}/payments?limit=20`),
      (found) => payments(found, path),
    );
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
    if (error.code === "cancelled")
      show(said, notice("", h("p", null, "You said no in your wallet. Nothing happened, and nothing is lost.")));
    else show(said, error.status === 401 ? refused(error, reload) : problem(error));
  }
}

function now({ totals, places: rows }, waits, act, { holder }) {
  const parts = totals.filter((one) => one.claimable.units !== "0");
  const fresh = totals.filter((one) => one.pending.units !== "0");
  const claim = { sender: holder, together: true };
  const cards = [];
  if (parts.length) {
    const open = rows.filter((row) => row.claimable.units !== "0");
    const from = `from ${open.length === 1 ? "one account" : `${open.length} accounts`}. ${prompts(open)}`;
    cards.push(
      card(
        [parts.map((one) => sum(one.claimable)), small(from), minimums(open, waits.thresholds)],
        "Claim all of it",
        () => act("claim", claim, "Claim what you earned", "Claimed. It is in your wallet."),
        "button",
      ),
    );
  }
  for (const { at, amount } of waits.owed) {
    const asked = { sender: holder, token: amount.token, at };
    cards.push(
      card([sum(amount), small(OWED[at])], "Have it sent again", () =>
        act("withdraw-owed", asked, "Have what waited sent", "Sent. It is in your wallet."),
      ),
    );
  }
  if (!cards.length) cards.push(empty(rows.length ? ALL_PAID : NOTHING_YET));
  const amounts = fresh.map((one, number) => [number ? " and " : "", money(one.pending)]);
  if (fresh.length)
    cards.push(small(["Of what you earned, ", amounts, " is not final yet: it is in the newest blocks."]));
  return cards;
}

const ALL_PAID = "There is nothing to claim: what you earned has reached your wallet.";
const NOTHING_YET = "There is nothing to claim yet. What your works earn shows here as soon as it is paid for.";
const OWED = {
  desk: "bonds that came back to you and could not be sent",
  escrow: "that could not be sent to your wallet when it was paid out",
};

const sum = (amount) => h("p", { class: "total-sum" }, money(amount));
const small = (words) => h("p", { class: "small" }, words);

const card = (words, label, onclick, kind = "button quiet") =>
  h("div", { class: "card next" }, h("div", null, words), h("button", { type: "button", class: kind, onclick }, label));

/** Why what is confirmed did not come by itself: the least amounts that the holder has set. */
function minimums(rows, thresholds) {
  const waits = new Set(rows.map((row) => minimum(row, thresholds)?.text).filter(Boolean));
  if (!waits.size) return null;
  return small(
    `What is confirmed waits for your minimum of ${[...waits].join(" and ")} in an account. Claim it any time.`,
  );
}

function prompts(rows) {
  const open = rows.some((row) => row.status === "unconfirmed");
  if (rows.length === 1) return "Your wallet asks you once.";
  return open
    ? "Your wallet asks you twice: to confirm that your parts are your own, and to pay everything at once."
    : "Your wallet asks you once for all of it.";
}

function pools({ epochs }, act, { holder }) {
  if (!epochs.length)
    return h(
      "p",
      null,
      "No pool has anything for you now. What pools paid you stands below, among what reached your wallet.",
    );
  const rows = epochs.map((one) =>
    h(
      "li",
      null,
      h("strong", null, money(one.amount)),
      " is your part of epoch ",
      String(one.epoch),
      " of the model ",
      h("a", { href: `/models/${one.model}` }, h("bdi", null, one.name || "without a name")),
      ", because it learnt from works of yours. You can claim it at least until ",
      when(one.open_until),
      ".",
    ),
  );
  return [
    h("ul", null, rows),
    h(
      "p",
      { class: "actions" },
      h(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () =>
            act("claim-epochs", { sender: holder }, "Claim from training pools", "Claimed. It is in your wallet."),
        },
        "Claim from training pools",
      ),
    ),
  ];
}
