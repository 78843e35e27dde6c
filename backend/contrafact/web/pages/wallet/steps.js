// What is signed and sent, step by step, in words; and where each of them stands.
import { h, show } from "../shared/dom.js";
import { code, decimal } from "../shared/format.js";

/** The steps of what `POST /v1/transactions/…` answered, in the order in which the wallet is asked. */
export function stepsOf({ messages, transactions }) {
  return [
    ...messages.map((one) => ({ kind: "message", one, signer: one.signer, refused: null })),
    ...transactions.map((one) => ({ kind: "transaction", one, signer: one.from, refused: one.simulation?.outcome === "refused" ? one.simulation.error : null })),
  ].map((step, number) => ({ ...step, number: number + 1, done: null, sent: null, what: whatOf(step.one) }));
}

/** What it does, without the details that `shows` has. */
function whatOf({ says, shows }) {
  const end = shows?.length ? says.indexOf(`. ${shows[0].label}:`) : -1;
  return end > 0 ? says.slice(0, end) : says;
}

/** A step as an element of a list, with `state(kind, …)` to say where it stands. `fees`: wei per gas, or null. */
export function drawn(step, fees, coin) {
  const { one, kind } = step;
  const facts = (one.shows ?? []).flatMap(({ label, value }) => [h("dt", null, label), h("dd", null, h("bdi", null, value))]);
  const standing = h("div", { class: "standing", role: "status" });
  const element = h("li", { class: "step" },
    h("p", { class: "kicker" }, kind === "message" ? "You sign a message" : "You send a transaction"),
    h("p", { class: "strong" }, step.what),
    facts.length ? h("dl", { class: "facts" }, facts) : null,
    kind === "message" ? h("p", { class: "small" }, "Signing costs nothing.") : costs(one, fees, coin),
    step.refused ? refusedWords(step.refused) : null,
    technical(step), standing);
  const state = (name, ...children) => {
    element.dataset.state = name;
    show(standing, ...children);
  };
  return { element, state };
}

function costs(one, fees, coin) {
  const value = BigInt(one.value ?? 0);
  const fee = one.gas && fees !== null ? `about ${rounded(BigInt(one.gas) * fees, coin)}` : "your wallet says it";
  const sent = value > 0n ? h("p", { class: "small" }, `It sends ${decimal(value, coin.decimals)} ${coin.symbol}.`) : null;
  return [sent, h("p", { class: "small" }, "To the contract ", h("span", { class: "strong" }, one.contract), ` · network's fee: ${fee}`)];
}

/** Six significant decimals: an estimate needs no more. */
function rounded(units, coin) {
  const all = decimal(units, coin.decimals), found = /^(\d+)\.(0*\d{1,3})/.exec(all);
  return `${found ? `${found[1]}.${found[2]}` : all} ${coin.symbol}`;
}

function technical({ one, kind }) {
  const inside = kind === "message"
    ? h("pre", { class: "code", tabindex: "0" }, JSON.stringify(one.document, null, 2))
    : h("dl", { class: "facts" },
      h("dt", null, "Contract"), h("dd", null, code(one.to)),
      h("dt", null, "Function"), h("dd", null, h("code", null, one.function)),
      h("dt", null, "Data"), h("dd", null, code(one.data, "data")));
  return h("details", null, h("summary", null, "Technical details"), inside);
}

const refusedWords = ({ message, hint }) => h("div", { class: "notice bad" }, h("p", { class: "strong" }, message), h("p", null, hint));
