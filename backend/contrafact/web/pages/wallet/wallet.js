// The reader's wallet, as the pages use it. The service never has its key: it prepares, the wallet signs and sends.
//
//   wallet.account                 the connected account (0x…), or null
//   wallet.session                 the account that is signed in here, or null
//   wallet.connect()               asks the reader for a wallet; resolves to its account
//   wallet.signIn()                connects, and signs in with Ethereum (EIP-4361); resolves to the account
//   wallet.signOut()
//   wallet.perform(steps, {title}) what `POST /v1/transactions/…` answered: shows it in words, has the wallet sign its
//                                  messages and send its transactions one after the other, waits until each stands in a
//                                  block; resolves to {signatures: {name: "0x…"}, hashes: ["0x…"]}
//   wallet.request(method, params) of the connected provider (EIP-1193)
//   events: "account", "session", "network"
//
// All of them raise ApiError; `code` is "cancelled" where the reader said no, which loses nothing.
import { ApiError, del, post } from "../shared/api.js";
import { ask } from "../shared/dialog.js";
import { h } from "../shared/dom.js";

class Wallet extends EventTarget {
  account = null;
  session = null;
  #providers = new Map();
  #provider = null;

  constructor() {
    super();
    addEventListener("eip6963:announceProvider", (event) => this.#providers.set(event.detail.info.uuid, event.detail));
    dispatchEvent(new Event("eip6963:requestProvider"));
    this.session = document.getElementById("wallet")?.dataset.session || null; // as the page was served
  }

  async connect() {
    if (this.account) return this.account;
    const found = [...this.#providers.values()].map((one) => one.provider);
    this.#provider = found[0] ?? window.ethereum ?? null;
    if (!this.#provider) throw new ApiError({ code: "no_wallet", message: "No wallet was found in this browser.", hint: "Install one, and load the page again." });
    const [account] = await this.request("eth_requestAccounts");
    this.#set("account", account);
    return account;
  }

  async signIn() {
    const account = await this.connect();
    if (this.session?.toLowerCase() === account.toLowerCase()) return account;
    const { message } = await post("/v1/auth/nonce", { address: account });
    const text = [...new TextEncoder().encode(message)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const signature = await this.request("personal_sign", [`0x${text}`, account]);
    await post("/v1/auth/sessions", { message, signature });
    this.#set("session", account);
    return account;
  }

  async signOut() {
    await del("/v1/auth/session");
    this.#set("session", null);
  }

  async perform(steps, { title }) {
    const account = await this.connect();
    const words = [...steps.messages, ...steps.transactions].map((one) => h("p", null, one.says));
    if (!(await ask({ title, body: words, actions: [{ label: "Go on", value: true }, { label: "Cancel", value: null }] }))) throw cancelled();
    const signatures = {}, hashes = [];
    for (const one of steps.messages) {
      signatures[one.name] = await this.request("eth_signTypedData_v4", [account, JSON.stringify(one.document)]);
    }
    for (const one of steps.transactions) {
      const { from, to, value, data, gas } = one;
      const hash = await this.request("eth_sendTransaction", [{ from, to, value, data, ...(gas ? { gas } : {}) }]);
      while (!(await this.request("eth_getTransactionReceipt", [hash]))) await new Promise((go) => setTimeout(go, 500));
      hashes.push(hash);
    }
    return { signatures, hashes };
  }

  async request(method, params = []) {
    try {
      return await this.#provider.request({ method, params });
    } catch (error) {
      if (error.code === 4001) throw cancelled();
      throw new ApiError({ code: "wallet", message: `The wallet said: ${error.message}`, hint: "Try again. Nothing was lost." });
    }
  }

  #set(name, value) {
    this[name] = value;
    this.dispatchEvent(new Event(name));
  }
}

const cancelled = () => new ApiError({ code: "cancelled", message: "You said no in your wallet.", hint: "Nothing happened. Try again when you like." });

export const wallet = new Wallet();
