// Transactions that were sent and are not final: shown in the tray, on every page of this tab, also after a reload.
import { code } from "../shared/format.js";
import { network } from "./network.js";
import { node, p } from "./parts.js";
import { say, unsay } from "./tray.js";

const KEPT = "contrafact.pending";
const SHOWN = 10_000, SOON = 15_000; // ms that a final one stays; that one may be unknown
const OVER = ["failed", "lost"];
let provider = null, timer = null;

/** The wallet that is asked where the network has no public node. */
export const askBy = (one) => { provider = one; if (list().length) soon(0); };

/** A transaction was sent: `{hash, what}`, with words for what it does. */
export function follow({ hash, what }) {
  keep([...list().filter((one) => one.hash !== hash), { hash, what, state: "sent", seen: Date.now() }]);
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
  if (list().some((one) => !OVER.includes(one.state))) soon(wait);
}

async function update(one, chain) {
  const receipt = await rpc(chain, "eth_getTransactionReceipt", [one.hash]);
  const blocks = receipt ? Number(BigInt(await rpc(chain, "eth_blockNumber")) - BigInt(receipt.blockNumber)) + 1 : 0;
  const isKnown = receipt !== null || (await rpc(chain, "eth_getTransactionByHash", [one.hash])) !== null;
  const seen = isKnown ? Date.now() : one.seen;
  const now = { ...one, seen, state: stateOf(receipt, blocks, chain, Date.now() - seen) };
  draw(now, { blocks, wanted: chain.final_after });
  if (now.state === "final") drop(one.hash);
  else keep(list().map((kept) => (kept.hash === one.hash ? now : kept)));
}

function stateOf(receipt, blocks, chain, unseen) {
  if (!receipt) return unseen > Math.max(SOON, chain.block_seconds * 3000) ? "lost" : "sent";
  if (BigInt(receipt.status ?? 1) === 0n) return "failed";
  return blocks >= chain.final_after ? "final" : "block";
}

function draw(one, progress) {
  const words = {
    sent: "Sent; waits for a block.",
    block: progress ? `In a block. Final after ${progress.wanted} blocks; this is ${progress.blocks}.` : "In a block.",
    final: "Done, and final.",
    failed: "Failed in its block: nothing changed but the fee.",
    lost: "The network no longer knows it: it was dropped, or replaced from your wallet.",
  };
  const kind = { final: "good", failed: "bad", lost: "bad" }[one.state] ?? "";
  const content = [p("strong", one.what), p("small", words[one.state], " ", code(one.hash, "transaction's hash"))];
  say(one.hash, kind, content, { close: () => drop(one.hash) });
  if (one.state === "final") setTimeout(() => unsay(one.hash), SHOWN);
}

/** The network's public node is asked; where there is none, the wallet. Raises what they raise. */
async function rpc(chain, method, params = []) {
  if (chain.rpc_url) return node(chain.rpc_url, method, params);
  if (!provider) throw new Error("nobody to ask");
  return (await provider.request({ method, params })) ?? null;
}

const drop = (hash) => keep(list().filter((one) => one.hash !== hash));

function list() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)) ?? []; } catch { return []; }
}

function keep(all) {
  try { sessionStorage.setItem(KEPT, JSON.stringify(all)); } catch { /* then only this page shows them */ }
}
