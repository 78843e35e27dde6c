// A live piece: play, pause, steer, end. What was played is the service's to know; a reload goes on where it was.
import { get, post } from "../shared/api.js";
import { byId, h, show } from "../shared/dom.js";
import * as price from "./cost.js";
import { notice, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";
import { end, outcome } from "./ending.js";
import { Roll } from "./roll.js";
import { progressed } from "./passing.js";
import { fill, words } from "./shares.js";
import { Sliders } from "./sliders.js";
import { Sound } from "./sound.js";
import { Tabs } from "./tabs.js";
import { Telling, weights } from "./telling.js";

const page = byId("live"), order = page.dataset.order, api = `/v1/orders/${order}/live`;
const sound = new Sound(() => playing && pause());
const sliders = new Sliders(byId("sources"), steer);
const telling = new Telling(api, sliders);
const roll = new Roll(byId("roll"), sliders.count), tabs = new Tabs(order, elsewhere);
let view = null, events = null, playing = false, last = null, drawn = null, drawing = null;
let ahead = 0, silent = 0, asking = false, refused = null;
const RETRY = 5_000; // milliseconds
const WAITS = "The music waits for the service, and goes on where it was. Until then no more is made, or paid for.";
const ELSEWHERE = "The piece plays in another tab of yours now. Go on here to bring it back.";
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
  if (!sliders.waits) sliders.set(weights(view));
  if (view.given && !last) resumed();
  ({
    unpaid: () => offer(null, "This order is not paid yet. Pay it in the studio; then it can begin."),
    unconfirmed: () => { offer(null, "Your payment is on its way. This takes a moment."); setTimeout(look, 2000); },
    ready: () => offer("Play"), playing: () => offer("Go on"), paused: () => offer("Go on"),
    ended: finished, closed: finished,
  })[view.state]();
}

/** After a reload: what was played so far, before it goes on. */
function resumed() {
  fill(view);
  progressed(view.played_seconds, view.seconds);
  price.tell(view, price.untilNext(view, view, view.given * view.bar_seconds, 0), view);
  byId("now").textContent = "The notes appear here again when you go on.";
}

/** What the large button does next; null where there is nothing to be done. */
function offer(label, words) {
  byId("play").disabled = label === null;
  byId("play-label").textContent = label ?? "Play";
  byId("play").toggleAttribute("data-playing", playing);
  page.toggleAttribute("data-playing", playing);
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
    tabs.plays();
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
  offer("Pause");
  sliders.enable(true);
  listen();
  drawing ??= requestAnimationFrame(draw);
}

function listen() {
  events?.close();
  events = new EventSource(`${api}/events?after=${Math.max(last?.bar ?? -1, tabs.heard(view.given) - 1)}`);
  events.addEventListener("open", agree);
  events.addEventListener("bar", (event) => taken(JSON.parse(event.data)));
  events.addEventListener("ended", (event) => over(JSON.parse(event.data)));
  events.addEventListener("error", (event) => hindered(event.data && JSON.parse(event.data)));
}

async function agree() {
  if (refused) show(byId("said"));
  refused = null;
  const now = await get(api).catch(() => null); // the stream says what is wrong
  if (now) telling.agree(view = now);
}

/** Each second, also where nobody looks: a move that could not be told is told, a silent connection made anew. */
function watch() {
  if (playing) telling.again(view);
  if (!playing || asking || !last || sound.left() > 0 || last.bar + 1 === view.bars) {
    if (playing && silent >= 3) show(byId("said"));
    return void (silent = 0);
  }
  silent += 1;
  if (silent === 3) say(notice("warn", h("p", null, WAITS)));
  if (silent % 8 === 0) listen();
}

function taken(bar) {
  if (last && bar.bar <= last.bar) return;
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
  offer("Go on");
}

function elsewhere() {
  if (!playing) return;
  pause();
  say(notice("", h("p", null, ELSEWHERE)));
}

/** The browser comes back by itself from a lost connection. From a refusal, as of a full service, it does not. */
async function hindered(error) {
  if (error) say(problem(error));
  if (events.readyState !== EventSource.CLOSED || !playing) return;
  refused = events;
  say(notice("warn", h("p", null, WAITS)));
  try {
    view = await get(api);
    if (["ended", "closed"].includes(view.state)) return await finished();
  } catch (reason) {
    if ([401, 403, 404].includes(reason.status)) return pause(), say(problem(reason));
  }
  setTimeout(() => playing && !asking && events === refused && listen(), RETRY);
}

function steer() {
  if (playing) return telling.tell(view);
  return sliders.tell("These weights will hold from the next bar on, once it plays.");
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
  tabs.forget();
  byId("play-label").textContent = "Ended";
  fill(view);
  progressed(view.played_seconds, view.seconds);
  price.over(view.cost);
  say(outcome(view, api));
  byId("said").firstElementChild.focus();
}

/** What is seen of the bar that sounds. */
function draw() {
  const now = playing && sound.now();
  if (now) {
    const at = position();
    roll.draw(at);
    price.tell(last, price.untilNext(last, view, at, ahead), view);
    sliders.countDown(at);
    progressed(at, view.seconds);
    if (drawn !== now.bar.bar) sounding(now.bar);
    drawn = now.bar.bar;
  }
  drawing = !playing ? null : roll.still.matches ? setTimeout(draw, 500) : requestAnimationFrame(draw);
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
  if (now && playing) tabs.keep(now.bar.bar);
}

addEventListener("beforeunload", (event) => { if (playing) event.preventDefault(); });
addEventListener("pagehide", keep);
setInterval(() => { watch(); keep(); }, 1000);
byId("play").addEventListener("click", press);
byId("stop").addEventListener("click", stop);
wallet.addEventListener("session", () => { if (!view) begin(); });
begin();
