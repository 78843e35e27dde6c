// The wallet in the corner of every page.
import { ask } from "../shared/dialog.js";
import { h, show } from "../shared/dom.js";
import { code, short } from "../shared/format.js";
import { problem } from "../shared/notices.js";
import { describedOwn, isOwn } from "./development.js";
import { button, facts } from "./parts.js";
import { chosen } from "./providers.js";
import { wallet } from "./wallet.js";

export function mountWallet(corner) {
  const { origin } = corner.dataset;
  if (origin && origin !== location.origin) return show(corner, elsewhere(origin));
  const draw = () => {
    corner.dataset.session = wallet.session ?? "";
    const connect = () => button("Connect wallet", () => tried(wallet.signIn()), "quiet small");
    show(corner, wallet.session || wallet.account ? known() : connect());
  };
  for (const name of ["account", "session"]) wallet.addEventListener(name, draw);
  draw();
}

/** Signing in and writing work at the service's public URL alone: a session is of one origin. */
function elsewhere(origin) {
  const there = `${origin}${location.pathname}${location.search}${location.hash}`;
  return h("a", { href: there, class: "button quiet small" }, "To sign in, open this service at ", new URL(origin).host);
}

function known() {
  const who = wallet.account ?? wallet.session, word = wallet.session ? "Signed in as" : "Connected, not signed in:";
  const light = h("span", { class: `light ${wallet.session ? "on" : ""}`, "aria-hidden": "true" });
  const name = h("span", { class: "code" }, short(who));
  const words = [light, h("span", { class: "unseen" }, `${word} `), name];
  own().then((found) => found && name.replaceWith(h("bdi", { class: "who", title: who }, plain(found.name))), () => {});
  const made = button(words, menu, "quiet small");
  made.setAttribute("aria-haspopup", "dialog");
  return made;
}

/** The name and balance of a development account; null for other wallets. */
const own = async () => (wallet.account && isOwn(chosen()) ? describedOwn(wallet.account) : null);
const plain = (name) => name.replace(/ \(fictitious\)$/, "");

async function menu() {
  const { account, session, name } = wallet, who = account ?? session;
  const found = await own().catch(() => null);
  const rows = [
    found ? ["You are", h("bdi", null, found.name)] : null,
    ["Account", code(who)],
    found?.has ? ["You have", `${found.has}, play money`] : null,
    session ? ["Made", h("a", { href: "/studio#pieces" }, "Your pieces")] : null,
    ["Wallet", name ? h("bdi", null, name) : "not connected on this page"],
    ["Here", session ? "signed in" : "not signed in"],
  ].filter(Boolean);
  const signOut = { label: "Sign out", kind: "quiet", value: () => wallet.signOut() };
  const actions = [
    session ? signOut : { label: "Sign in", value: () => wallet.signIn() },
    account ? { label: "Another account", value: another } : { label: "Connect wallet", value: () => wallet.connect() },
    account ? { label: "Another wallet", value: () => wallet.change() } : null,
    account ? { label: "Disconnect", value: () => wallet.disconnect() } : null,
    { label: "Close", value: null },
  ].filter(Boolean);
  const leave = (dialog, close) => dialog.querySelector("dd a")?.addEventListener("click", () => close(null));
  const next = await ask({ title: "Your wallet", body: facts(rows), actions, fill: leave });
  if (next) await tried(next());
}

/** Asks the wallet for another of its accounts (EIP-2255); what it chooses is heard as a change. */
const another = () => wallet.request("wallet_requestPermissions", [{ eth_accounts: {} }]);

/** An error is said in a window, but for a no of the reader's own. */
async function tried(promise) {
  try {
    await promise;
  } catch (error) {
    if (error.code === "cancelled") return;
    await ask({ title: "That did not work", body: problem(error), actions: [{ label: "Close", value: null }] });
  }
}
