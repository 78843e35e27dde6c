// Whose the songs' money is, and that nothing of an order is left out: checks as those of `judging.js`. Pure.
import { decimal, short } from "../../shared/format.js";
import { compared, gapOf, open } from "./judging.js";
import { partsOf, splitRoot } from "./splits.js";

/** The splits that the songs' documents name against those that the order pinned. `held`: holders, null for none. */
export function holdersCheck(claims, held, chain) {
  const title = "The songs’ holders are those that the order pinned",
    hand =
      "the documents’ rights_holders are the leaves of a Merkle-sum tree, MerkleSum.sol; its root stands in the" +
      " event OrderFunded, three words a song: the song, the root, the price";
  const absent = held.filter((one) => !one).length;
  if (absent) return open(title, `The documents of ${absent} of ${held.length} songs cannot be had.`, hand);
  const values = [
    ["roots of the splits in the songs’ documents, by this browser", held.map(splitRoot).join(" + ")],
    ["the service says", claims.splits.map(({ root }) => root).join(" + ")],
  ];
  if (chain.terms) values.push(["the order pinned, on the chain", chain.terms.roots.join(" + ")]);
  const text = "Each song’s money went to an account that only these holders can draw from, each its share.";
  return compared(title, values, text, hand, gapOf(chain));
}

/**
 * The parts that the receipt shows, against the shares in those splits. `due`: what each song gets, BigInts. The
 * contract rounds what the song's account received in all, so a part is the difference that this order made.
 */
export function partsCheck(claims, held, due) {
  const title = "Each holder’s part is its share";
  if (held.some((one) => !one)) return open(title, "Not all songs’ documents can be had.");
  const written = (parts) => parts.map((of) => of.join(" + ")).join("; ");
  const parts = held.map((one, i) => partsOf(due[i], one, BigInt(claims.before[i])));
  const values = [
    ["(before + amount) × share − before × share, each ÷ 1 000 000 and rounded down, by this browser", written(parts)],
    ["the receipt above says", written(claims.parts)],
  ];
  const text =
    "In the token’s smallest units, song by song. What rounding leaves stays in the song’s account." +
    ` Before this order the accounts had received ${claims.before.join(" + ")}, says the service.`;
  return compared(title, values, text, "ask a node for received(account) at the block before the settlement; multiply");
}

/** What was sent to holders so far. `accounts`: as `drawnOf` has them, amounts as BigInts; or {why}. */
export function sentCheck({ currency }, accounts) {
  const title = "Nobody was sent more than its part",
    hand = "ask the contract for received(account) and placeOf(account, place): docs/audit-rules.md";
  if (accounts.why) return open(title, `Not checked: ${accounts.why}.`, hand);
  const rows = accounts.flatMap(({ received, places }) =>
    partsOf(received, places).map((due, i) => ({ ...places[i], due })),
  );
  const money = (units) => `${decimal(units, currency.decimals)} ${currency.symbol}`;
  const [sent, due] = ["drawn", "due"].map((key) => rows.reduce((sum, row) => sum + row[key], 0n));
  return {
    title,
    state: rows.every((row) => row.drawn <= row.due) ? "good" : "bad",
    values: rows.map((row) => [short(row.holder), `sent ${money(row.drawn)} of ${money(row.due)}`, row.name]),
    text:
      `Of all that these songs’ accounts ever received, ${money(due)} is the holders’ and ${money(sent)} was sent.` +
      (sent < due ? " The rest waits for its holder." : ""),
    hand,
  };
}

/** The order's transactions that this browser found on the chain, against those that the service tells of. */
export function wholeCheck(claims, chain) {
  const title = "No event of the order is left out",
    hand = `ask a node for eth_getLogs with the order’s id as first topic after the event’s name: ${claims.order}`;
  if (chain.why) return open(title, `Not checked: ${chain.why}.`, hand);
  if (chain.search.why)
    return open(title, `Not checked: ${chain.asked} could not be searched for events: ${chain.search.why}.`, hand);
  const { logs, from, to } = chain.search;
  const read = logs.filter((log) => Number(log.blockNumber) <= claims.block);
  const newer = new Set(logs.filter((log) => !read.includes(log)).map((log) => log.transactionHash)).size;
  const text =
    `In blocks ${from} to ${to} this browser itself looked for the order’s id.` +
    (newer ? ` ${newer} newer than this page: load it again.` : "");
  const values = [
    ["transactions of the order, found by this browser", listed(read.map((log) => log.transactionHash))],
    ["the service names", listed(claims.transactions)],
  ];
  return compared(title, values, text, hand);
}

const listed = (hashes) => [...new Set(hashes.map((hash) => hash.toLowerCase()))].join(" + ");
