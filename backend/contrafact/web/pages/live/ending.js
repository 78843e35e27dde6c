// Ending a live piece: the question, with what it costs, and what came of it.
import { get, post } from "../shared/api.js";
import { ask } from "../shared/dialog.js";
import { h } from "../shared/dom.js";
import { clock, money } from "../shared/format.js";

const WHY = {
  whole: "It has played to its end.", stopped: "You ended it.", left: "Nobody listened any more, so it ended.",
  late: "It ended because its deadline was near.", unplayed: "Nobody began it, so its first half minute was made.",
};

/** Asks, and ends it; false for who keeps playing. No bar is made meanwhile, so that what it says is what it costs. */
export async function end(api) {
  const view = await post(`${api}/pause`);
  if (!view.why && !(await ask(question(view)))) return false;
  if (!view.why) await post(`${api}/stop`); // else it ended in another tab
  return true;
}

function question(view) {
  const further = view.next_cost
    ? ["; played on into the next half minute, from ", clock(view.covered_seconds), ", about ", money(view.next_cost)]
    : "; playing on to its end, about the same";
  return {
    title: "End the piece here?",
    body: [
      h("p", null, `${clock(view.played_seconds)} of it were made. Ending now costs `, money(view.cost), further, "."),
      h("p", null, "It cannot be gone on with afterwards. The rest of what you paid in comes back to you."),
    ],
    actions: [{ label: "End it", value: true }, { label: "Keep playing", value: null }],
  };
}

/** That it is over, why, and what it cost. */
export function outcome(view, api) {
  const next = h("p", null, view.state === "closed" ? "It is settled."
    : "Now it is rendered, recorded and settled; its own page shows how far that is.");
  if (view.state === "ended") settled(next, api);
  const seconds = `${WHY[view.why] ?? ""} ${view.played_seconds} seconds count, which cost `;
  const cost = h("p", null, seconds, money(view.cost), " of at most ", money(view.highest_cost), ".");
  const link = h("a", { class: "button", href: `/orders/${view.order}` }, "See the piece and who was paid");
  const title = h("h2", { class: "first" }, "The piece is over"), actions = h("p", { class: "actions" }, link);
  return h("div", { class: "notice good", role: "status", tabindex: "-1" }, title, cost, next, actions);
}

/** Says so once it is. */
async function settled(words, api) {
  for (let state = "ended"; state === "ended"; ) {
    await new Promise((go) => setTimeout(go, 3000));
    state = (await get(api).catch(() => ({ state }))).state;
  }
  words.textContent = "It is settled: the songs were paid, and the rest came back to you.";
}
