// The reader's wallet, as the pages use it. The service never has its key: it prepares, the wallet signs and sends.
//
//   wallet.account                 the connected account (0x…), or null
//   wallet.session                 the account that is signed in here; null while the wallet shows another one
//   wallet.ready                   resolves once the wallet of the page before is found again, or is not
//   wallet.connect()               asks the reader for a wallet; resolves to its account
//   wallet.change()                lets the reader choose another wallet; resolves to its account
//   wallet.signIn()                connects, and signs in with Ethereum (EIP-4361); resolves to the account
//   wallet.signOut()
//   wallet.disconnect()            forgets the wallet, and signs out
//   wallet.perform(steps, {title}) what `POST /v1/transactions/…` answered: shows it in words, has the wallet sign its
//                                  messages and send its transactions one after the other, waits until each stands in a
//                                  block; resolves to {signatures: {name: "0x…"}, hashes: ["0x…"]}. Raises the refusal
//                                  of what was tried out and would fail. `go` names the button, by default "Go on";
//                                  `words`, [[question, answer], …], stand above what is read from the bytes.
//                                  What is not final yet is shown at the window's edge, on the next page too
//   wallet.request(method, params) of the connected provider (EIP-1193)
//   events: "account", "session", "network"
//
// All of them raise ApiError; `code` is "cancelled" where the reader said no, which loses nothing.
import { del, get, post } from "../shared/api.js";
import { short } from "../shared/format.js";
import { accountOf, answerOf, soon } from "./answers.js";
import { announceOwn, isOwn } from "./development.js";
import { performed } from "./dialog.js";
import { network, onNetwork, sameChain } from "./network.js";
import { OTHER, patiently, pick } from "./picker.js";
import * as pending from "./pending.js";
import { chosen, forget, Providers, remember } from "./providers.js";
import { onConnection, onOtherAccount, onOtherNetwork } from "./warnings.js";
import { cancelled, locked, offline, otherAccount, refusal, same } from "./words.js";

const CONNECTING = {
  title: "Connect your wallet", text: "It asks you whether this site may see your account. That moves nothing.",
};
const SIGNING = {
  title: "Sign in", text: "You sign a message that says who you are. It moves no money, and costs nothing.",
};

const FOUND = 3000; // ms that the wallet of the page before has to answer, while everything waits for it

class Wallet extends EventTarget {
  account = null;
  name = null;
  #signedIn = document.getElementById("wallet")?.dataset.session || null; // as the page was served
  #providers = new Providers();
  #chosen = null;
  #run = null;
  #heard = null;

