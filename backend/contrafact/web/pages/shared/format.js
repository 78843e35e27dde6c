// How pages write what the API gives as data. The twin of `words.py`.
import { h } from "./dom.js";

/** An amount of the API, `{units, token, text}`, as people read it. */
export const money = (amount) => h("span", { class: "figure" }, amount?.text ?? "—");

/** Parts per million as a percentage with at most two decimals; none is shown as nothing or as all that is not. */
export function percent(ppm) {
  if (ppm === null || ppm === undefined) return "—";
  const hundredths = Math.floor((ppm + 50) / 100);
  if (hundredths === 0 && ppm > 0) return "< 0.01 %";
  if (hundredths === 10_000 && ppm < 1_000_000) return "> 99.99 %";
  return `${hundredths / 100} %`;
}

export const short = (text) => (text.length < 14 ? text : `${text.slice(0, 6)}…${text.slice(-4)}`);

/**
 * An address, id or digest, short, with a button that copies all of it. A transaction leads to what the explorer knows
 * of it.
 */
export function code(text, kind = "address") {
  if (!text) return document.createTextNode("—");
  const link = kind === "transaction" ? { href: `/explorer?q=${text}` } : null;
  const shown = h(link ? "a" : "span", { class: "code", title: text, ...link }, short(text));
  return h("span", { class: "figure" }, shown, copyButton(text, kind));
}

export function copyButton(text, kind = "address") {
  const label = `Copy the ${kind} ${short(text)}`;
  const button = h("button", { type: "button", class: "copy", "aria-label": label }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not copied";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  return button;
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A time of the API (RFC 3339) in the reader's zone. */
export function when(time) {
  if (!time) return document.createTextNode("—");
  return h("time", { datetime: time, title: time }, MOMENT.format(new Date(time)));
}

export const localMoment = (time) => MOMENT.format(new Date(time));

/** Seconds as `1:05`. */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

const USES = { private: "private listening", commercial: "commercial use", broadcast: "broadcast", live: "live" };
export const use = (name) => USES[name] ?? name;

/** Units of a token as a decimal: (1250000n, 6) → "1.25". `units` is a BigInt or a string of digits. */
export function decimal(units, decimals) {
  const whole = BigInt(units), one = 10n ** BigInt(decimals), size = whole < 0n ? -whole : whole;
  const part = String(size % one).padStart(decimals, "0").replace(/0+$/, "");
  return `${whole < 0n ? "-" : ""}${size / one}${part ? `.${part}` : ""}`;
}

/**
 * The reverse; null for what is no amount of so many decimals. A comma is a point, but where it may just as well be one
 * of a thousand: "1,000" is one to some people, and a thousand to others.
 */
export function units(text, decimals) {
  const found = /^(\d{1,78})(?:[.,](\d*))?$/.exec(text.trim());
  if (!found || (found[2] ?? "").length > decimals || THOUSAND.test(text.trim())) return null;
  return BigInt(found[1] + (found[2] ?? "").padEnd(decimals, "0"));
}

const THOUSAND = /^[1-9]\d{0,2},\d{3}$/;
