// On a development chain: its own accounts as a wallet, so that everything can be tried out without installing one.
// Its node signs for them, and everybody has their keys: this is play money. The server says whether they are offered.
import { ask } from "../shared/dialog.js";
import { h } from "../shared/dom.js";
import { code, decimal, short } from "../shared/format.js";
import { network, sameChain } from "./network.js";
import { button, choices, facts, failed, lower, node, p, strong, written } from "./parts.js";
import { balance, named, signed, tokenAt } from "./signing.js";
import { same } from "./words.js";

const ACCOUNT = "contrafact.development.account";
const COIN = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36">
<rect width="36" height="36" rx="9" fill="#765300"/><path d="M15 13.5v9l7.5-4.5z" fill="#fbf0d2"/>
<circle cx="18" cy="18" r="9" fill="none" stroke="#fbf0d2" stroke-width="2.5"/></svg>`;
const INFO = {
  uuid: "8b0f0c52-6c0f-4a7e-9f0a-5d4f6f0d1c11", name: "Development accounts", rdns: "contrafact.development",
  icon: `data:image/svg+xml,${encodeURIComponent(COIN)}`,
};
const CHAIN = 31_337; // on no other one, whatever it is called: what they send there is anybody's
const LABEL = "Try it with play money", NOTE = "Development accounts. Nothing to install.";
let made = null;

/** Adds the wallet of the development chain's accounts to `providers`, if the service has them. */
export async function announceOwn(providers) {
  const chain = await network();
  if (!chain.development || !sameChain(chain.chain_id, CHAIN) || !chain.accounts.length) return;
  made ??= new DevelopmentWallet(chain);
  providers.add({ info: INFO, provider: made, own: true, label: LABEL, note: NOTE });
}

/** Whether that is the wallet of this name (`rdns`). */
export const isOwn = (rdns) => rdns === INFO.rdns;

/** The name of an account of this wallet, and what it has; null for any other. */
export async function describedOwn(address) {
  const chain = await network(), found = chain.accounts.find((one) => same(one.address, address));
  const token = found && (await tokenAt(chain.contracts.TestDollar, chain));
  if (!found) return null;
  return { name: found.name, has: token && (await balance(address, token, chain.rpc_url).catch(() => null)) };
}

const isMaker = ({ name }) => /music maker/i.test(name);
const noteOf = (one) => `${isMaker(one) ? "You, if you want to make a piece. " : ""}${short(one.address)}`;

/** A provider as EIP-1193 has it. */
class DevelopmentWallet extends EventTarget {
  #account = kept();

  constructor(chain) {
    super();
    this.chain = chain;
  }

  on(event, hear) {
    if (event === "accountsChanged") this.addEventListener(event, (this.heard = () => hear(this.#accounts)));
  }

  removeListener(event) { this.removeEventListener(event, this.heard); }

  async request({ method, params = [] }) {
    const asked = { method, params };
    switch (method) {
      case "eth_accounts": return this.#accounts;
      case "eth_requestAccounts": return this.#choose();
      case "wallet_requestPermissions": await this.#choose(); return [{ parentCapability: "eth_accounts" }];
      case "wallet_revokePermissions": this.#use(null); return null;
      case "eth_chainId": return this.chain.chain_id_hex;
      case "wallet_switchEthereumChain": throw failed(4902, "There is only the development chain here.");
      case "personal_sign": return this.#confirmed("Sign this message?", whole(text(params[0])), asked);
      case "eth_signTypedData_v4": {
        const { title, shown } = await signed(params[1], this.chain);
        return this.#confirmed(title, shown, asked);
      }
      case "eth_sendTransaction":
        return this.#confirmed("Send this transaction?", await this.#sending(params[0]), asked);
      default: return node(this.chain.rpc_url, method, params);
    }
  }

  get #accounts() { return this.#account ? [this.#account] : []; }

  async #choose() {
    const isNow = ({ address }) => same(address, this.#account);
    const all = this.chain.accounts.map((one) => ({ ...one, note: noteOf(one), isNow: isNow(one) }));
    all.sort((one, other) => isMaker(other) - isMaker(one)); // who comes to try it out is a maker first
    const body = [MARK(), p("soft", "Nothing to install. All of them are made up, and everybody may be any of them.")];
    const leave = (close) => lower(button("Cancel", () => close(null), "quiet"));
    const fill = (dialog, close) => dialog.append(choices(all, close), leave(close));
    const found = await ask({ title: "Who do you want to be?", body, fill });
    if (!found) throw failed(4001, "Nobody was chosen.");
    this.#use(found.address);
    return this.#accounts;
  }

  #use(account) {
    this.#account = account;
    keep(account);
    this.dispatchEvent(new Event("accountsChanged"));
  }

  async #confirmed(title, shown, { method, params }) {
    const name = this.chain.accounts.find((one) => same(one.address, this.#account))?.name ?? "";
    const who = p("", "As ", strong(name), " ", h("span", { class: "code" }, short(this.#account ?? "")));
    const actions = [{ label: "Confirm", value: true }, { label: "Reject", value: null }];
    if (!(await ask({ title, body: [MARK(), who, shown], actions }))) throw failed(4001, "Rejected.");
    return node(this.chain.rpc_url, method, params);
  }

  async #sending({ to, value = "0x0", gas }) {
    const { coin, rpc_url: url } = this.chain, amount = (units) => decimal(units, coin.decimals);
    const fee = gas ? Number(amount(BigInt(gas) * BigInt(await node(url, "eth_gasPrice")))).toPrecision(3) : null;
    return facts([
      ["To", named(to, this.chain), " ", code(to)],
      ["Sends", `${amount(value)} ${coin.symbol}`],
      ["Network's fee", fee ? `about ${fee} ${coin.symbol}` : "small"],
    ]);
  }
}

const MARK = () => p("play", "Development accounts · play money");
const whole = (message) => h("div", { class: "whole" }, written(message));

function text(hex) {
  const bytes = Uint8Array.from(hex.slice(2).match(/../g) ?? [], (one) => parseInt(one, 16));
  return new TextDecoder().decode(bytes);
}

function kept() {
  try { return localStorage.getItem(ACCOUNT); } catch { return null; }
}

function keep(account) {
  try {
    if (account) localStorage.setItem(ACCOUNT, account);
    else localStorage.removeItem(ACCOUNT);
  } catch { /* then for this page only */ }
}
