// Answers what the pages' own modules compute, for `test_page_modules.py`: cases as JSON in, results as JSON out.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [root] = process.argv.slice(2);
const module = (path) => import(pathToFileURL(`${root}/${path}`));
const { largestRemainder, sharesOf } = await module("shared/shares.js");
const { settle, escrowOf } = await module("order/evidence/amounts.js");
const { committedIn, creditsIn, fundedIn } = await module("order/evidence/logs.js");
const { pcmDigest, sha256 } = await module("order/evidence/digests.js");
const { keccak } = await module("order/evidence/keccak.js");
const { accountOf, partsOf, splitRoot } = await module("order/evidence/splits.js");
const { readLedger } = await module("player/ledger.js");

const compute = {
  largestRemainder: ({ parts }) => largestRemainder(parts.map(BigInt)),
  shares: ({ document }) => sharesOf(readLedger(document, 120, [6, 8]).notes, document.components.length),
  settle: ({ terms, shares, played }) => ({ ...settle(terms, shares, played), escrow: escrowOf(terms) }),
  committed: ({ receipt, escrow, order, sources }) => committedIn(receipt, escrow, order, sources),
  credits: ({ receipt, escrow, order }) => creditsIn(receipt, escrow, order),
  funded: ({ receipt, escrow, order }) => fundedIn(receipt, escrow, order),
  keccak: ({ hex }) => keccak(hex),
  split: ({ holders, work, token, amount }) => {
    const root = splitRoot(holders);
    return { root, account: accountOf(work, root, token), parts: partsOf(BigInt(amount), holders) };
  },
  sha256: ({ hex }) => sha256(Buffer.from(hex, "hex")),
  pcm: ({ channels, rate, above }) => pcmDigest(channels.map((one) => Float32Array.from(one, (v) => v / (v > 0 ? above : 32768))), rate),
};

const results = [];
for (const { kind, ...given } of JSON.parse(readFileSync(0, "utf8"))) results.push(await compute[kind](given));
console.log(JSON.stringify(results, (_, value) => (typeof value === "bigint" ? String(value) : value)));
