// Rights splits as people type them: per cent with up to four decimals, exactly parts per million. Pure.
export const PPM = 1_000_000;
export const MOST = 64;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/,
  ZERO = /^0x0{40}$/;

/** "33.3333" → 333333 parts per million; null for what is no share. A comma is a point. */
export function share(text) {
  const found = /^(\d{1,3})(?:\.(\d{0,4}))?$/.exec(text.trim().replace(/\s*%$/, "").replace(",", "."));
  if (!found) return null;
  const ppm = Number(found[1]) * 10_000 + Number((found[2] ?? "").padEnd(4, "0"));
  return ppm <= PPM ? ppm : null;
}

/** 333333 → "33.3333", as it is typed. */
export function typed(ppm) {
  const part = String(ppm % 10_000)
    .padStart(4, "0")
    .replace(/0+$/, "");
  return `${Math.floor(ppm / 10_000)}${part ? `.${part}` : ""}`;
}

/**
 * What is wrong with rows of {holder, share} as they were typed, by row: {holder, share, ipi}; `total` says what is
 * wrong with all of them together. Empty texts where nothing is.
 */
export function check(rows) {
  const shares = rows.map((row) => share(row.share));
  const wrong = rows.map((row, number) => ({ holder: holderOf(row), share: shareOf(shares[number]), ipi: ipiOf(row) }));
  return { rows: wrong, total: shares.includes(null) ? "" : totalOf(shares) };
}

const holderOf = ({ holder }) =>
  ADDRESS.test(holder.trim())
    ? ZERO.test(holder.trim())
      ? "Nobody could ever be paid at this address."
      : ""
    : "This is no wallet's address: 0x and 40 characters.";

/** A name number's check digits: the first nine times 10 down to 2, and the check, make a multiple of 101. */
function ipiOf({ name = "", ipi = "" }) {
  const digits = ipi.replace(/[\s.-]/g, "");
  if (!digits) return name.trim() ? "Give its number too: by that alone the name belongs to the address." : "";
  if (!/^\d{9,11}$/.test(digits)) return "An IPI name number has 9 to 11 digits, such as 00052210040.";
  const whole = digits.padStart(11, "0");
  const sum = [...whole.slice(0, 9)].reduce((made, digit, at) => made + Number(digit) * (10 - at), 0);
  const isRight = ((101 - (sum % 101)) % 101) % 100 === Number(whole.slice(9));
  return isRight ? "" : "Its check digits are wrong: look for a mistyped digit.";
}

const shareOf = (ppm) =>
  ppm === null
    ? "Write a share in per cent, with at most four decimals, such as 33.3333."
    : ppm === 0
      ? "A share is above zero. Remove the row if there is none."
      : "";

function totalOf(shares) {
  const total = shares.reduce((sum, one) => sum + one, 0);
  if (total === PPM) return "";
  const [rest, what] = total < PPM ? [PPM - total, "are missing"] : [total - PPM, "are too many"];
  return `The shares make ${typed(total)} %, not 100 %: ${typed(rest)} % ${what}.`;
}

/** Whether `check` found nothing. */
export const fits = ({ rows, total }) => !total && rows.every((row) => !row.holder && !row.share && !row.ipi);

/** Rows as the API takes them. They must fit. */
export const holders = (rows) =>
  rows.map((row) => ({ holder: row.holder.trim(), share: share(row.share), ...named(row) }));

/** Name and number, where the form asks for them. */
const named = ({ name, ipi }) => (ipi === undefined ? {} : { name: name.trim(), ipi: ipi.trim() });

/** Shares for `count` holders that sum to one million; the first ones get what the division leaves. */
export function evenly(count) {
  const each = Math.floor(PPM / count),
    rest = PPM - each * count;
  return Array.from({ length: count }, (_, number) => each + (number < rest ? 1 : 0));
}
