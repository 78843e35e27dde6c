// From an offer to a paid order: what is asked of the service and of the wallet, without anything that is seen.
import { ApiError, get, post } from "../shared/api.js";
import { wallet } from "../wallet/wallet.js";
import { NATIVE, facts } from "./facts.js";
import { isOver, newSalt, payments } from "./kept.js";

const KEY = "contrafact.quote-key";
const TITLE = "Pay for a piece";

/** Signs in, and gets the operator's offer. The same request gets the same offer, until it is paid or over. */
export async function begin(request) {
  const maker = await wallet.signIn();
  const asked = named(maker, request);
  let made = await quoted(request, keyFor(asked));
  if (isOver(made)) made = await quoted(request, keyFor(asked, true));
  const { order, offer, licence, document } = made;
  sessionStorage.setItem(KEY, JSON.stringify({ ...keyed(), order }));
  const payment = payments.get(order) ?? {
    order,
    maker: made.maker,
    use: request.use,
    readers: request.readers,
    offer,
    document,
    salt: newSalt(),
    signatures: null,
  };
  payments.keep(payment);
  return { ...payment, licence };
}

/** An offer of just this that is not paid yet, which `begin` brings back; null where there is none. */
export function standing(request) {
  const { asked, order } = keyed() ?? {};
  if (!wallet.session || !order || asked !== named(wallet.session, request)) return null;
  const payment = payments.get(order);
  return payment && !isOver(payment) ? payment : null;
}

const named = (maker, request) => JSON.stringify([maker.toLowerCase(), request]);
const keyed = () => JSON.parse(sessionStorage.getItem(KEY) ?? "null");

/** The offer. Where the session has ended since the page was opened, the wallet signs in anew. */
async function quoted(request, key) {
  try {
    return await post("/v1/quotes", request, { key });
  } catch (error) {
    if (error.status !== 401) throw error;
    await wallet.signOut();
    await wallet.signIn();
    return post("/v1/quotes", request, { key });
  }
}

function keyFor(asked, anew = false) {
  const known = keyed();
  if (!anew && known?.asked === asked) return known.key;
  const key = crypto.randomUUID?.() ?? newSalt();
  sessionStorage.setItem(KEY, JSON.stringify({ asked, key }));
  return key;
}

const body = (payment) => ({ quote: payment.document, maker_salt: payment.salt });

/** Works whose owners must approve this piece, and have not yet. */
export const waiting = (payment) => payment.offer.approvals.filter((work) => !payment.document.approvals[work]);

/** The way with the fewest questions of the wallet: {kind, steps, prompts, gas}. */
export async function planOf(payment) {
  const ways = [];
  if (payment.offer.escrow.token !== NATIVE) {
    const steps = await post("/v1/transactions/fund-signatures", body(payment));
    const asked = steps.messages.length + steps.transactions.length;
    ways.push({
      kind: "signed",
      steps,
      prompts: asked + (facts.relay ? 0 : 1),
      gas: !facts.relay || steps.transactions.length > 0,
    });
  }
  const steps = await post("/v1/transactions/fund", body(payment));
  ways.push({ kind: "sent", steps, prompts: steps.transactions.length, gas: true });
  return ways.reduce((best, one) => (one.prompts < best.prompts ? one : best));
}

/** Has the wallet sign or send what the plan says. What was signed is kept before anything else happens. */
export async function pay(payment, plan) {
  if (await isBehind(payment)) return;
  if (plan.kind === "sent") {
    refuse(plan.steps);
    payments.keep({ ...payment, licence: undefined, begun: true });
    await wallet.perform(plan.steps, { title: TITLE, go: "Pay" });
    return;
  }
  const { signatures } = await wallet.perform(plan.steps, { title: TITLE, go: "Pay" });
  payment.signatures = signatures;
  payments.keep({ ...payment, licence: undefined });
  await send(payment);
}

/** Sends what was signed: by the service, which pays the network, or else by the wallet. */
export async function send(payment) {
  if (await isBehind(payment)) return;
  const signed = { ...body(payment), ...payment.signatures };
  if (facts.relay) return post("/v1/relay/orders", signed, { key: `relay-${payment.order}` });
  const action = payment.signatures.authorization ? "fund-with-authorization" : "fund-for";
  const steps = await post(`/v1/transactions/${action}`, { ...signed, sender: await wallet.connect() });
  refuse(steps);
  return wallet.perform(steps, { title: TITLE, go: "Send it" });
}

function over() {
  const message = "This offer is over, and nothing was paid.";
  return new ApiError({ code: "over", message, hint: "Get a new one: prices may have changed." });
}

/**
 * Whether an offer that is over is paid, so that nothing is left to do but to look at the order. Throws where it is
 * not. Where nobody says, one that was begun counts as paid: whoever is told otherwise may pay twice.
 */
export async function isBehind(payment) {
  if (!isOver(payment)) return false;
  const { begun, signatures } = payments.get(payment.order) ?? payment;
  if (await isPaid(payment.order).catch(() => Boolean(begun || signatures))) return true;
  throw over();
}

/** What the chain would refuse is not put before the wallet. */
function refuse(steps) {
  const found = steps.transactions.find((one) => one.simulation.outcome === "refused");
  if (found) throw new ApiError(found.simulation.error);
}

export async function isPaid(order) {
  try {
    return (await get(`/v1/orders/${order}`)).status !== "none";
  } catch (error) {
    if (error.status === 404) return false;
    throw error;
  }
}

/** Waits until the service sees the payment, at most half a minute; then the salt is needed no more. */
export async function settled(order) {
  for (let tries = 0; tries < 60; tries += 1) {
    if (await isPaid(order).catch(() => false)) {
      payments.drop(order);
      sessionStorage.removeItem(KEY);
      return true;
    }
    await new Promise((go) => setTimeout(go, 500));
  }
  return false;
}

export const pageOf = (payment) => `/${payment.use === "live" ? "live" : "orders"}/${payment.order}`;

/** How much the maker has of the token that the order is paid in, in units. */
export async function balanceOf({ maker, offer }) {
  const { token } = offer.escrow;
  if (token === NATIVE) return BigInt(await wallet.request("eth_getBalance", [maker, "latest"]));
  const data = `0x70a08231${maker.slice(2).toLowerCase().padStart(64, "0")}`;
  return BigInt(await wallet.request("eth_call", [{ to: token, data }, "latest"]));
}

/** Test dollars of a development chain, which anybody may make. */
export function faucet(maker) {
  const amount = 100n * 10n ** BigInt(facts.decimals),
    word = (value) => value.padStart(64, "0");
  const data = `0x40c10f19${word(maker.slice(2).toLowerCase())}${word(amount.toString(16))}`;
  const says = `Get 100 ${facts.symbol} of worthless test money.`;
  const simulation = { outcome: "ok", error: null };
  const transaction = {
    chain_id: Number(facts.chain),
    from: maker,
    to: facts.faucet,
    value: "0x0",
    data,
    gas: null,
    contract: "TestDollar",
    function: "mint",
    says,
    shows: [],
    simulation,
  };
  return wallet.perform({ messages: [], transactions: [transaction] }, { title: "Test money", go: "Get it" });
}
