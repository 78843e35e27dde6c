// All events of an order, which the browser looks for by itself in a node's log: nobody can leave one out. Pure, but
// for what `call` asks.
import { COMMITTED, CREDITED, FUNDED, logsIn, same } from "./logs.js";

const MOST = 64; // requests: many nodes answer for some thousand blocks at a time
const TOO_MUCH = [-32000, -32005, -32602]; // what nodes call a question about more than they answer for, or in words:
const SAYS_TOO_MUCH = /\b(ranges?|limit(s|ed)?|blocks?|results)\b/i,
  SAYS_TOO_OFTEN = /\b(rate|requests?)\b/i;
const hexOf = (number) => `0x${number.toString(16)}`;

/**
 * The logs of the two transactions that the service names, {search, paid, closed}; or of what `searchOf` found by
 * itself. Throws where the node is behind the service and has not seen them.
 */
export async function transactionsOf(call, claims) {
  const [paid, closed] = await Promise.all(
    [claims.funded_in, claims.committed_in].map((hash) => call("eth_getTransactionReceipt", [hash])),
  );
  if (!paid || !closed) await headOf(call, claims);
  const search = await searchOf(call, claims, paid).catch((error) => ({ why: error.message }));
  if (search.why) return { search, paid: logsIn(paid), closed: logsIn(closed) };
  return { search, paid: search.logs, closed: search.settlement };
}

/**
 * {logs, settlement, from, to}: the events that have the order's id, in the chain's order; those of the transaction
 * that settled it; and the blocks that were searched. No event of an order is older than that of its payment, whose
 * transaction has the receipt `paid`. Throws where the node does not answer, or for too few blocks at a time, and where
 * it, or its index of events, is behind the service: what it has not seen yet is nobody's lie.
 */
export async function searchOf(call, claims, paid) {
  const { order, escrow, desk } = claims,
    from = paid ? Number(paid.blockNumber) : 0,
    to = await headOf(call, claims);
  const about = await logsOf(call, { address: [escrow, desk], topics: [null, order] }, from, to);
  if (!about.some((log) => same(log.topics[0], FUNDED))) throw new Error("it knows of no payment of this order");
  const credits = await logsOf(call, { address: [escrow], topics: [CREDITED, null, order] }, from, to);
  const logs = [...about, ...credits].sort((a, b) => placeOf(a) - placeOf(b));
  const commit = about.find((log) => same(log.topics[0], COMMITTED) && same(log.address, escrow));
  if (!commit) throw new Error("it knows of no delivery of this order");
  return { logs, settlement: logs.filter((log) => log.transactionHash === commit.transactionHash), from, to };
}

/** The node's newest block. Throws where the service had read a later one when it made the page. */
export async function headOf(call, { block }) {
  const head = Number(await call("eth_blockNumber", []));
  if (head < block) throw new Error(`it is at block ${head}, this page at ${block}: run the checks again in a moment`);
  return head;
}

/** Of so many blocks at a time as the node answers for. */
async function logsOf(call, filter, from, to) {
  const found = [];
  let size = to - from + 1,
    at = from;
  for (let asked = 0; at <= to; asked += 1) {
    if (asked === MOST) throw new Error("it answers for too few blocks at a time");
    const end = Math.min(to, at + size - 1);
    try {
      found.push(...(await call("eth_getLogs", [{ ...filter, fromBlock: hexOf(at), toBlock: hexOf(end) }])));
      at = end + 1;
    } catch (error) {
      if (size === 1 || !isTooMuch(error)) throw error;
      size = Math.ceil(size / 2);
    }
  }
  return found;
}

/** Whether a smaller question may be answered: a node that was asked too often is not asked on. */
function isTooMuch({ code, message }) {
  return !SAYS_TOO_OFTEN.test(message) && (TOO_MUCH.includes(code) || SAYS_TOO_MUCH.test(message));
}

const placeOf = (log) => Number(log.blockNumber) * 2 ** 20 + Number(log.logIndex);
