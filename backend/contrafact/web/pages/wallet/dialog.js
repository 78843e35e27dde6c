// The window of what a wallet is to do: first all of it in words, then where each step stands.
import { ApiError } from "../shared/api.js";
import { ask } from "../shared/dialog.js";
import { h, show } from "../shared/dom.js";
import { code } from "../shared/format.js";
import { soon } from "./answers.js";
import { network } from "./network.js";
import { button, facts, lower, p, wrong } from "./parts.js";
import { follow } from "./pending.js";
import { left, Run } from "./performing.js";
import { drawn, stepsOf } from "./steps.js";
import { cancelled } from "./words.js";

/**
 * Shows what was prepared, and has `wallet` (of `Providers`) do it once the reader goes on. `heard(run)` gets the run,
 * to stop it. Resolves to {signatures, hashes}. Raises ApiError.
 */
export async function performed(wallet, prepared, { title, go = "Go on", words, action, heard = () => {} }) {
  const steps = stepsOf(prepared), refused = steps.find((step) => step.refused)?.refused;
  if (!steps.length) return resultOf(steps);
  const chain = await network(), price = await priceOf(wallet.provider);
  const views = new Map(steps.map((step) => [step, drawn(step, price, chain.coin, action)]));
  const told = (step, name) => tell(views.get(step), step, name, wallet);
  const run = new Run(wallet.provider, steps, { told, follow, blockSeconds: chain.block_seconds });
  const list = h("ol", { class: "steps" }, [...views.values()].map((view) => view.element));
  heard(run);
  try {
    const fill = (dialog, close) => work(dialog, close, { run, go, refused });
    const done = await ask({ title, body: [summary(steps, chain, refused), inWords(words), list], fill });
    if (!done && run.isAsked) await run.going; // nothing more is asked: it goes on without the window
    else if (!done) throw refused ? new ApiError(refused) : left(run);
    return resultOf(steps);
  } finally {
    run.stop(cancelled());
    heard(null);
  }
}

/** The dialog's buttons, and what they do. */
function work(dialog, close, { run, go, refused }) {
  const problem = h("div", { role: "alert" }), actions = h("div", { class: "actions" });
  const leave = (label) => button(label, () => close(null), "quiet");
  const attempt = async () => {
    show(problem);
    show(actions, leave("Close"));
    try {
      await run.attempt();
      close(true);
    } catch (error) {
      if (!dialog.isConnected) return;
      if (error.step) run.told(error.step, error.code === "cancelled" ? "cancelled" : "stopped");
      show(problem, wrong(error));
      show(actions, button("Try again", attempt), leave("Cancel"));
      actions.firstChild.focus();
    }
  };
  dialog.append(lower(problem, actions));
  show(actions, refused ? leave("Close") : [button(go, attempt), leave("Cancel")]);
}

function summary(steps, chain, refused) {
  const tried = "It was tried out, and the network would refuse it. Nothing was signed or sent.";
  if (refused) return [p("soft", tried), wrong(refused)];
  const times = steps.length === 1 ? "once" : `${steps.length} times, one after the other`;
  const play = chain.development ? " This is a development chain: all money on it is play money." : "";
  return p("soft", `Your wallet will ask you ${times}. Nothing happens before you confirm it there.${play}`);
}

/** What the page has said of it, and what the list below it is. */
const inWords = (words) => words && [h("h3", null, "In plain words"), facts(words),
  h("h3", null, "The same, read from what you sign")];

const hash = (text) => p("small", "Transaction ", code(text, "transaction's hash"));
const STATES = {
  wallet: (step, wallet) => p("busy", "Waiting for your answer in ", h("bdi", null, wallet.name), " …"),
  signed: () => p("chip good", "Signed"),
  sent: (step) => [p("busy", "Sent; waits for a block …"), hash(step.sent)],
  block: (step) => [p("chip good", "In a block"), hash(step.done)],
  cancelled: () => p("chip", "You said no"),
  stopped: () => p("chip bad", "Stopped here"),
};

function tell(view, step, name, wallet) {
  view.state(name, STATES[name](step, wallet));
  view.element.scrollIntoView({ block: "nearest" });
}

const PRICED = 2000; // ms: it is only told

/** Wei per gas now; null where the wallet does not say. */
async function priceOf(provider) {
  try {
    return BigInt(await soon(provider.request({ method: "eth_gasPrice", params: [] }), PRICED));
  } catch {
    return null;
  }
}

function resultOf(steps) {
  const of = (kind) => steps.filter((step) => step.kind === kind);
  const signatures = Object.fromEntries(of("message").map((step) => [step.one.name, step.done]));
  return { signatures, hashes: of("transaction").map((step) => step.done) };
}
