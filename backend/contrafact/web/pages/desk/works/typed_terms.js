// Between licence terms and what people type for them. Pure.
import { units } from "../../shared/format.js";
import { amount, percent } from "../terms.js";

const USES = ["private", "commercial", "broadcast", "live"];
const PPM = 1_000_000,
  DAY = 86_400;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/,
  MODEL = /^0x[0-9a-f]{64}$/;

/** What a form shows: texts and ticks. `tokens`: [{token, symbol, decimals}]; without terms, nothing is permitted. */
export function typedOf(terms, tokens) {
  const given = terms ?? {
    inference: true,
    combinable: true,
    max_weight: PPM,
    uses: [],
    prices: [],
    training_price: "0",
    operators: [],
    models: [],
  };
  const rows = new Map(given.prices.map((row) => [row.token.toLowerCase(), row]));
  const figure = (units, { decimals }) => amount(units, { symbol: "", decimals }).trim();
  const price = (use, token) =>
    rows.has(token.token.toLowerCase()) && given.uses.includes(use)
      ? figure(rows.get(token.token.toLowerCase())[use], token)
      : "";
  return {
    training: Boolean(given.training),
    inference: Boolean(given.inference),
    combinable: Boolean(given.combinable),
    approval: Boolean(given.approval),
    training_price: given.training_price !== "0" ? figure(given.training_price, tokens[0]) : "",
    uses: Object.fromEntries(
      USES.map((use) => [use, { on: given.uses.includes(use), prices: tokens.map((token) => price(use, token)) }]),
    ),
    weight: percent(given.max_weight || PPM).replace(" %", ""),
    downstream: given.downstream ? percent(given.downstream).replace(" %", "") : "",
    from: date(given.valid_from),
    until: date(given.valid_until),
    sunset: date(given.sunset),
    operators: given.operators.join("\n"),
    models: given.models.join("\n"),
  };
}

/** {terms, wrong}: terms as the API takes them, null where it cannot be read; what is wrong, by the field's name. */
export function read(typed, tokens) {
  const wrong = {};
  const note = (name, value, text) => {
    if (value === null) wrong[name] = text;
    return value;
  };
  const uses = typed.inference ? USES.filter((use) => typed.uses[use].on) : [];
  const prices = tokens.map((token, place) => row(typed, uses, token, place, wrong)).filter(Boolean);
  const members = (name, form, what) =>
    list(typed[name], form, () => {
      wrong[name] = what;
    });
  const terms = {
    training: typed.training,
    inference: typed.inference && uses.length > 0,
    uses,
    combinable: typed.combinable,
    approval: typed.approval && uses.length > 0,
    max_weight: uses.length ? note("weight", above(share(typed.weight)), "Write a number above 0 and up to 100.") : 0,
    downstream: uses.length ? note("downstream", share(typed.downstream || "0"), "Write a number from 0 to 100.") : 0,
    valid_from: seconds(typed.from),
    valid_until: seconds(typed.until),
    sunset: typed.training ? seconds(typed.sunset) : 0,
    training_price: typed.training
      ? texted(note("training_price", units(typed.training_price || "0", tokens[0].decimals), figures(tokens[0])))
      : "0",
    prices:
      typed.training && !prices.length && units(typed.training_price || "0", tokens[0].decimals)
        ? [free(tokens[0])]
        : prices,
    operators: members("operators", ADDRESS, "One address on each line: 0x and 40 characters."),
    models: members("models", MODEL, "One model's id on each line: 0x and 64 characters."),
  };
  if (terms.valid_from && terms.valid_until && terms.valid_until <= terms.valid_from)
    wrong.until = "The last day is after the first.";
  if (typed.inference && !uses.length) wrong.uses = "Tick at least one use, and write its price.";
  if (!uses.length) terms.combinable = false;
  return { terms, wrong };
}

const texted = (units) => (units === null ? null : String(units));
const free = ({ token }) => ({ token, private: "0", commercial: "0", broadcast: "0", live: "0" });
const figures = ({ decimals }) =>
  `Write an amount such as 0.20 or 1000, with at most ${decimals} decimals; 0 for free.`;

/** A token's prices. The first token has one for each permitted use; another token has all of them, or none. */
function row(typed, uses, token, place, wrong) {
  const texts = uses.map((use) => typed.uses[use].prices[place] ?? "");
  if (!uses.length || (place > 0 && texts.every((text) => !text.trim()))) return null;
  const found = free(token);
  uses.forEach((use, number) => {
    const amount_ = units(texts[number], token.decimals);
    if (amount_ === null) wrong[`${use}-${place}`] = figures(token);
    found[use] = texted(amount_);
  });
  return found;
}

/** "12.5" → 125000 parts per million; null for what is none. */
function share(text) {
  const found = /^(\d{1,3})(?:\.(\d{0,4}))?$/.exec(text.trim().replace(",", "."));
  const ppm = found ? Number(found[1]) * 10_000 + Number((found[2] ?? "").padEnd(4, "0")) : null;
  return ppm !== null && ppm <= PPM ? ppm : null;
}

const above = (ppm) => (ppm === 0 ? null : ppm);

function list(text, form, fail) {
  const rows = text.split(/[\s,]+/).filter(Boolean);
  if (!rows.every((one) => form.test(one))) {
    fail();
    return [];
  }
  return rows;
}

/** A day as date fields write it, in UTC; nothing for none. */
const date = (at) => (at ? new Date(at * 1000).toISOString().slice(0, 10) : "");
const seconds = (text) => (text ? Math.floor(Date.parse(`${text}T00:00:00Z`) / 1000 / DAY) * DAY : 0);
