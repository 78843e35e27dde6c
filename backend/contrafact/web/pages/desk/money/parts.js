// What the money pages share: sections that load, tokens, and waiting until the index has a transaction.
import { get } from "../../shared/api.js";
import { h, show } from "../../shared/dom.js";
import { short } from "../../shared/format.js";
import { busy, problem } from "../../shared/notices.js";
import { wallet } from "../../wallet/wallet.js";

const PATIENCE = 60_000,
  EVERY = 500;

/** The page's facts: whose it is, and the tokens as the service writes them. */
export function facts(root) {
  const tokens = new Map(JSON.parse(root.dataset.tokens).map((one) => [one.token.toLowerCase(), one]));
  return {
    holder: root.dataset.holder,
    tokens,
    tokenOf: (address) => tokens.get(address.toLowerCase()) ?? { token: address, symbol: short(address), decimals: 0 },
  };
}

/** Fills `element` with what `draw(await load())` makes; what went wrong stands there in words, with what to do. */
export async function section(element, load, draw, { quietly = false } = {}) {
  const mine = (element.asked = Symbol("asked"));
  if (!quietly) show(element, busy("Loading …"));
  let made;
  try {
    made = draw(await load());
  } catch (error) {
    made = refused(error, () => section(element, load, draw));
  }
  if (element.asked === mine) show(element, made);
}

/** An error in words; where nobody is signed in any more, with the way to sign in. */
export function refused(error, retry) {
  if (error.status !== 401) return problem(error, retry);
  const button = h(
    "button",
    { type: "button", class: "button small", onclick: () => wallet.signIn().then(retry, () => {}) },
    "Sign in",
  );
  return h(
    "div",
    { class: "notice bad", role: "alert" },
    h("p", { class: "strong" }, "You are not signed in any more."),
    h("p", null, "What you see here is yours alone, so sign in again. It moves nothing."),
    h("p", null, button),
  );
}

/** Resolves once the index has the blocks of these transactions, or after a minute. */
export async function indexed(hashes) {
  const receipts = await Promise.all(hashes.map((hash) => wallet.request("eth_getTransactionReceipt", [hash])));
  const block = Math.max(0, ...receipts.map((receipt) => Number(receipt?.blockNumber ?? 0)));
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    if ((await get("/v1/status")).block >= block) return;
    await new Promise((go) => setTimeout(go, EVERY));
  }
}

const KINDS = {
  private: "private listening",
  commercial: "commercial use",
  broadcast: "broadcast",
  live: "live",
  revenue: "later revenue",
  challenge: "challenge, from the operator’s bond",
  fine: "fine, from the operator’s bond",
  ruling: "ruling on a contest",
};
export const kindWords = (kind) => KINDS[kind] ?? kind;

/** A work's title with a link to it; `id` its id. */
export const workLink = (id, name) =>
  h("a", { href: `/works/${id}` }, name ? h("bdi", null, name) : `Work ${short(id)}`);
