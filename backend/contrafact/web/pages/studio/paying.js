// Paying, as it is seen: the offer, the licence, how often the wallet will ask, and what stands in the way.
import { byId, h, show } from "../shared/dom.js";
import { localMoment, money } from "../shared/format.js";
import { busy, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";
import { approvals } from "./approvals.js";
import { facts, inToken } from "./facts.js";
import { payments } from "./kept.js";
import { balanceOf, begin, faucet, isPaid, pageOf, pay, planOf, send, settled, waiting } from "./payment.js";

const place = byId("pay");
let offered = null,
  working = false;

export function mountPayment() {
  for (const event of ["session", "account"])
    wallet.addEventListener(event, () => {
      if (!working) draw();
    });
  unfinished();
  return {
    offer(found) {
      offered = found;
      if (!working) draw();
    },
  };
}

function draw() {
  if (!offered) return show(place);
  const first = wallet.session
    ? "You see the licence and what your wallet will ask before anything is paid."
    : "Your wallet first asks you to sign in, which costs nothing.";
  show(
    place,
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", class: "button", onclick: () => work(start) }, "Go on to pay"),
    ),
    h("p", { class: "small" }, first),
  );
}

/** Does one thing at a time; what goes wrong is said, and `again` is the way on. */
async function work(what, again = what) {
  working = true;
  try {
    await what();
  } catch (error) {
    working = false;
    if (error.code === "over") draw();
    else show(place);
    place.prepend(problem(error, error.code === "over" ? undefined : () => work(again)));
  }
}

async function start() {
  show(place, busy("Getting the offer …"));
  const payment = await begin(offered.request);
  working = false;
  await ready(payment);
}

/** The offer is there: what hinders it, or the last button. */
async function ready(payment) {
  const again = () => work(() => ready(payment));
  if (waiting(payment).length) return panel(payment, approvals(payment, again));
  const missing = BigInt(payment.offer.escrow.units) - (await balanceOf(payment));
  if (missing > 0n) return panel(payment, tooLittle(payment, missing, again));
  show(place, busy("Looking for the shortest way to pay …"));
  const plan = await planOf(payment);
  const button = h(
    "button",
    {
      type: "button",
      class: "button",
      onclick: () =>
        work(
          () => finish(payment, () => pay(payment, plan)),
          () => resume(payment),
        ),
    },
    "Pay at most ",
    money(payment.offer.escrow),
  );
  panel(payment, [h("p", { id: "prompts" }, asks(plan)), h("div", { class: "actions" }, button)]);
  button.focus();
}

function panel(payment, ...children) {
  const licence =
    payment.licence &&
    h(
      "details",
      null,
      h("summary", null, "What you may do with the piece"),
      h("p", { class: "licence", tabindex: "0" }, payment.licence),
    );
  show(
    place,
    h(
      "div",
      { class: "ready" },
      licence,
      children,
      h("p", { class: "small" }, `This offer is good until ${localMoment(payment.offer.valid_until)}.`),
    ),
  );
}

const TIMES = ["no time", "once", "twice", "three times", "four times"];

function asks({ prompts, steps, gas }) {
  const signs = steps.messages.length,
    sends = prompts - signs;
  const what = [
    signs && `${signs} ${signs === 1 ? "signature" : "signatures"}`,
    sends && `${sends} ${sends === 1 ? "transaction" : "transactions"}`,
  ]
    .filter(Boolean)
    .join(" and ");
  const fee = gas ? "Your wallet pays the network’s fee." : "You pay no network fee.";
  return `Your wallet asks you ${TIMES[prompts] ?? `${prompts} times`}: ${what}. ${fee}`;
}

function tooLittle(payment, missing, again) {
  const get =
    facts.faucet &&
    h(
      "button",
      { type: "button", class: "button", onclick: () => work(() => faucet(payment.maker).then(() => ready(payment))) },
      "Get 100 test dollars",
    );
  const retry = h("button", { type: "button", class: `button ${get ? "quiet" : ""}`, onclick: again }, "I have it now");
  return [
    h(
      "div",
      { class: "notice warn" },
      h("p", { class: "strong" }, `${inToken(missing)} are missing.`),
      h("p", null, "Your wallet must hold the most that the piece can cost. What is not used comes back to it."),
    ),
    h("div", { class: "actions" }, get, retry),
  ];
}

async function finish(payment, act) {
  show(place, busy("Your wallet asks you now. Then the payment is sent; keep this page open."));
  await act();
  show(place, busy("Paid. Going to your piece …"));
  await settled(payment.order);
  location.assign(pageOf(payment));
}

/** After a no, an error or a reload: on from where it stands. */
async function resume(payment) {
  const known = payments.get(payment.order) ?? payment;
  if (known.signatures) return finish(known, () => send(known));
  working = false;
  return ready(payment);
}

/** Payments that a reload or a crash cut short. */
async function unfinished() {
  for (const payment of payments.all()) {
    const paid = await isPaid(payment.order).catch(() => null);
    if (paid === null) continue;
    if (paid)
      told(
        payment,
        "A piece that you paid for is under way.",
        h("a", { class: "button", href: pageOf(payment) }, "See it"),
      );
    if (paid || Date.parse(payment.offer.valid_until) < Date.now()) payments.drop(payment.order);
    else if (payment.signatures) signed(payment);
    else if (payment.begun)
      told(
        payment,
        "You began to pay for a piece, and the payment is not seen yet. " +
          "If you sent it, look again in a moment; if not, nothing was paid.",
        h("button", { type: "button", class: "button quiet", onclick: () => location.reload() }, "Look again"),
      );
  }
}

function signed(payment) {
  const drop = () => {
    payments.drop(payment.order);
    byId(`kept-${payment.order}`).remove();
  };
  const go = h(
    "button",
    {
      type: "button",
      class: "button",
      onclick: () => {
        byId(`kept-${payment.order}`).remove();
        byId("offer").scrollIntoView();
        work(() => resume(payment));
      },
    },
    "Send it now",
  );
  told(
    payment,
    `You signed a payment of at most ${payment.offer.escrow.text}, and it was not sent yet. Nothing is paid.`,
    go,
    h("button", { type: "button", class: "button quiet", onclick: drop }, "Let it go"),
  );
}

const told = (payment, text, ...actions) =>
  byId("unfinished").append(
    h(
      "div",
      { class: "notice warn", id: `kept-${payment.order}` },
      h("p", { class: "strong" }, text),
      h("div", { class: "actions" }, actions),
    ),
  );
