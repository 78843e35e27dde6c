// Has the wallet sign and send what was prepared, step after step. It can stop anywhere, and goes on where it stopped.
import { ApiError } from "../shared/api.js";
import { onNetwork } from "./network.js";
import { cancelled, dropped, otherAccount, refusal, reverted, same } from "./words.js";
import { short } from "../shared/format.js";

const POLL = 800, MISSING = 25; // ms; so many times in a row nobody knows a transaction until it counts as dropped

/** One attempt after another at the same steps. `stop(error)` ends the attempt that is under way. */
export class Run {
  #stop = () => {};
  #number = 0; // of the attempt
  going = null;

  /** `told(step, state, more)` hears where each step stands: "wallet", "sent", "block", "signed"; `follow` what was sent. */
  constructor(provider, steps, told, follow) {
    Object.assign(this, { provider, steps, told, follow });
  }

  /** Whether the wallet has nothing more to be asked. */
  get isAsked() { return this.steps.every((step) => step.done || step.sent); }

  stop(error) {
    this.#number += 1; // whoever waits for a block sees that
    this.#stop(error);
  }

  /** Does what is not done yet. Resolves when all of it stands. Raises ApiError with `step`, where it stopped. */
  attempt() {
    this.going = this.#all();
    this.going.catch(() => {});
    return this.going;
  }

  async #all() {
    this.#number += 1;
    const stopped = new Promise((_, reject) => { this.#stop = reject; });
    stopped.catch(() => {});
    for (const step of this.steps.filter((one) => !one.done)) {
      try {
        await Promise.race([stopped, this.#one(step)]);
      } catch (error) {
        throw Object.assign(refusal(error), { step });
      }
    }
  }

  async #one(step) {
    if (step.kind === "message") return this.#sign(step);
    if (!step.sent) await this.#send(step);
    this.told(step, "sent");
    await this.#inBlock(step);
    if (!step.sent) return;
    step.done = step.sent;
    this.told(step, "block");
  }

  async #sign(step) {
    await this.#ready(step);
    this.told(step, "wallet");
    step.done = await this.#ask("eth_signTypedData_v4", [step.signer, JSON.stringify(step.one.document)]);
    this.told(step, "signed");
  }

  async #send(step) {
    await this.#ready(step);
    this.told(step, "wallet");
    const { from, to, value, data, gas } = step.one;
    step.sent = await this.#ask("eth_sendTransaction", [{ from, to, value, data, ...(gas ? { gas } : {}) }]);
    this.follow({ hash: step.sent, what: step.what });
  }

  /** The right account on the right network, before anything is signed or sent. */
  async #ready(step) {
    const [account] = await this.#ask("eth_accounts", []);
    if (!same(account, step.signer)) throw otherAccount(short(step.signer));
    await onNetwork(this.provider);
  }

  async #inBlock(step) {
    for (let missing = 0, number = this.#number; number === this.#number; ) {
      const receipt = await this.#look("eth_getTransactionReceipt", step.sent);
      if (receipt) {
        if (BigInt(receipt.status ?? 1) === 1n) return;
        step.sent = null; // the next attempt sends it anew
        throw reverted();
      }
      const known = receipt === undefined || (await this.#look("eth_getTransactionByHash", step.sent)) !== null;
      missing = known ? 0 : missing + 1;
      if (missing >= MISSING) {
        step.sent = null;
        throw dropped();
      }
      await new Promise((go) => setTimeout(go, POLL));
    }
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

export const left = (run) => run.steps.some((step) => step.sent || step.done)
  ? new ApiError({ code: "cancelled", message: "You stopped half-way.", hint: "What is signed or sent stays so. Begin again, and only the rest is asked for." })
  : cancelled();