  constructor() {
    super();
    this.ready = this.#restore().catch(() => {});
    pending.resume();
    addEventListener("pageshow", ({ persisted }) => persisted && this.#shownAgain().catch(() => {}));
  }

  get session() {
    return this.account && !same(this.account, this.#signedIn) ? null : this.#signedIn;
  }

  async connect() {
    await this.ready;
    return this.account ?? this.#connectAny();
  }

  /** Lets the reader choose among all wallets, also when one is connected. */
  async change() {
    await announceOwn(this.#providers);
    return this.#take(await pick(this.#providers.list()));
  }

  async signIn() {
    const account = await this.connect();
    if (this.session) return account;
    await onNetwork(this.#chosen.provider);
    const { message } = await post("/v1/auth/nonce", { address: account });
    const sign = () => this.#ask("personal_sign", [hexOf(message), account]);
    const signature = answerOf("personal_sign", await patiently(this.#chosen, SIGNING, sign));
    await post("/v1/auth/sessions", { message, signature });
    this.#sign(account);
    return account;
  }

  async signOut() {
    await del("/v1/auth/session").catch((error) => { if (error.status !== 401) throw error; });
    this.#sign(null);
  }

  async disconnect() {
    forget();
    const forgotten = this.#chosen && this.#ask("wallet_revokePermissions", [{ eth_accounts: {} }]);
    await forgotten?.catch(() => {}); // not all can
    this.#listen(null);
    if (this.#signedIn) await this.signOut();
    this.#use(null);
  }

  async perform(steps, { title, go, words, action } = {}) {
    const account = await this.connect(), signer = steps.messages[0]?.signer ?? steps.transactions[0]?.from ?? account;
    if (!same(account, signer)) throw otherAccount(short(signer));
    return performed(this.#chosen, steps, { title, go, words, action, heard: (run) => { this.#run = run; } });
  }

  async request(method, params = []) {
    await this.connect();
    try {
      return await this.#ask(method, params);
    } catch (error) {
      throw refusal(error, method);
    }
  }

  #ask(method, params = []) {
    return this.#chosen.provider.request({ method, params });
  }

  /** The one wallet that there is (ours only where no other is installed), else the one that the reader picks. */
  async #connectAny() {
    const theirs = this.#providers.list().filter((one) => !one.own);
    if (theirs.length === 1) return this.#take(theirs[0], true);
    await announceOwn(this.#providers);
    const all = this.#providers.list();
    return this.#take(all.length === 1 ? all[0] : await pick(all));
  }

  async #take(wallet, other = false) {
    const request = () => wallet.provider.request({ method: "eth_requestAccounts" });
    const accounts = await patiently(wallet, { ...CONNECTING, other }, request);
    if (accounts === OTHER) return this.change();
    const account = accountOf(accounts);
    if (!account) throw locked();
    remember(wallet);
    this.#listen(wallet);
    this.#use(account);
    return this.account;
  }

  /** The wallet of the page before, without asking anybody. */
  async #restore() {
    if (!chosen()) return;
    if (isOwn(chosen())) await announceOwn(this.#providers);
    const wallet = await this.#providers.remembered();
    if (!wallet) return;
    const account = accountOf(await soon(wallet.provider.request({ method: "eth_accounts" }), FOUND));
    if (!account) return;
    this.#listen(wallet);
    this.#use(account);
  }

  /** A page that the browser kept while its reader was elsewhere: who is signed in may have changed, or the account. */
  async #shownAgain() {
    const isNobody = (error) => { if (error.status !== 401) throw error; return {}; };
    const served = (await get("/v1/auth/session").catch(isNobody)).wallet;
    if (served?.toLowerCase() !== this.#signedIn?.toLowerCase()) return location.reload();
    if (this.#chosen) this.#accountsChanged(accountOf(await soon(this.#ask("eth_accounts"), FOUND)));
  }

  #listen(wallet) {
    const before = this.#chosen;
    this.#chosen = wallet;
    this.name = wallet?.name ?? null;
    if (before === wallet) return;
    for (const [name, hear] of Object.entries(this.#heard ?? {})) before?.provider.removeListener?.(name, hear);
    this.#heard = {
      accountsChanged: (accounts) => this.#accountsChanged(accountOf(accounts)),
      chainChanged: (chain) => this.#chainChanged(chain),
      disconnect: () => this.#offline(),
      connect: () => onConnection(false),
    };
    for (const [name, hear] of Object.entries(this.#heard)) wallet?.provider.on?.(name, hear);
    if (wallet) pending.askBy(wallet.provider);
  }

  #accountsChanged(account) {
    const before = this.account;
    if (same(before, account)) return;
    this.#run?.stop(account ? otherAccount(short(before ?? "")) : locked());
    this.#use(account);
  }

  async #chainChanged(chain) {
    this.dispatchEvent(new Event("network"));
    const wanted = await network().catch(() => null);
    if (!wanted || sameChain(chain, wanted.chain_id_hex)) return onOtherNetwork(null);
    const hint = `This goes on only on ${wanted.name}: try again, and switch back.`;
    this.#run?.stop(cancelled("Your wallet switched to another network.", hint));
    const back = () => onNetwork(this.#chosen.provider).then(() => onOtherNetwork(null)).catch(() => {});
    onOtherNetwork(wanted.name, back);
  }

  #offline() {
    this.#run?.stop(offline());
    onConnection(true);
    this.dispatchEvent(new Event("network"));
  }

  #use(account) {
    this.account = account;
    this.dispatchEvent(new Event("account"));
    this.#sign(this.#signedIn);
  }

  #sign(account) {
    this.#signedIn = account;
    onOtherAccount(account, this.account, () => this.signIn().catch(() => {}));
    this.dispatchEvent(new Event("session"));
  }
}

const hexOf = (text) =>
  `0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

export const wallet = new Wallet();
