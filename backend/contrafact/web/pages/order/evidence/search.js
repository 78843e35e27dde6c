// All events of an order, which the browser looks for by itself in a node's log: nobody can leave one out. Pure, but
// for what `call` asks.
import { COMMITTED, CREDITED, FUNDED, same } from "./logs.js";

const MOST = 64; // requests: many nodes answer for some thousand blocks at a time
const UNKNOWN_METHOD = -32601;
const hexOf = (number) => `0x${number.toString(16)}`;

/**
 * {logs, settlement, from, to}: the events that have the order's id, in the chain's order; those of the transaction
 * that settled it; and the blocks that were searched. No event of an order is older than that of its payment, whose
 * transaction has the receipt `paid`. Throws where the node does not answer, or for too few blocks at a time.
 */
export async function searchOf(call, { order, escrow, desk }, paid) {
  const from = paid ? Number(paid.blockNumber) : 0,
    to = Number(await call("eth_blockNumber", []));
  const about = await logsOf(call, { address: [escrow, desk], topics: [null, order] }, from, to);
  if (!about.some((log) => same(log.topics[0], FUNDED))) throw new Error("it knows of no payment of this order");
  const credits = await logsOf(call, { address: [escrow], topics: [CREDITED, null, order] }, from, to);
  const logs = [...about, ...credits].sort((a, b) => placeOf(a) - placeOf(b));
  const commit = about.find((log) => same(log.topics[0], COMMITTED) && same(log.address, escrow));
  return { logs, settlement: logs.filter((log) => log.transactionHash === commit?.transactionHash), from, to };
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
      if (size === 1 || error.code === UNKNOWN_METHOD) throw error;
      size = Math.ceil(size / 2);
    }
  }
  return found;
}

const placeOf = (log) => Number(log.blockNumber) * 2 ** 20 + Number(log.logIndex);
