// A live piece: play, pause, steer, end. What was played is the service's to know; a reload goes on where it was.
import { get, post } from "../shared/api.js";
import { byId, h, show } from "../shared/dom.js";
import * as price from "./cost.js";
import { clock } from "../shared/format.js";
import { notice, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";
import { end, outcome } from "./ending.js";
import { Roll } from "./roll.js";
import { fill, words } from "./shares.js";
import { Sliders } from "./sliders.js";
import { Sound } from "./sound.js";

const page = byId("live"), order = page.dataset.order, api = `/v1/orders/${order}/live`, kept = `live:${order}`;
const sound = new Sound(() => playing && pause());
const sliders = new Sliders(byId("sources"), steer);
const roll = new Roll(byId("roll"), sliders.count), tabs = new BroadcastChannel(kept);
let view = null, events = null, playing = false, last = null, drawn = null, drawing = null, steering = false;
let ahead = 0, silent = 0, asking = false;
const WAITS = "The music waits for the service, and goes on where it was. Until then no more is made, or paid for.";
const ELSEWHERE = "The piece plays in another tab of yours now. Go on here to bring it back.";

/** The bar that was heard last in this browser; where none was, it goes on with those that were made last. */
const heard = () => Number(localStorage.getItem(kept) ?? view.given - 2);
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
  if (!sliders.waits) sliders.set(weights());
  if (view.given && !last) resumed();
  const act = {
    unpaid: () => { offer(null); say(notice("warn", h("p", null, "This order is not paid yet. Pay it in the studio; then it can begin."))); },
    unconfirmed: () => { offer(null, "Your payment is on its way. This takes a moment."); setTimeout(look, 2000); },
    ready: () => offer("Play"), playing: () => offer("Go on"), paused: () => offer("Go on"),
    ended: finished, closed: finished,
  }[view.state];
  act();
}

const weights = () => view.sources.map((source) => source.weight);

/** After a reload: what was played so far, before it goes on. */
function resumed() {
  fill(view);
  progressed(view.played_seconds);
  price.tell(view, price.untilNext(view, view, view.given * view.bar_seconds, 0), view);
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
    tabs.postMessage("plays");
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
  listen();
  drawing ??= requestAnimationFrame(draw);
}

function listen() {
  events?.close();
  silent = 0;
  events = new EventSource(`${api}/events?after=${Math.max(last?.bar ?? -1, heard() - 1)}`);
  events.addEventListener("open", agree);
  events.addEventListener("bar", (event) => taken(JSON.parse(event.data)));
  events.addEventListener("ended", (event) => over(JSON.parse(event.data)));
  events.addEventListener("error", (event) => hindered(event.data && JSON.parse(event.data)));
}

/** What was moved while nothing could be told, or before a service ended, holds from now on. */
async function agree() {
  try {
    view = await get(api);
  } catch {
    return; // the stream says what is wrong
  }
  const now = sliders.weights;
  if (sliders.waits && weights().some((weight, place) => weight !== now[place])) steer();
}

/** Each second, also where nobody looks: a connection that went without a word is made anew. */
function watch() {
  if (!playing || asking || !last || sound.left() > 0 || last.bar + 1 === view.bars) return void (silent = 0);
  silent += 1;
  if (silent === 3) say(notice("warn", h("p", null, WAITS)));
  if (silent % 8 === 0) listen();
}

function taken(bar) {
  if (last && bar.bar <= last.bar) return;
  if (silent >= 3) show(byId("said"));
  last = bar;
  if (sound.left() > 0) ahead = bar.begins - position(); // else nothing is known of it
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
  page.toggleAttribute("data-playing", false);
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

/** Tells the service where the sliders are: one message at a time, the last move counts. */
async function steer() {
  if (!playing) return sliders.tell("These weights will hold from the next bar on, once it plays.");
  if (steering) return;
  steering = true;
  try {
    for (let told = null; String(told) !== String(sliders.weights); ) {
      told = sliders.weights;
      const { bar } = await post(`${api}/weights`, { weights: told });
      sliders.holds(bar * view.bar_seconds);
    }
  } catch (error) {
    sliders.tell(`${error.message} ${error.hint}`);
    if (error.status === 422) sliders.set(weights());
  }
  steering = false;
}

/** While the question stands no bar is made, so that it can say what ending here costs; what was made sounds on. */
async function stop() {
  if (asking) return;
  asking = true;
  events?.close();
  let ended = false;
  try {
    ended = await end(api);
  } catch (error) {
    say(problem(error));
  }
  asking = false;
  if (playing) listen();
  else if (ended) finished();
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
  localStorage.removeItem(kept);
  byId("play-label").textContent = "Ended";
  fill(view);
  progressed(view.played_seconds);
  price.over(view.cost);
  const told = outcome(view, api);
  say(told);
  told.focus();
}

/** What is seen of the bar that sounds. */
function draw() {
  const now = playing && sound.now();
  if (now) {
    const at = position();
    roll.draw(at);
    price.tell(last, price.untilNext(last, view, at, ahead), view);
    sliders.countDown(at);
    progressed(at);
    if (drawn !== now.bar.bar) sounding(now.bar);
    drawn = now.bar.bar;
  }
  drawing = !playing ? null : roll.still.matches ? setTimeout(draw, 500) : requestAnimationFrame(draw);
}

function progressed(seconds) {
  const text = clock(seconds);
  if (byId("clock").textContent === text) return;
  byId("clock").textContent = text;
  byId("progress").firstElementChild.style.setProperty("width", `${(100 * seconds) / view.seconds}%`);
}

function sounding(bar) {
  fill(bar);
  sliders.sounds(bar.weights);
  byId("now").textContent = words(bar, sliders.titles);
}

/** Seconds of the piece that were heard. */
function position() {
  const now = sound.now();
  return now ? now.bar.begins + now.into : 0;
}

/** For whoever comes back: where to go on. */
function keep() {
  const now = sound.now();
  if (now && playing) localStorage.setItem(kept, String(now.bar.bar));
}

addEventListener("beforeunload", (event) => { if (playing) event.preventDefault(); });
addEventListener("pagehide", keep);
setInterval(() => { watch(); keep(); }, 1000);
tabs.addEventListener("message", () => {
  if (!playing) return;
  pause();
  say(notice("", h("p", null, ELSEWHERE)));
});
byId("play").addEventListener("click", press);
byId("stop").addEventListener("click", stop);
wallet.addEventListener("session", () => { if (!view) begin(); });
begin();
