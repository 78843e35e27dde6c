// Payments that a reload or a crash cut short, at the top of the page, with the way on.
import { byId, h, title } from "../shared/dom.js";
import { localMoment } from "../shared/format.js";
import { payments } from "./kept.js";
import { isPaid, pageOf, waiting } from "./payment.js";

/** Looks at all that this browser keeps; `send(payment)` goes on with one that is signed, or waits for approvals. */
export async function showUnfinished(send) {
  for (const payment of payments.all()) {
    const paid = await isPaid(payment.order).catch(() => null);
    if (paid === null) continue; // the service cannot say: it is kept for the next time
    if (paid) told(payment, "A piece that you paid for is under way.", link(pageOf(payment), "See it"));
    if (paid || Date.parse(payment.offer.valid_until) < Date.now()) payments.drop(payment.order);
    else if (payment.signatures) signed(payment, send);
    else if (payment.begun) begun(payment);
    else if (payment.offer.approvals.length) asked(payment, send);
  }
}

function signed(payment, send) {
  const text = `You signed a payment of at most ${payment.offer.escrow.text}, and it was not sent yet. Nothing is paid.`;
  told(payment, text, ...ways(payment, "Send it now", send));
}

/** An offer that owners were to approve: the request is still theirs to answer. */
function asked(payment, send) {
  const open = waiting(payment),
    of = open.map((work) => payment.offer.sources.find((one) => one.work === work));
  const names = of.flatMap((one) => [", ", "“", title(one?.title), "”"]).slice(1);
  const text = open.length
    ? ["You asked for the approval of ", ...names, ` for a piece of at most ${payment.offer.escrow.text}. `]
    : [`Approved: a piece of at most ${payment.offer.escrow.text}. `];
  const until = `Nothing is paid. The offer is good until ${localMoment(payment.offer.valid_until)}.`;
  told(payment, [...text, until], ...ways(payment, "Go on with it", send));
}

/** On with it, or not. */
function ways(payment, text, send) {
  const go = () => {
    gone(payment);
    send(payment);
  };
  const drop = () => {
    payments.drop(payment.order);
    gone(payment);
  };
  return [button(text, "", go), button("Let it go", "quiet", drop)];
}

function begun(payment) {
  const text =
    "You began to pay for a piece, and the payment is not seen yet. " +
    "If you sent it, look again in a moment; if not, nothing was paid.";
  told(
    payment,
    text,
    button("Look again", "quiet", () => location.reload()),
  );
}

function told(payment, text, ...actions) {
  const said = h("p", { class: "strong" }, text);
  const notice = h(
    "div",
    { class: "notice warn", id: `kept-${payment.order}` },
    said,
    h("div", { class: "actions" }, actions),
  );
  byId("unfinished").append(notice);
}

const gone = (payment) => byId(`kept-${payment.order}`).remove();
const link = (href, text) => h("a", { class: "button", href }, text);
const button = (text, kind, onclick) => h("button", { type: "button", class: `button ${kind}`, onclick }, text);
