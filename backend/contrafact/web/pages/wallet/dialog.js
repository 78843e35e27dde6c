// The window of what a wallet is to do: first all of it in words, then where each step stands.
import { h, show } from "../shared/dom.js";
import { code } from "../shared/format.js";
import { ask } from "../shared/dialog.js";
import { network } from "./network.js";
import { left, Run } from "./performing.js";
import { drawn, stepsOf } from "./steps.js";
import { follow } from "./pending.js";
import { cancelled } from "./words.js";
import { ApiError } from "../shared/api.js";

/**
 * Shows what was prepared, and has `wallet` (of `Providers`) do it once the reader goes on. `heard(run)` gets the attempt that is
 * under way, to stop it. Resolves to {signatures, hashes}. Raises ApiError.
 */
export async function performed(wallet, prepared, { title, go = "Go on", heard = () => {} }) {
  const steps = stepsOf(prepared), chain = await network(), refused = steps.find((step) => step.refused)?.refused;
  if (!steps.length) return resultOf(steps);
  const fees = await priceOf(wallet.provider);
  const views = new Map(steps.map((step) => [step, drawn(step, fees, chain.coin)]));
  const run = new Run(wallet.provider, steps, (step, name) => tell(views.get(step), step, name, wallet), follow);
  const body = [summary(steps, chain, refused), h("ol", { class: "steps" }, [...views.values()].map((view) => view.element))];
  heard(run);
  try {
    const done = await ask({ title, body, fill: (dialog, close) => work(dialog, close, { run, go, refused }) });
    if (!done && run.isAsked) await run.going; // the window was closed, and nothing more is asked: it goes on without it
    else if (!done) throw refused ? new ApiError(refused) : left(run);
    return resultOf(steps);
  } finally {
    run.stop(cancelled());
    heard(null);
  }
}

/** The dialog's buttons, and what they do. */
function work(dialog, close, { run, go, refused }) {
  const problem = h("div", { role: "alert" }), actions = h("div", { class: "actions last" });
  dialog.classList.add("performing");
  dialog.append(problem, actions);
  const button = (label, kind, onclick) => h("button", { type: "button", class: `button ${kind}`, onclick }, label);
  const leave = () => close(null);
  const attempt = async () => {
    show(problem);
    show(actions, button("Close", "quiet", leave));
    try {
      await run.attempt();
      close(true);
    } catch (error) {
      if (!dialog.isConnected) return;
      run.told(error.step, "stopped");
      show(problem, h("div", { class: "notice bad" }, h("p", { class: "strong" }, error.message), h("p", null, error.hint)));
      show(actions, button("Try again", "", attempt), button("Cancel", "quiet", leave));
      actions.firstChild.focus();
    }
  };
  if (refused) show(actions, button("Close", "quiet", leave));
  else show(actions, button(go, "", attempt), button("Cancel", "quiet", leave));
}

function summary(steps, chain, refused) {
  if (refused) return h("p", { class: "notice bad" }, "It was tried out, and the network would refuse it. Nothing was signed or sent.");
  const times = steps.length === 1 ? "once" : `${steps.length} times, one after the other`;
  const play = chain.development ? " It is a development chain: all money on it is play money." : "";
  return h("p", { class: "soft" }, `Your wallet will ask you ${times}. Nothing happens before you confirm it there.${play}`);
}

function tell(view, step, name, wallet) {
  const words = {
    wallet: () => h("p", { class: "busy" }, "Waiting for your answer in ", h("bdi", null, wallet.name), " …"),
    signed: () => h("p", { class: "chip good" }, "Signed"),
    sent: () => [h("p", { class: "busy" }, "Sent; waits for a block …"), h("p", { class: "small" }, "Transaction ", code(step.sent, "transaction's hash"))],
    block: () => [h("p", { class: "chip good" }, "In a block"), h("p", { class: "small" }, "Transaction ", code(step.done, "transaction's hash"))],
    stopped: () => h("p", { class: "chip bad" }, "Stopped here"),
  };
  view.state(name, words[name]());
  view.element.scrollIntoView({ block: "nearest" });
}

/** Wei per gas now; null where the wallet does not say. */
async function priceOf(provider) {
  try {
    return BigInt(await provider.request({ method: "eth_gasPrice", params: [] }));
  } catch {
    return null;
  }
}

const resultOf = (steps) => ({
  signatures: Object.fromEntries(steps.filter((step) => step.kind === "message").map((step) => [step.one.name, step.done])),
  hashes: steps.filter((step) => step.kind === "transaction").map((step) => step.done),
});

