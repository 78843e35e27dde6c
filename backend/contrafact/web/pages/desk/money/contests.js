// Contests of works: those that touch the holder, what they hold, and what can be done about them.
import { get, post } from "../../shared/api.js";
import { byId, h, show } from "../../shared/dom.js";
import { code, money, percent, units, when } from "../../shared/format.js";
import { busy, empty, notice, problem } from "../../shared/notices.js";
import { wallet } from "../../wallet/wallet.js";
import { contestForm } from "./contest_form.js";
import { inWords as plainly } from "../mistyped.js";
import { facts, indexed, refused, section, workLink } from "./parts.js";

const root = byId("contests");
if (root) begin();

async function begin() {
  const told = facts(root), only = /^0x[0-9a-f]{64}$/.exec(new URLSearchParams(location.search).get("work") ?? "")?.[0];
  const path = `/v1/contests?limit=100&touching=${told.holder}${only ? `&work=${only}` : ""}`;
  const reload = (quietly = true) => section(byId("list"), () => get(path), ({ rows }) => list(rows, told, act, only), { quietly });
  const act = (name, body, title, done) => perform(name, body, title, done, reload);
  reload(false);
  section(byId("rules"), () => get("/v1/contests/rules"), (rules) => {
    show(byId("form"), contestForm(rules, told, act, only));
    return inWords(rules);
  });
}

async function perform(name, body, title, done, reload) {
  const said = byId("said");
  try {
    show(said, busy("Preparing …"));
    const { hashes } = await wallet.perform(await post(`/v1/transactions/${name}`, body), { title });
    show(said, busy("Done. This page follows in a moment …"));
    await indexed(hashes);
    reload();
    show(said, notice("good", h("p", null, done)));
    return true;
  } catch (error) {
    if (error.code === "cancelled") show(said, notice("", h("p", null, "You said no in your wallet. Nothing happened, and what you wrote is still here.")));
    else show(said, error.status === 401 ? refused(error, reload) : problem(plainly(error)));
    said.scrollIntoView({ block: "nearest" });
    return false;
  }
}

function inWords(rules) {
  return h("details", null, h("summary", null, "What it costs, and what happens next"), h("ul", null,
    h("li", null, "Anybody may contest a work. It costs a bond of at least ", money(rules.min_bond), ", and the fee of the transaction."),
    h("li", null, `You may leave a further bond for the money that the work earns from now on: each unit holds up to ${rules.hold_ratio} units of what comes in. What came in before is never touched.`),
    h("li", null, `The arbiter has ${rules.ruling_days} days. If you are awarded anything, that part of what is held goes to the holders whom you named, and all your bonds come back.`),
    h("li", null, "If you are awarded nothing, your bonds go to the work’s licensor."),
    h("li", null, "You may withdraw at any time before the ruling: the bond of ", money(rules.min_bond), " then goes to the licensor, because a work was blocked; the rest comes back."),
    h("li", null, "If nobody rules in time, anybody may end the contest: all bonds go back, and what was held is the holders’ again.")));
}

function list(rows, told, act, only) {
  const every = only ? h("p", null, "Of one work only. ", h("a", { href: "/desk/contests" }, "All that touch you")) : null;
  if (!rows.length) return [every, empty("No contest touches you: nobody contests a work of yours, and you contest none.")];
  return [every, rows.map((row) => card(row, told, act))];
}

const STATES = { open: ["warn", "Open"], ruled: ["good", "Decided"], withdrawn: ["", "Withdrawn"], lapsed: ["", "Ended without a ruling"] };

function card(row, told, act) {
  const mine = row.claimant.toLowerCase() === told.holder.toLowerCase();
  const [kind, name] = row.overdue ? ["warn", "Open, its time is over"] : STATES[row.state];
  const fact = (term, ...what) => [h("dt", null, term), h("dd", null, what)];
  return h("article", { class: "card contest" },
    h("div", { class: "row" }, h("h3", null, workLink(row.work, row.title)), h("span", { class: `chip ${kind} end` }, name)),
    h("p", null, mine ? `Contest ${row.number}, by you: you say that its royalties belong to others than its split has.` : [`Contest ${row.number}, by `, code(row.claimant), ": who says that its royalties belong to others than its split has."]),
    h("p", { class: "strong" }, next(row, mine)),
    h("dl", { class: "facts" }, fact("Opened", when(row.opened_at), row.confirmed ? null : " (not final yet)"), fact("Decided by", when(row.ruling_until), " at the latest"),
      fact("Shares claimed", "a split with the fingerprint ", code(row.claimant_split, "split"), "; who is in it, the claimant tells the arbiter"),
      fact("Bond", money(row.bond)), fact("Held", row.holds.length ? h("ul", null, row.holds.map((hold) => h("li", null, held(hold)))) : "nothing: the claimant left no bond for money"),
      fact("Reasons", "a document with the SHA-256 ", code(row.evidence, "digest")), fact("Transaction", code(row.transaction, "transaction"))),
    row.state === "open" && !row.overdue ? whatToDo(mine) : null,
    row.overdue ? ending(row, told, act) : null,
    mine && row.state === "open" && !row.overdue ? actions(row, told, act) : null);
}

