// Transactions that were sent and are not final: shown in the tray, on every page of this tab, also after a reload.
import { h } from "../shared/dom.js";
import { code } from "../shared/format.js";
import { network } from "./network.js";
import { say, unsay } from "./tray.js";

const KEPT = "contrafact.pending";
const SHOWN = 10_000; // ms that a final one stays
let provider = null, timer = null;

/** The wallet that is asked where the network has no public node. */
export const askBy = (one) => { provider = one; if (list().length) soon(0); };

/** A transaction was sent: `{hash, what}`, with words for what it does. */
export function follow({ hash, what }) {
  keep([...list().filter((one) => one.hash !== hash), { hash, what, state: "sent" }]);
  soon(0);
}

/** Shows what is under way, if there is anything. */
export const resume = () => { if (list().length) soon(0); };

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

async function look() {
  let wait = 5000;
  try {
    const chain = await network();
    wait = Math.min(Math.max(chain.block_seconds * 500, 1000), 5000);
    for (const one of list()) await update(one, chain);
  } catch {
    for (const one of list()) draw(one, null); // the node is away: what was sent stays sent
  }
  if (list().some((one) => one.state !== "failed")) soon(wait);
}

async function update(one, chain) {
  const receipt = await rpc(chain, "eth_getTransactionReceipt", [one.hash]);
  const head = receipt ? BigInt(await rpc(chain, "eth_blockNumber", [])) : 0n;
  const blocks = receipt ? Number(head - BigInt(receipt.blockNumber)) + 1 : 0;
  const state = !receipt ? "sent" : BigInt(receipt.status ?? 1) === 0n ? "failed" : blocks >= chain.final_after ? "final" : "block";
  draw({ ...one, state }, { blocks, wanted: chain.final_after });
  if (state === "final") drop(one.hash);
  else keep(list().map((kept) => (kept.hash === one.hash ? { ...kept, state } : kept)));
}

function draw(one, progress) {
  const words = {
    sent: "Sent; waits for a block.",
    block: progress ? `In a block. Final after ${progress.wanted} blocks; this is ${progress.blocks}.` : "In a block.",
    final: "Done, and final.",
    failed: "Failed in its block: nothing changed but the fee.",
  };
  const kind = { final: "good", failed: "bad" }[one.state] ?? "";
  const content = [h("p", { class: "strong" }, one.what), h("p", { class: "small" }, words[one.state], " ", code(one.hash, "transaction's hash"))];
  say(one.hash, kind, content, { close: () => drop(one.hash) });
  if (one.state === "final") setTimeout(() => unsay(one.hash), SHOWN);
}

async function rpc(chain, method, params) {
  if (!chain.rpc_url) {
    if (!provider) throw new Error("nobody to ask");
    return provider.request({ method, params });
  }
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await (await fetch(chain.rpc_url, { method: "POST", headers: { "Content-Type": "application/json" }, body })).json();
  if (answer.error) throw new Error(answer.error.message);
  return answer.result;
}

const drop = (hash) => keep(list().filter((one) => one.hash !== hash));

function list() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)) ?? []; } catch { return []; }
}

function keep(all) {
  try { sessionStorage.setItem(KEPT, JSON.stringify(all)); } catch { /* then only this page shows them */ }
}
