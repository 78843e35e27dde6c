// What the chain's own logs say of an order: events of the escrow contract. Pure.

export const COMMITTED = "0x5825d8226f1c9cbcad66e09f4fb06fc0a238d33c4b9a8a43156c3da935f79ee3"; // OrderCommitted
export const CREDITED = "0xdd6e458953340009f4f714edd1a01e80a31dd7e1645f1df1898f85845e59d8fd"; // Credited
export const FUNDED = "0x295cdd84445e971576f467590b63abbbe9c844eaf412a2f8c3c3d3c7eba3d0c8"; // OrderFunded
const SHARE_BITS = 24n,
  DURATION_AT = 216n;

export const same = (a, b) => a.toLowerCase() === b.toLowerCase();
const words = (data) => (data.slice(2).match(/.{64}/g) ?? []).map((word) => `0x${word}`);
const field = (word, at, bits) => (BigInt(word) >> BigInt(at)) & ((1n << BigInt(bits)) - 1n);

/** The logs of a transaction that went through. */
export const logsIn = (receipt) => (receipt?.status === "0x1" ? receipt.logs : []);

const picked = (logs, escrow, topic, order, place) =>
  logs.filter((log) => same(log.address, escrow) && same(log.topics[0], topic) && same(log.topics[place], order));

/**
 * The commit of an order with so many sources: {record, output, evidence (digests), shares (ppm, base first), duration
 * (seconds), refunded (units)}; null where the logs have none.
 */
export function committedIn(logs, escrow, order, sources) {
  const [log] = picked(logs, escrow, COMMITTED, order, 1);
  if (!log) return null;
  const [evidence, packed, refunded] = words(log.data);
  const shares = Array.from({ length: sources + 1 }, (_, i) => field(packed, SHARE_BITS * BigInt(i), SHARE_BITS));
  return {
    record: log.topics[2],
    output: log.topics[3],
    evidence,
    shares,
    duration: Number(field(packed, DURATION_AT, 32n)),
    refunded: BigInt(refunded),
  };
}

/** What the logs credit to royalty accounts for the order: {account: units}. */
export function creditsIn(logs, escrow, order) {
  const found = {};
  for (const log of picked(logs, escrow, CREDITED, order, 2))
    found[log.topics[1]] = (found[log.topics[1]] ?? 0n) + BigInt(log.data);
  return found;
}

/**
 * The terms an order was paid on: {prices, through, base_rate, operator_fee, duration, works, roots (of their splits),
 * token, model, pool (root of its split), escrowed}; or null.
 */
export function fundedIn(logs, escrow, order) {
  const [log] = picked(logs, escrow, FUNDED, order, 1);
  if (!log) return null;
  const all = words(log.data),
    quote = Number(BigInt(all[2])) / 32,
    sources = quote + Number(BigInt(all[quote + 8])) / 32;
  const rows = Array.from({ length: Number(BigInt(all[sources])) }, (_, i) =>
    all.slice(sources + 1 + 3 * i, sources + 4 + 3 * i),
  );
  return {
    escrowed: BigInt(all[1]),
    duration: Number(field(all[quote], 168, 32)), // after the maker's 160 bits and the use's 8
    base_rate: field(all[quote + 3], 0, 96),
    operator_fee: field(all[quote + 3], 96, 96),
    token: `0x${all[quote + 2].slice(-40)}`,
    model: all[quote + 4],
    pool: all[quote + 5],
    works: rows.map(([work]) => work),
    roots: rows.map(([, root]) => root),
    prices: rows.map(([, , pinned]) => field(pinned, 0, 96)),
    // after price 96, version 32, and weight, lowest share and downstream 24 each
    through: rows.map(([, , pinned]) => Number(field(pinned, 200, 8))),
  };
}
