// What follows from prices and shares, in exact integers: the twin of `contrafact.domain.settlement`. Pure.
import { PPM } from "../../shared/shares.js";

const SECONDS_PER_UNIT = 30;

/** Started 30-second units. */
const units = (seconds) => BigInt(Math.ceil(seconds / SECONDS_PER_UNIT));

/** The most an order can cost: the dearest work with its composition, or the base rate, and the operator's fee. */
export function escrowOf({ prices, through, base_rate, operator_fee, duration }) {
  const together = prices.filter((_, i) => !through[i]).map(BigInt);
  prices.forEach((price, i) => {
    if (through[i]) together[through[i] - 1] += BigInt(price);
  });
  const dearest = [...together, BigInt(base_rate)].reduce((most, price) => (price > most ? price : most), 0n);
  return dearest * units(duration) + BigInt(operator_fee);
}

/**
 * {sources, pool, operator, refunded} in units of the token. `terms` as pinned: {prices, through, base_rate,
 * operator_fee, duration}; `shares` in ppm, the base first, of the works that the notes come from; `played` in seconds.
 * Each part is rounded down; what that leaves is the maker's.
 */
export function settle(terms, shares, played) {
  const [base, ...own] = shares.map(BigInt),
    count = units(played);
  const sources = terms.prices.map((price, i) => {
    const share = terms.through[i] ? own[terms.through[i] - 1] : own[i];
    return (BigInt(price) * count * share) / PPM;
  });
  const pool = (BigInt(terms.base_rate) * count * base) / PPM,
    operator = BigInt(terms.operator_fee);
  const refunded = escrowOf(terms) - sources.reduce((sum, part) => sum + part, 0n) - pool - operator;
  return { sources, pool, operator, refunded };
}
