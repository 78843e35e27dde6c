// Follows an order by server-sent events; the browser comes back by itself when the line breaks.
import { byId } from "../shared/dom.js";

const LASTING = new Set(["generating", "rendering"]);
const RANK = ["paid", "verified", "generating", "rendering", "recorded", "settled", "paid out", "delivered"];
const FINAL = ["delivered", "refunded", "expired", "stopped"];
const RETRY = 5_000;

/** Marks the steps as they happen; calls `ended` when the page has to be another. Gives a function that ends it. */
export function follow(order, ended) {
  let events,
    timer,
    over = false,
    before = byId("order").dataset.stage;
  const line = byId("line"),
    quiet = line?.textContent;
  const open = () => {
    events = new EventSource(`/v1/orders/${order}/progress`);
    events.onopen = () => {
      if (line) line.textContent = quiet;
    };
    for (const stage of [...RANK, ...FINAL, "waiting"])
      events.addEventListener(stage, (event) => heard(JSON.parse(event.data)));
    events.onerror = (event) => {
      if (over || event.data) return; // an error of the service in words: the browser comes back
      if (line) line.textContent = "The line to the service broke. The work goes on; this page comes back by itself.";
      if (events.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY);
    };
  };
  const heard = (progress) => {
    const waits = byId("order").dataset.waits; // for its maker to play: being paid is no news then
    if (waits && progress.stage === "paid") return;
    if (progress.is_final || waits || (before === "waiting" && progress.stage === "paid")) {
      stop();
      ended();
      return;
    }
    if (RANK.indexOf(progress.stage) < RANK.indexOf(before)) return; // told again from its beginning
    mark(progress, before);
    before = progress.stage;
  };
  const stop = () => {
    over = true;
    clearTimeout(timer);
    events.close();
  };
  open();
  return stop;
}

function mark({ stage, bar, bars }, before) {
  const steps = [...document.querySelectorAll("#steps .stage")],
    place = RANK.indexOf(stage);
  const at = LASTING.has(stage) ? place : place + 1;
  steps.forEach((step, i) => {
    const state = i < at ? "done" : i === at ? "now" : "later";
    step.classList.remove("done", "now", "later");
    step.classList.add(state);
    step.toggleAttribute("aria-current", false);
    if (state === "now") step.setAttribute("aria-current", "step");
    step.querySelector(".stage-state").textContent = { done: "done", now: "now", later: "to come" }[state];
  });
  const isCounted = stage === "generating" && Boolean(bars);
  byId("bars").hidden = !isCounted;
  if (isCounted) {
    byId("bars-text").textContent = `Bar ${bar} of ${bars}`;
    Object.assign(byId("bars-bar"), { max: bars, value: bar });
  }
  if (stage !== before)
    byId("said").textContent = `${steps[Math.min(at, steps.length - 1)].querySelector(".stage-name").textContent} …`;
}
