// What the page was served with: the token that orders are paid in, and what this service can do.
import { byId } from "../shared/dom.js";
import { decimal } from "../shared/format.js";

const told = byId("studio").dataset;
export const facts = { ...told, decimals: Number(told.decimals), drift: Number(told.drift) };

export const NATIVE = "0x0000000000000000000000000000000000000000";
export const inToken = (units) => `${decimal(units, facts.decimals)} ${facts.symbol}`;

/** The usual tempo of a metre. */
export const tempoOf = (metre) =>
  Number([...byId("metre").options].find((one) => one.value === metre)?.dataset.tempo ?? 120);

/** The metres that can be in a piece in this one, itself among them: the server knows which ones meet. */
export function metresIn(metre) {
  const found = [...byId("metre").options].find((one) => one.value === metre);
  return found?.dataset.meets.split(" ") ?? [metre];
}

/** Whether a song in one metre can be in a piece in another. */
export const meets = (metre, other) => metresIn(metre).includes(other);

/** The price of a work (API) for a use in the token of this service; null where there is none. */
export function priceOf(work, use) {
  const found = work.terms?.prices.find((one) => one.use === use && one.price.token === facts.token);
  return found?.price ?? null;
}
