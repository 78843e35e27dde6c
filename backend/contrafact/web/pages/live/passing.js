// How much of the piece has passed: the clock, and the line below it.
import { byId } from "../shared/dom.js";
import { clock } from "../shared/format.js";

export function progressed(seconds, whole) {
  const text = clock(seconds);
  if (byId("clock").textContent === text) return;
  byId("clock").textContent = text;
  byId("progress").firstElementChild.style.setProperty("width", `${(100 * seconds) / whole}%`);
}
