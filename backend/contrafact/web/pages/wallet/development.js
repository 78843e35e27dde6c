// On a development chain: its own accounts as a wallet, so that everything can be tried out without installing one.
// Its node signs for them, and everybody has their keys: this is play money. The server says whether they are offered.
import { ask } from "../shared/dialog.js";
import { h } from "../shared/dom.js";
import { code, decimal, short } from "../shared/format.js";
import { network } from "./network.js";
import { same } from "./words.js";

const ACCOUNT = "contrafact.development.account";
const ICON = "data:image/svg+xml," + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="9" fill="#765300"/><circle cx="18" cy="18" r="9" fill="none" stroke="#fbf0d2" stroke-width="2.5"/><path d="M15 13.5v9l7.5-4.5z" fill="#fbf0d2"/></svg>');
const INFO = { uuid: "8b0f0c52-6c0f-4a7e-9f0a-5d4f6f0d1c11", name: "Development accounts", icon: ICON, rdns: "contrafact.development" };
const NO = (code, message) => Object.assign(new Error(message), { code });

/** Adds the wallet of the development chain's accounts to `providers`, if the service has them. */
export async function announceOwn(providers) {
  const chain = await network();
  if (!chain.development || !chain.accounts.length) return;
  providers.add({ info: INFO, provider: (made ??= new DevelopmentWallet(chain)), own: true, note: "To try everything out, with play money. Nothing to install." });
}
let made = null;

/** A provider as EIP-1193 has it. */
class DevelopmentWallet {
  #listeners = new Map();
  #account = kept();

  constructor(chain) { this.chain = chain; }

  on(event, hear) { this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), hear]); return this; }
  removeListener(event, hear) { this.#listeners.set(event, (this.#listeners.get(event) ?? []).filter((one) => one !== hear)); return this; }

  async request({ method, params = [] }) {
    switch (method) {
      case "eth_accounts": return this.#account ? [this.#account] : [];
      case "eth_requestAccounts": return [await this.#choose()];
      case "wallet_requestPermissions": await this.#choose(); return [{ parentCapability: "eth_accounts" }];
      case "wallet_revokePermissions": this.#set(null); return null;
      case "eth_chainId": return this.chain.chain_id_hex;
      case "wallet_switchEthereumChain": case "wallet_addEthereumChain": throw NO(4902, "There is only the development chain here.");
      case "personal_sign": return this.#confirmed("Sign this message?", h("pre", { class: "code" }, text(params[0])), { method, params });
      case "eth_signTypedData_v4": return this.#confirmed("Sign this message?", typed(params[1]), { method, params });
      case "eth_sendTransaction": return this.#confirmed("Send this transaction?", await this.#sending(params[0]), { method, params });
      default: return this.#node(method, params);
    }
  }

  async #choose() {
    const { accounts } = this.chain;
    const found = await ask({
      title: "Who do you want to be?", body: [mark(), h("p", { class: "soft" }, "All of them are made up, and everybody may be any of them.")],
      fill: (dialog, close) => dialog.append(
        h("ul", { class: "wallets" }, accounts.map((one) => h("li", null, h("button", { type: "button", class: "choice", "aria-current": same(one.address, this.#account) ? "true" : null, onclick: () => close(one) },
          h("span", { class: "no-icon", "aria-hidden": "true" }, one.name.slice(0, 1)), h("span", null, h("bdi", { class: "strong" }, one.name), h("span", { class: "small code" }, short(one.address))))))),
        h("div", { class: "actions last" }, h("button", { type: "button", class: "button quiet", onclick: () => close(null) }, "Cancel"))),
    });
    if (!found) throw NO(4001, "Nobody was chosen.");
    this.#set(found.address);
    return found.address;
  }

  #set(account) {
    this.#account = account;
    try { account ? localStorage.setItem(ACCOUNT, account) : localStorage.removeItem(ACCOUNT); } catch { /* then for this page only */ }
    for (const hear of this.#listeners.get("accountsChanged") ?? []) hear(account ? [account] : []);
  }

  async #confirmed(title, body, { method, params }) {
    const name = this.chain.accounts.find((one) => same(one.address, this.#account))?.name ?? "";
    const who = h("p", null, "As ", h("bdi", { class: "strong" }, name), " ", h("span", { class: "code" }, short(this.#account ?? "")));
    const yes = await ask({ title, body: [mark(), who, body], actions: [{ label: "Confirm", value: true }, { label: "Reject", value: null }] });
    if (!yes) throw NO(4001, "Rejected.");
    return this.#node(method, params);
  }

  async #sending({ to, value = "0x0", gas }) {
    const { coin } = this.chain, price = BigInt(await this.#node("eth_gasPrice", []));
    const name = Object.entries(this.chain.contracts).find(([, address]) => same(address, to))?.[0];
    const fee = gas ? `about ${Number(decimal(BigInt(gas) * price, coin.decimals)).toPrecision(3)} ${coin.symbol}` : "small";
    const rows = [["To", [name ? h("span", { class: "strong" }, `${name} `) : null, code(to)]], ["Sends", `${decimal(BigInt(value), coin.decimals)} ${coin.symbol}`], ["Network's fee", fee]];
    return h("dl", { class: "facts" }, rows.map(([label, shown]) => [h("dt", null, label), h("dd", null, shown)]));
  }

  async #node(method, params) {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    let answer;
    try {
      answer = await (await fetch(this.chain.rpc_url, { method: "POST", headers: { "Content-Type": "application/json" }, body })).json();
    } catch {
      throw NO(4900, "The development chain does not answer.");
    }
    if (answer.error) throw NO(answer.error.code, answer.error.message);
    return answer.result;
  }
}

const mark = () => h("p", { class: "play" }, "Development accounts · play money");
const typed = (document) => h("details", { open: true }, h("summary", null, "Message"), h("pre", { class: "code", tabindex: "0" }, JSON.stringify(JSON.parse(document).message, null, 2)));

function text(hex) {
  const bytes = Uint8Array.from(hex.slice(2).match(/../g) ?? [], (one) => parseInt(one, 16));
  return new TextDecoder().decode(bytes);
}

function kept() {
  try { return localStorage.getItem(ACCOUNT); } catch { return null; }
}
