// Whose music it was so far, and in the bar that sounds.
import { byId } from "../shared/dom.js";
import { percent } from "../shared/format.js";

/** `bar`: of the API, or the order's view. */
export function fill(bar) {
  const parts = [...bar.shares, bar.base_share];
  [...byId("shares").children].forEach((row, place) => {
    row.querySelector(".figure").textContent = percent(parts[place]);
    row.querySelector(".meter > *").style.setProperty("width", `${parts[place] / 10_000}%`);
  });
}

/** For who cannot see the notes: whose music this bar is. */
export function words(bar, titles) {
  const sums = Array(titles.length + 1).fill(0);
  for (const note of bar.notes.filter((one) => one.part === "melody")) {
    note.responsibilities.forEach((part, place) => { sums[place] += part * note.duration; });
  }
  const most = sums.indexOf(Math.max(...sums));
  return most ? `This bar is mostly ${titles[most - 1]}.` : "This bar is mostly the model’s own.";
}
