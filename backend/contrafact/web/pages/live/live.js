// A live piece: play, pause, steer, end. What was played is the service's to know; a reload goes on where it was.
import { get, post } from "../shared/api.js";
import { ask } from "../shared/dialog.js";
import { byId, h, show } from "../shared/dom.js";
import { clock, percent } from "../shared/format.js";
import { notice, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";
import { Roll } from "./roll.js";
import { Sliders } from "./sliders.js";
import { Sound } from "./sound.js";

const page = byId("live"), order = page.dataset.order, api = `/v1/orders/${order}/live`, kept = `live:${order}`;
const sound = new Sound(), sliders = new Sliders(byId("sources"), steer);
const roll = new Roll(byId("roll"), sliders.count);
let view = null, events = null, playing = false, last = null, drawn = null, drawing = null, unsent = null;

const heard = () => Number(sessionStorage.getItem(kept) ?? -1);
const say = (...what) => show(byId("said"), ...what);

async function begin() {
  if (wallet.session) await look();
  else offer("Sign in to play", "A live piece is its maker’s alone to hear. Sign in with the wallet that ordered it.");
}

/** How the piece stands, and what can be done with it. */
async function look() {
  try {
    view = await get(api);
  } catch (error) {
    offer("Sign in to play");
    return say(problem(error));
  }
  sliders.set(view.sources.map((source) => source.weight));
  if (view.given && !last) resumed();
  const act = {
    unpaid: () => { offer(null); say(notice("warn", h("p", null, "This order is not paid yet. Pay it in the studio; then it can begin."))); },
    unconfirmed: () => { offer(null, "Your payment is on its way. This takes a moment."); setTimeout(look, 2000); },
    ready: () => offer("Play"), playing: () => offer("Go on"), paused: () => offer("Go on"),
    ended: finished, closed: finished,
  }[view.state];
  act();
}

/** After a reload: what was played so far, before it goes on. */
function resumed() {
  fill({ base_share: view.base_share, shares: view.shares, cost: view.cost }, view.played_seconds);
  byId("clock").textContent = clock(view.played_seconds);
  byId("now").textContent = "The notes appear here again when you go on.";
}

/** What the large button does next; null where there is nothing to be done. */
function offer(label, words) {
  byId("play").disabled = label === null;
  byId("play-label").textContent = label ?? "Play";
  byId("play").toggleAttribute("data-playing", playing);
  byId("stop").disabled = !view || !["playing", "paused"].includes(view.state) || !view.given;
  if (words) say(notice("", h("p", null, words)));
}

async function press() {
  if (playing) return pause();
  try {
    if (!wallet.session || !view) {
      await wallet.signIn();
      return await look();
    }
    byId("play").disabled = true;
    byId("play-label").textContent = "One moment …";
    await sound.start();
    view = await post(api);
    show(byId("said"));
    follow();
  } catch (error) {
    offer(view ? "Play" : "Sign in to play");
    if (error.code !== "cancelled") say(problem(error));
    if (error.code === "order_closed") look();
  }
}

function follow() {
  playing = true;
  page.toggleAttribute("data-playing", true);
  offer("Pause");
  sliders.enable(true);
  if (unsent) steer(unsent);
  events?.close();
  events = new EventSource(`${api}/events?after=${last ? last.bar : Math.max(-1, heard() - 1)}`);
  events.addEventListener("bar", (event) => taken(JSON.parse(event.data)));
  events.addEventListener("ended", (event) => over(JSON.parse(event.data)));
  events.addEventListener("error", (event) => hindered(event.data && JSON.parse(event.data)));
  drawing ??= requestAnimationFrame(draw);
}

function taken(bar) {
  if (last && bar.bar <= last.bar) return;
  last = bar;
  view.given = Math.max(view.given, bar.bar + 1);
  byId("stop").disabled = false;
  roll.add(bar);
  sound.add(bar, `${api}/bars/${bar.bar}`);
}

function pause() {
  events?.close();
  playing = false;
  sound.pause();
  view.state = "playing";
  offer("Go on");
}

/** The browser comes back by itself from a lost connection; from a refusal it does not, and the service says why. */
function hindered(error) {
  if (error) say(problem(error));
  if (events.readyState !== EventSource.CLOSED || !playing) return;
  playing = false;
  sound.pause();
  say(problem({ message: "The music was interrupted.", hint: "Nothing was lost: it goes on where it was." }));
  offer("Go on");
}

async function steer(weights) {
  unsent = weights;
  if (!playing) return sliders.tell("These weights will hold from the next bar on, once it plays.");
  try {
    const { bar } = await post(`${api}/weights`, { weights });
    if (unsent === weights) unsent = null;
    sliders.tell(`In force from ${clock(bar * view.bar_seconds)} on.`);
  } catch (error) {
    sliders.tell(`${error.message} ${error.hint}`);
  }
}

/** Up to what second that is paid for. */
const paidTo = (seconds) => Math.min(view.seconds, 30 * Math.max(1, Math.ceil(seconds / 30)));

/** While the question stands no bar is made, so that it can say what ending here costs; what was made sounds on. */
async function stop() {
  events?.close();
  try {
    view = await get(api);
    const chosen = await ask({
      title: "End the piece here?",
      body: [h("p", null, `${clock(view.played_seconds)} of it were made. Ending now costs `, h("span", { class: "figure" }, view.cost.text),
          `; so, about, would any end before ${clock(paidTo(view.played_seconds))}, for prices are for each started 30 seconds.`),
        h("p", null, "It cannot be gone on with afterwards. The rest of what you paid in comes back to you.")],
      actions: [{ label: "End it", value: true }, { label: "Keep playing", value: null }],
    });
    if (!chosen) return void (playing && follow());
    byId("stop").disabled = true;
    await post(`${api}/stop`);
    if (playing) follow();
    else finished();
  } catch (error) {
    byId("stop").disabled = false;
    say(problem(error));
    if (playing) follow();
  }
}

/** No more bars come; those that were given out still sound. */
async function over(end) {
  events.close();
  sliders.enable(false);
  byId("stop").disabled = true;
  await sound.finish(`${api}/bars/${end.bars}`);
  setTimeout(finished, sound.left() * 1000 + 500);
}

async function finished() {
  playing = false;
  sliders.enable(false);
  view = await get(api);
  offer(null);
  byId("play-label").textContent = "Ended";
  fill({ base_share: view.base_share, shares: view.shares, cost: view.cost }, view.played_seconds);
  const why = { whole: "It has played to its end.", stopped: "You ended it.", left: "Nobody listened any more, so it ended.", late: "It ended because its deadline was near.", unplayed: "Nobody began it, so its first half minute was made." }[view.why] ?? "";
  byId("cost-says").textContent = "It costs";
  byId("clock").textContent = clock(view.played_seconds);
  const next = h("p", null, view.state === "closed" ? "It is settled." : "Now it is rendered, recorded and settled; its own page shows how far that is.");
  settled(next);
  const told = h("div", { class: "notice good", role: "status", tabindex: "-1" }, h("h2", { class: "first" }, "The piece is over"),
    h("p", null, `${why} ${view.played_seconds} seconds count, which cost `, h("span", { class: "figure" }, view.cost.text), ` of at most `, h("span", { class: "figure" }, view.highest_cost.text), "."), next,
    h("p", { class: "actions" }, h("a", { class: "button", href: `/orders/${order}` }, "See the piece and who was paid")));
  say(told);
  told.focus();
}

/** Says so once it is. */
async function settled(words) {
  while (view.state === "ended") {
    await new Promise((go) => setTimeout(go, 3000));
    view = await get(api).catch(() => view);
  }
  words.textContent = "It is settled: the songs were paid, and the rest came back to you.";
}

/** What is seen of the bar that sounds. */
function draw() {
  const now = sound.now();
  if (now) {
    roll.draw(now.bar.begins + now.into);
    byId("clock").textContent = clock(now.bar.begins + now.into);
    if (drawn !== now.bar.bar) fill(now.bar, now.bar.begins);
    drawn = now.bar.bar;
  }
  drawing = !playing ? null : roll.still.matches ? setTimeout(draw, 500) : requestAnimationFrame(draw);
}

function fill(bar, seconds) {
  if (bar.bar !== undefined) sessionStorage.setItem(kept, String(bar.bar));
  const parts = [...bar.shares, bar.base_share];
  [...byId("shares").children].forEach((row, place) => {
    row.querySelector(".figure").textContent = percent(parts[place]);
    row.querySelector(".meter > *").style.setProperty("width", `${parts[place] / 10_000}%`);
  });
  byId("cost").textContent = bar.cost.text;
  byId("progress").firstElementChild.style.setProperty("width", `${(100 * seconds) / view.seconds}%`);
  byId("covered").textContent = view.why ? "" : `Any end before ${clock(paidTo(seconds + (bar.seconds ?? 0)))} costs about that.`;
  if (bar.weights) sliders.sounds(bar.weights);
  if (bar.notes) byId("now").textContent = words(bar);
}

/** For who cannot see the notes: whose music this bar is. */
function words(bar) {
  const notes = bar.notes.filter((note) => note.part === "melody");
  const sums = notes.reduce((all, note) => all.map((sum, i) => sum + note.responsibilities[i] * note.duration), Array(sliders.count + 1).fill(0));
  const most = sums.indexOf(Math.max(...sums));
  return most ? `This bar is mostly ${sliders.titles[most - 1]}.` : "This bar is mostly the model’s own.";
}

addEventListener("beforeunload", (event) => { if (playing) event.preventDefault(); });
byId("play").addEventListener("click", press);
byId("stop").addEventListener("click", stop);
wallet.addEventListener("session", () => { if (!view) begin(); });
begin();
