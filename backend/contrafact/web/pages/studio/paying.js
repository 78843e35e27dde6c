// Paying, as it is seen: the offer, the licence, how often the wallet will ask, and what stands in the way.
import { byId, h, show } from "../shared/dom.js";
import { localMoment, money } from "../shared/format.js";
import { busy, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";
import { approvals } from "./approvals.js";
import { facts, inToken } from "./facts.js";
import { plainly } from "./fields.js";
import { payments, timeLeft } from "./kept.js";
import { ordered, remember } from "./ordered.js";
import {
  balanceOf,
  begin,
  faucet,
  isBehind,
  pageOf,
  pay,
  planOf,
  send,
  settled,
  standing,
  waiting,
} from "./payment.js";
import { hearers } from "./readers.js";
import { showUnfinished } from "./unfinished.js";

const place = byId("pay");
const first = h("p", { class: "small" });
const GO_ON = "Go on to pay";
const goOn = action(GO_ON, () => work(start));
let offered = null, // what the session would be ordered as: {request, preview}
  isComing = false, // whether that is being asked
  maker = null, // whose offer is shown
  lapse = 0, // the timer until that is over
  stage = "offered"; // then "busy", while something is under way, and "ready", when the maker is to act

export function mountPayment() {
  for (const event of ["session", "account"]) wallet.addEventListener(event, signedIn);
  addEventListener("pageshow", ({ persisted }) => persisted && draw()); // back from where a payment led
  showUnfinished(async (payment) => {
    place.scrollIntoView({ block: "center" });
    await work(() => resume(payment));
  });
  return {
    offer(found, isAsked = false) {
      offered = found;
      isComing = isAsked;
      if (stage !== "busy") draw();
    },
  };
}

function draw() {
  stage = "offered";
  if (!offered && !isComing) return show(place);
  goOn.disabled = !offered; // it stays where it is while weights move
  first.textContent = whatComes();
  const before = ordered();
  goOn.textContent = before ? "Order it once more" : GO_ON;
  goOn.classList.toggle("quiet", Boolean(before));
  show(place, before, h("div", { class: "actions" }, goOn), first);
}

function whatComes() {
  if (!wallet.session) return "Your wallet first asks you to sign in, which costs nothing.";
  const before = offered && standing(offered.request);
  if (!before) return "You see the licence and what your wallet will ask before anything is paid.";
  const until = localMoment(before.offer.valid_until);
  return (
    `You had begun to pay for this, and nothing is seen as paid. “${GO_ON}” brings the same offer back;` +
    ` it is good until ${until}.`
  );
}

/** Another account is another maker: its offer is another one, too. */
function signedIn() {
  if (stage === "offered" || (stage === "ready" && isOther())) draw();
}

const isOther = () => wallet.session?.toLowerCase() !== maker?.toLowerCase();

/** Does one thing at a time; what goes wrong is said, and `again` is the way on. */
async function work(what, again = what) {
  const before = { stage, shown: [...place.childNodes].filter((one) => !one.matches?.(".said-no")) };
  stage = "busy";
  clearTimeout(lapse); // what was sent may be paid, whatever the clock says: only a panel arms it again
  try {
    await what();
  } catch (error) {
    stage = "ready";
    if (error.code === "cancelled" && before.shown.length) return saidNo(error, before);
    const isOver = error.code === "over";
    if (isOver) draw();
    else show(place);
    place.prepend(problem(plainly(error), isOver ? undefined : () => work(again)));
  }
}

/** A no of the reader's own: what stood there stays, with its button. */
function saidNo({ message, hint }, before) {
  ({ stage } = before);
  if (stage === "offered" || isOther()) draw();
  else show(place, before.shown);
  place.prepend(h("p", { class: "notice said-no", role: "status" }, `${message} ${hint}`));
  place.querySelector(".actions .button")?.focus();
}

async function start() {
  show(place, busy("Getting the offer …"));
  await ready(await begin(offered.request));
}

/** The offer is there: what hinders it, or the last button. */
async function ready(payment) {
  if (await isBehind(payment)) return leave(payment);
  const again = () => work(() => ready(payment));
  if (waiting(payment).length) return panel(payment, approvals(payment, again));
  show(place, busy("Looking for the shortest way to pay …"));
  const missing = BigInt(payment.offer.escrow.units) - (await balanceOf(payment));
  if (missing > 0n) return panel(payment, tooLittle(payment, missing, again));
  const plan = await planOf(payment);
  const act = () => finish(payment, () => pay(payment, plan));
  const label = h("span", null, "Pay at most ", money(payment.offer.escrow));
  const button = action(label, () => work(act, () => resume(payment)));
  panel(payment, [h("p", { id: "prompts" }, asks(plan)), h("div", { class: "actions" }, button)]);
  button.focus();
}

function panel(payment, ...children) {
  const licence = h("summary", null, "What you may do with the piece");
  const text = h("p", { class: "licence", tabindex: "0" }, payment.licence);
  const until = h("p", { class: "small" }, `This offer is good until ${localMoment(payment.offer.valid_until)}.`);
  const details = payment.licence && h("details", null, licence, text);
  show(place, hearers(payment.readers), details, children, until);
  maker = payment.maker;
  stage = "ready";
  clearTimeout(lapse);
  lapse = setTimeout(() => stage === "ready" && work(() => ready(payment)), timeLeft(payment) + 1); // over by then
}

const TIMES = ["no time", "once", "twice", "three times", "four times"];
const counted = (count, one) => count > 0 && `${count} ${one}${count > 1 ? "s" : ""}`;

function asks({ prompts, steps, gas }) {
  const signs = steps.messages.length;
  const what = [counted(signs, "signature"), counted(prompts - signs, "transaction")].filter(Boolean).join(" and ");
  const fee = gas ? "Your wallet pays the network’s fee." : "You pay no network fee.";
  return `Your wallet asks you ${TIMES[prompts] ?? `${prompts} times`}: ${what}. ${fee}`;
}

function tooLittle(payment, missing, again) {
  const fill = () => faucet(payment.maker).then(() => ready(payment));
  const get = facts.faucet && action("Get 100 test dollars", () => work(fill, again));
  return [
    h(
      "div",
      { class: "notice warn" },
      h("p", { class: "strong" }, `${inToken(missing)} are missing.`),
      h("p", null, "Your wallet must hold the most that the piece can cost. What is not used comes back to it."),
    ),
    h("div", { class: "actions" }, get, action("I have it now", again, get ? "quiet" : "")),
  ];
}

async function finish(payment, act) {
  show(place, busy("Your wallet asks you now. Then the payment is sent; keep this page open."));
  await act();
  await leave(payment);
}

async function leave(payment) {
  show(place, busy("Going to your piece …"));
  await settled(payment.order);
  if (offered) remember(pageOf(payment));
  location.assign(pageOf(payment));
}

/** After a no, an error or a reload: on from where it stands. */
async function resume(payment) {
  const known = payments.get(payment.order) ?? payment;
  if (known.signatures) return finish(known, () => send(known));
  return ready(payment);
}

function action(label, onclick, kind = "") {
  return h("button", { type: "button", class: `button ${kind}`, onclick }, label);
}
