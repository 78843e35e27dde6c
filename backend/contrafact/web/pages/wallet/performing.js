// Has the wallet sign and send what was prepared, step after step. It can stop anywhere, and goes on where it stopped.
import { short } from "../shared/format.js";
import { accountOf, answerOf, soon } from "./answers.js";
import { onNetwork } from "./network.js";
import { cancelled, dropped, otherAccount, refusal, reverted, same } from "./words.js";

const POLL = 800, SOON = 6000; // ms

/**
 * One attempt after another at the same steps. `told(step, state)` hears where each stands: "wallet", "signed", "sent"
 * or "block"; `follow` hears what was sent.
 */
export class Run {
  #stop = () => {};
  #number = 0; // of the attempt: one that was stopped asks the wallet for nothing more
  going = null;

  constructor(provider, steps, { told, follow, blockSeconds }) {
    Object.assign(this, { provider, steps, told, follow });
    this.patience = Math.max(SOON, blockSeconds * 3000) / POLL;
  }

  /** Whether the wallet has nothing more to be asked. */
  get isAsked() { return this.steps.every((step) => step.done || step.sent); }

  /** Ends the attempt that is under way with this error. */
  stop(error) {
    this.#number += 1;
    this.#stop(error);
  }

  /** Does what is not done yet. Resolves when all of it stands. Raises ApiError with `step`, where it stopped. */
  attempt() {
    this.going = this.#all();
    this.going.catch(() => {});
    return this.going;
  }

  async #all() {
    const number = ++this.#number, stopped = new Promise((_, reject) => { this.#stop = reject; });
    stopped.catch(() => {});
    for (const step of this.steps.filter((one) => !one.done)) {
      try {
        await Promise.race([stopped, this.#one(step, number)]);
      } catch (error) {
        throw Object.assign(refusal(error), { step });
      }
    }
  }

  async #one(step, number) {
    if (step.kind === "message") {
      const document = JSON.stringify(step.one.document);
      step.done = await this.#answer(step, number, "eth_signTypedData_v4", [step.signer, document]);
      return this.told(step, "signed");
    }
    if (!step.sent) {
      step.sent = await this.#answer(step, number, "eth_sendTransaction", [transactionOf(step.one)]);
      this.follow({ hash: step.sent, what: step.what });
    }
    this.told(step, "sent");
    await this.#inBlock(step, step.sent, number);
  }

  /** The wallet's answer, once it is the right account on the right network. */
  async #answer(step, number, method, params) {
    const account = accountOf(await soon(this.#ask("eth_accounts", [])));
    if (!same(account, step.signer)) throw otherAccount(short(step.signer));
    await onNetwork(this.provider);
    if (number !== this.#number) throw cancelled();
    this.told(step, "wallet");
    step.isAsked = true;
    return answerOf(method, await this.#ask(method, params).finally(() => { step.isAsked = false; }));
  }

  async #inBlock(step, hash, number) {
    for (let missing = 0; number === this.#number; await new Promise((go) => setTimeout(go, POLL))) {
      const receipt = await this.#look("eth_getTransactionReceipt", hash);
      if (receipt) return this.#stands(step, hash, receipt);
      const isKnown = receipt === undefined || (await this.#look("eth_getTransactionByHash", hash)) !== null;
      missing = isKnown ? 0 : missing + 1;
      if (missing > this.patience) this.#anew(step, dropped());
    }
  }

  #stands(step, hash, receipt) {
    if (BigInt(receipt.status ?? 1) === 0n) this.#anew(step, reverted());
    step.done = hash;
    this.told(step, "block");
  }

  /** The next attempt sends it again. */
  #anew(step, error) {
    step.sent = null;
    throw error;
  }

  /** What the node says; undefined where it cannot be asked just now, which says nothing about the transaction. */
  async #look(method, hash) {
    try {
      return (await this.provider.request({ method, params: [hash] })) ?? null;
    } catch {
      return undefined;
    }
  }

  async #ask(method, params) {
    try {
      return await this.provider.request({ method, params });
    } catch (error) {
      throw refusal(error, method);
    }
  }
}

/** As wallets take it. It names its chain, so that a wallet that has just left it does not send it on another one. */
function transactionOf({ from, to, value, data, gas, chain_id: id }) {
  return { from, to, value, data, chainId: `0x${BigInt(id).toString(16)}`, ...(gas ? { gas } : {}) };
}

/** How it is said that the reader left. */
export function left({ steps }) {
  const stays = "What is signed or sent stays so. Begin again, and only what is missing is asked for.";
  if (steps.some((step) => step.sent || step.done)) return cancelled("You stopped half-way.", stays);
  const open = "Say no in your wallet, too. What you still confirm there is sent.";
  const waits = steps.some((step) => step.isAsked);
  return waits ? cancelled("You closed the window while your wallet waited.", open) : cancelled();
}
