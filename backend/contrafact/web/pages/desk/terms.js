// Licence terms as rights holders read them: one line for each question. Pure; the twin of `terms_words.py`.
//
// `terms` is what `POST /v1/transactions/set-terms` takes, null where it cannot be read yet; `currencies` maps tokens
// to {symbol, decimals}.
const PPM = 1_000_000,
  NO = "no",
  UNREAD = "not readable yet",
  LAST = 253_402_300_799;
const USES = [
  ["private", "For private listening"],
  ["commercial", "For commercial use"],
  ["broadcast", "For broadcast"],
  ["live", "For live music"],
];

/** [question, answer] of everything that the terms say; what is left out does not apply to them. */
export function lines(terms, currencies) {
  const said = [["May models learn from it?", training(terms, currencies)]];
  if (!terms.inference || !terms.uses.length) return [...said, ["May pieces be made from it?", NO], ...limits(terms)];
  for (const [use, words] of USES) said.push([words, price(use, terms, currencies)]);
  said.push(["Together with other licensors' works?", terms.combinable ? "yes" : NO]);
  const whole = terms.max_weight === PPM ? "all of a piece" : `${percent(terms.max_weight)} of a piece`;
  said.push(["How much may be asked for?", terms.max_weight === null ? UNREAD : `up to ${whole}`]);
  said.push(["Does the licensor approve each order?", terms.approval ? "yes, with a signature" : NO]);
  if (terms.downstream !== 0) said.push(["Of later revenue with a piece", percent(terms.downstream)]);
  return [...said, ...limits(terms)];
}

function training(terms, currencies) {
  if (!terms.training) return NO;
  if (terms.training_price === null) return `yes, price ${UNREAD}`;
  if (BigInt(terms.training_price) === 0n || !terms.prices.length) return "yes";
  return `yes, ${amount(terms.training_price, currencies[terms.prices[0].token])} for each version of a model`;
}

function price(use, terms, currencies) {
  if (!terms.uses.includes(use)) return NO;
  if (terms.prices.some((row) => row[use] === null)) return `yes, price ${UNREAD}`;
  if (terms.prices.length && terms.prices.every((row) => BigInt(row[use]) === 0n)) return "yes, free";
  const prices = terms.prices.map((row) => amount(row[use], currencies[row.token]));
  return prices.length ? `yes, ${prices.join(" or ")} for each started 30 seconds` : "yes, but no token is accepted";
}

function limits(terms) {
  const found = [];
  if (terms.valid_from || terms.valid_until) {
    const since = terms.valid_from ? `from ${day(terms.valid_from)}` : "";
    const until = terms.valid_until ? `until ${day(terms.valid_until)}` : "";
    found.push(["When?", [since, until].filter(Boolean).join(" ")]);
  }
  if (terms.sunset && terms.training)
    found.push(["Models that learnt from it take orders", `until ${day(terms.sunset)}`]);
  const listed = [...(terms.operators.length ? ["services"] : []), ...(terms.models.length ? ["models"] : [])];
  if (listed.length) found.push(["Who?", `only ${listed.join(" and ")} that the licensor listed`]);
  return found;
}

export const percent = (ppm) => (ppm === null ? UNREAD : `${Number(((ppm * 100) / PPM).toPrecision(6))} %`);

/** Units as a decimal with at least two places, and the token's symbol. */
export function amount(units, { symbol, decimals }) {
  if (decimals === 0) return `${BigInt(units)} ${symbol}`;
  const digits = BigInt(units)
    .toString()
    .padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "").padEnd(Math.min(2, decimals), "0");
  return `${digits.slice(0, -decimals)}.${fraction} ${symbol}`;
}

function day(seconds) {
  const text = new Date(Math.min(seconds, LAST) * 1000).toISOString();
  return text.slice(11, 16) === "00:00" ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
