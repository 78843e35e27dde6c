// What the wallet's dialogs are made of, and how a node is asked.
import { h } from "../shared/dom.js";

export const p = (kind, ...children) => h("p", { class: kind }, ...children);
export const strong = (text) => h("bdi", { class: "strong" }, text);
export const button = (label, onclick, kind = "") =>
  h("button", { type: "button", class: `button ${kind}`, onclick }, label);
export const facts = (rows) =>
  h("dl", { class: "facts" }, rows.map(([label, ...shown]) => [h("dt", null, label), h("dd", null, shown)]));
/** What went wrong, in words; a no of the reader's own is nothing wrong. */
export const wrong = ({ code, message, hint }) =>
  h("div", { class: `notice ${code === "cancelled" ? "" : "bad"}` }, p("strong", message), h("p", null, hint));
export const unfolds = (label, ...inside) => h("details", null, h("summary", null, label), inside);
export const written = (text) => h("pre", { tabindex: "0" }, text);

/** A list of things to choose one of: `{name, note, icon, isNow}`; `chosen` gets it. */
export function choices(all, chosen) {
  return h("ul", { class: "wallets" }, all.map((one) => h("li", null, choice(one, () => chosen(one)))));
}

function choice({ name, note, icon, isNow }, onclick) {
  const picture = icon
    ? h("img", { src: icon, alt: "", width: 36, height: 36 })
    : h("span", { class: "no-icon", "aria-hidden": "true" }, name.slice(0, 1));
  const words = h("span", null, strong(name), note ? h("span", { class: "small" }, note) : null);
  const marked = { "aria-current": isNow ? "true" : null };
  return h("button", { type: "button", class: "choice", ...marked, onclick }, picture, words);
}

/** The part of a dialog that stays in view, with its buttons. */
export const lower = (...children) => h("div", { class: "last" }, children);

/** Asks the node at `url` by JSON-RPC. Raises an Error with the node's `code`, 4900 where it does not answer. */
export async function node(url, method, params = []) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  let answer;
  try {
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    answer = await response.json();
  } catch {
    throw failed(4900, "The network's node does not answer.");
  }
  if (answer.error) throw failed(answer.error.code, answer.error.message);
  return answer.result;
}

/** An error as providers raise it (EIP-1193). */
export const failed = (code, message) => Object.assign(new Error(message), { code });
