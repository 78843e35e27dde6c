// What it costs to end now, against playing on. Prices are for started half minutes: when does the next one begin?
import { byId, h, show } from "../shared/dom.js";
import { money } from "../shared/format.js";

const UNIT = 30, UNDER_WAY = 0.5; // seconds; a bar is in the making a little before it is given out
let said = null;

/** `bar`: the last one given out, or the order's view; `seconds` until a bar of the next half minute is made. */
export function tell(bar, seconds, view) {
  if (byId("cost").textContent !== bar.cost.text) byId("cost").textContent = bar.cost.text;
  const most = Math.ceil(view.seconds / UNIT), which = Math.max(1, Math.ceil(bar.covered_seconds / UNIT));
  const wait = Math.max(0, Math.floor(seconds)), key = `${which} ${bar.next_cost?.units} ${wait}`;
  if (key === said) return;
  said = key;
  byId("half").textContent = `Half minute ${which} of at most ${most}.`;
  const when = h("span", { class: "figure" }, `${wait} s`);
  const further = ["The next begins in ", when, "; with it, about ", money(bar.next_cost)];
  show(byId("covered"), bar.next_cost ? further : "It is the last one: to play on costs about the same", ".");
}

export function over(cost) {
  byId("cost-says").textContent = "It costs";
  byId("cost").textContent = cost.text;
  byId("half").textContent = "";
  byId("covered").textContent = "";
}

/** Seconds from `position` (of the piece) until a bar of the next half minute is made, `ahead` of its sound. */
export function untilNext(bar, view, position, ahead) {
  const first = Math.floor(bar.covered_seconds / view.bar_seconds + 1e-6); // the bar that reaches into it
  return first * view.bar_seconds - position - ahead - UNDER_WAY;
}
