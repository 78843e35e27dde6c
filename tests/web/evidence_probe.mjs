// Answers what the pages' own modules compute, for `test_page_modules.py`: cases as JSON in, results as JSON out.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [root] = process.argv.slice(2);
const module = (path) => import(pathToFileURL(`${root}/${path}`));
const { largestRemainder, sharesOf } = await module("shared/shares.js");
const { settle, escrowOf } = await module("order/evidence/amounts.js");
const { committedIn, creditsIn, fundedIn, logsIn } = await module("order/evidence/logs.js");
const { pcmDigest, sha256 } = await module("order/evidence/digests.js");
const { searchOf, transactionsOf } = await module("order/evidence/search.js");
const { keccak } = await module("order/evidence/keccak.js");
const { accountOf, partsOf, splitRoot } = await module("order/evidence/splits.js");
const { Telling } = await module("live/telling.js");
const { readLedger } = await module("player/ledger.js");

/** A node that answers for at most so many blocks at a time; for none where it does not know such questions. */
const fakeNode = (logs, most, error) => async (method, [filter]) => {
  if (method === "eth_blockNumber") return "0x3e7";
  if (error) throw Object.assign(new Error(`${error.message}, asked about ${filter.toBlock}`), { code: error.code });
  if (!most) throw Object.assign(new Error("the method does not exist"), { code: -32601 });
  const [from, to] = [Number(filter.fromBlock), Number(filter.toBlock)];
  if (to - from >= most) throw new Error("block range too large");
  const asked = (log) => filter.topics.every((topic, i) => topic === null || log.topics[i] === topic);
  const isHere = (log) => filter.address.includes(log.address) && log.blockNumber >= from && log.blockNumber <= to;
  return logs.filter((log) => isHere(log) && asked(log));
};

/** A node that knows its newest block, and of no transaction. */
const fakeNewNode = async (method) => ({ eth_blockNumber: "0x3e7", eth_getLogs: [] })[method] ?? null;

/** A service that takes weights of which the first is at most `most`. */
const fakeService = (most) => async (_, { body }) => {
  const ok = JSON.parse(body).weights[0] <= most;
  return { ok, status: ok ? 200 : 422, json: async () => ({ bar: 1 }) };
};

const compute = {
  telling: async ({ moves, view, most }) => {
    const fakeSliders = { holds() {}, tell() {}, refused(weights) { this.weights = weights; } };
    globalThis.fetch = fakeService(most);
    const telling = new Telling("/v1/live", fakeSliders), stood = [];
    for (const weights of moves) {
      fakeSliders.weights = weights;
      await telling.tell(view);
      stood.push(fakeSliders.weights);
    }
    return stood;
  },
  largestRemainder: ({ parts }) => largestRemainder(parts.map(BigInt)),
  shares: ({ document }) => sharesOf(readLedger(document, 120, [6, 8]).notes, document.components.length),
  settle: ({ terms, shares, played }) => ({ ...settle(terms, shares, played), escrow: escrowOf(terms) }),
  committed: ({ receipt, escrow, order, sources }) => committedIn(logsIn(receipt), escrow, order, sources),
  credits: ({ receipt, escrow, order }) => creditsIn(logsIn(receipt), escrow, order),
  funded: ({ receipt, escrow, order }) => fundedIn(logsIn(receipt), escrow, order),
  search: ({ logs, most, claims, error }) =>
    searchOf(fakeNode(logs, most, error), claims, { blockNumber: "0x7" })
      .then(({ logs, settlement }) => ({ logs: logs.map((one) => one.id), settlement: settlement.map((one) => one.id) }))
      .catch((error) => error.message),
  receipts: ({ claims }) =>
    transactionsOf(fakeNewNode, claims)
      .then(({ paid, closed }) => [paid, closed])
      .catch((error) => error.message),
  keccak: ({ hex }) => keccak(hex),
  split: ({ holders, work, token, amount, before }) => {
    const root = splitRoot(holders);
    return { root, account: accountOf(work, root, token), parts: partsOf(BigInt(amount), holders, BigInt(before)) };
  },
  sha256: ({ hex }) => sha256(Buffer.from(hex, "hex")),
  pcm: ({ channels, rate, above }) => pcmDigest(channels.map((one) => Float32Array.from(one, (v) => v / (v > 0 ? above : 32768))), rate),
};

const results = [];
for (const { kind, ...given } of JSON.parse(readFileSync(0, "utf8"))) results.push(await compute[kind](given));
console.log(JSON.stringify(results, (_, value) => (typeof value === "bigint" ? String(value) : value)));