const ARBITER = "The arbiter is the account, or the board, that the ledger’s administration gave this role. How to write to it is not on the ledger: the operator of this site tells you.";

/** What both sides can do until it is decided. */
function whatToDo(mine) {
  const own = mine
    ? ["Send the arbiter the file with your reasons, exactly as it was saved on your device, and the list of holders that you named: the ledger has only their fingerprints.", "You may hold more of what comes in, or withdraw the contest, below."]
    : ["You need not do anything on this page, and nobody can make you pay.", "Send the arbiter what shows that the work is yours: drafts, dated files, contracts, statements of others. Name this contest by its number.",
      "The claimant must send the arbiter the reasons whose fingerprint stands above. You can ask to see them, and compare the fingerprint (SHA-256).", "If the arbiter awards nothing, what was held is paid out to you, and the claimant’s bonds go to the work’s licensor."];
  return h("details", { open: !mine }, h("summary", null, mine ? "What you do now" : "What you can do"), h("ul", null, [...own, ARBITER].map((text) => h("li", null, text))));
}

/** Nobody ruled in time: anybody may end it, who pays the fee of the transaction. */
function ending(row, told, act) {
  const end = () => act("lapse-contest", { sender: told.holder, contest: row.number }, "End a contest", "It is ended. All bonds went back, and what was held is the holders’ again.");
  return h("p", { class: "actions" }, h("button", { type: "button", class: "button", onclick: end }, "End this contest"));
}

function held(hold) {
  if (hold.awarded !== null) return [money(hold.awarded), " of it went to the claimant’s side"];
  return [money(hold.held), " is held now, of at most ", money(hold.most), ", by a bond of ", money(hold.bond)];
}

function next(row, mine) {
  if (row.overdue) return "Nobody ruled in time. Anybody may end it now; then all bonds go back, and what was held is the holders’ again.";
  if (row.state === "open") return mine ? "The arbiter decides. Until then the work enters no new piece." : "The arbiter decides. Until then the work enters no new piece; what came in before is yours, and what is held is neither paid nor lost.";
  if (row.state === "ruled") return row.part ? `The arbiter awarded ${percent(row.part)} of what was held to the claimant’s side.${row.part === 1_000_000 ? " The work enters no new piece any more." : ""}` : "The arbiter awarded nothing. The bonds went to the licensor.";
  return row.state === "withdrawn" ? "The claimant withdrew it. What was held is the holders’ again." : "Nobody ruled in time. The bonds went back, and what was held is the holders’ again.";
}

function actions(row, told, act) {
  const id = `hold-${row.number}`, wrong = h("p", { class: "wrong", "aria-live": "polite" });
  const token = h("select", { id: `${id}-token` }, [...told.tokens.values()].map((one) => h("option", { value: one.token }, one.symbol)));
  const amount = h("input", { id: `${id}-bond`, type: "text", inputmode: "decimal", autocomplete: "off" });
  const submit = (event) => {
    event.preventDefault();
    const { decimals, symbol } = told.tokenOf(token.value), bond = units(amount.value, decimals);
    show(wrong, bond ? "" : `Write an amount of ${symbol} above nothing, for instance 1000 or 0.50.`);
    if (!bond) return amount.focus();
    act("hold", { sender: told.holder, work: row.work, contest: row.number, token: token.value, bond: String(bond) }, "Hold what the work earns", "What comes in from now on is held.");
  };
  const withdraw = () => act("withdraw-contest", { sender: told.holder, contest: row.number }, "Withdraw your contest", "Withdrawn. What of your bonds comes back is in your wallet.");
  return [h("details", null, h("summary", null, "Hold what the work earns from now on"), h("form", { onsubmit: submit, novalidate: true },
    h("div", { class: "inline-form" }, h("div", null, h("label", { for: token.id }, "Money in"), token), h("div", null, h("label", { for: amount.id }, "Your bond"), amount), h("button", { type: "submit", class: "button quiet" }, "Hold")), wrong)),
  h("p", { class: "actions" }, h("button", { type: "button", class: "button quiet", onclick: withdraw }, "Withdraw this contest"))];
}
