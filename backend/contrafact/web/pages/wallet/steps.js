// What is signed and sent, step by step, in words; and where each of them stands.
import { h, show } from "../shared/dom.js";
import { code, copyButton, decimal, when } from "../shared/format.js";
import { contractsNamed, meaningOf } from "./meanings.js";
import { facts, p, unfolds, written } from "./parts.js";

/** The steps of what `POST /v1/transactions/…` answered, in the order in which the wallet is asked. */
export function stepsOf({ messages, transactions }) {
  const refused = ({ simulation }) => (simulation?.outcome === "refused" ? simulation.error : null);
  return [
    ...messages.map((one) => ({ kind: "message", one, signer: one.signer, refused: null })),
    ...transactions.map((one) => ({ kind: "transaction", one, signer: one.from, refused: refused(one) })),
  ].map((step) => ({ ...step, done: null, sent: null, isAsked: false, what: whatOf(step.one) }));
}

/** What it does, without the details that `shows` has. */
function whatOf({ says, shows }) {
  const end = shows?.length ? says.indexOf(`. ${shows[0].label}:`) : -1;
  return end > 0 ? says.slice(0, end) : says;
}

const PROOFS = ["Order and salt"]; // numbers that say nothing to a reader
const SALT = "This number stands for the whole order, together with a random number (its “salt”) that only you chose.";

/** A step as an element of a list, with `state(name, …)` to say where it stands. `price`: wei per gas, or null;
 * `action`: of the page, if any. */
export function drawn(step, price, coin, action) {
  const { one, kind } = step, isMessage = kind === "message", meaning = meaningOf(one, action);
  const told = (value) => h("bdi", null, shortened(contractsNamed(value)));
  const rows = (some) => some.map(({ label, value }) => [label, told(value)]);
  const all = one.shows ?? [], shown = rows(all.filter((row) => !PROOFS.includes(row.label)));
  const proofs = rows(all.filter((row) => PROOFS.includes(row.label)));
  const standing = h("div", { class: "standing", role: "status" });
  const element = h("li", { class: "step" },
    p("kicker", isMessage ? "You sign a message" : "You send a transaction"),
    p("strong", step.what),
    meaning ? p("", meaning) : null,
    shown.length ? facts(shown) : null,
    isMessage ? p("small", "The network takes no fee for a signature.") : costs(one, price, coin),
    step.refused ? p("chip bad", "Would be refused") : null,
    unfolds("Technical details", proofs.length ? [facts(proofs), p("small", SALT)] : null,
      isMessage ? written(JSON.stringify(one.document, null, 2)) : technical(one)),
    standing);
  const state = (name, ...children) => {
    element.dataset.state = name;
    show(standing, ...children);
  };
  return { element, state };
}

/**
 * Text with its digests short, each with a button that copies all of it. Addresses stand there whole: another one that
 * looks the same when it is short is quickly made, and this is where it is decided who gets money and rights. Times
 * stand in the reader's zone, as on the page; what is signed, in the details, has the same moment. A title may hold
 * what only looks like a time, and stays as it is.
 */
const shortened = (text) =>
  text.split(/(0x[0-9a-fA-F]{40,}|[\d-]{10} [\d:]{8} UTC)/).map((part, at) => (at % 2 ? readable(part) : part));
const readable = (part) => (part.startsWith("0x") ? idOf(part) : moment(part));
const moment = (part) => {
  const time = part.replace(" UTC", "Z").replace(" ", "T");
  return Number.isNaN(Date.parse(time)) ? part : when(time);
};

const whole = (address) => h("span", null, h("span", { class: "code whole" }, address), copyButton(address));
const idOf = (id) => (id.length > 42 ? code(id, "id") : whole(id));

function costs(one, price, coin) {
  const value = BigInt(one.value ?? 0);
  const sent = value > 0n ? p("small", `It sends ${decimal(value, coin.decimals)} ${coin.symbol}.`) : null;
  const fee = one.gas && price !== null ? `about ${rounded(BigInt(one.gas) * price, coin)}` : "your wallet says it";
  const to = h("span", { class: "strong" }, one.contract);
  return [sent, p("small", "To the contract ", to, ` · network's fee: ${fee}`)];
}

/** To three digits: it is an estimate. */
function rounded(units, coin) {
  const all = decimal(units, coin.decimals), found = /^(\d+)\.(0*\d{1,3})/.exec(all);
  return `${found ? `${found[1]}.${found[2]}` : all} ${coin.symbol}`;
}

function technical(one) {
  const name = h("code", null, one.function);
  return facts([["Contract", code(one.to)], ["Function", name], ["Data", code(one.data, "data")]]);
}
