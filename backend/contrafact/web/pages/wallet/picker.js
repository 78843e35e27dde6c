// Dialogs of connecting: which wallet, what to do without one, and that a wallet waits for an answer.
import { ask } from "../shared/dialog.js";
import { h } from "../shared/dom.js";
import { cancelled, refusal } from "./words.js";

const OVERLOOKED = 400; // ms: after so long a wallet waits for its owner
const OTHER = Symbol("another wallet");

/** Asks which of the wallets. Raises ApiError `cancelled`; also without one, when it was said what to do. */
export async function pick(wallets) {
  if (!wallets.length) return none();
  const found = await ask({
    title: "Which wallet?",
    body: wallets.some((one) => !one.own) ? [] : [h("p", { class: "soft" }, "No wallet is installed in this browser.")],
    actions: [],
    fill: (dialog, close) => dialog.append(
      h("ul", { class: "wallets" }, wallets.map((one) => h("li", null, choice(one, () => close(one))))),
      explained(), h("div", { class: "actions" }, h("button", { type: "button", class: "button quiet", onclick: () => close(null) }, "Cancel"))),
  });
  if (!found) throw cancelled("You chose no wallet.");
  return found;
}

function choice(one, onclick) {
  const icon = one.icon ? h("img", { src: one.icon, alt: "", width: 36, height: 36 }) : h("span", { class: "no-icon", "aria-hidden": "true" }, one.name.slice(0, 1));
  const note = one.note ? h("span", { class: "small" }, one.note) : null;
  return h("button", { type: "button", class: "choice", onclick }, icon, h("span", null, h("bdi", { class: "strong" }, one.name), note));
}

const explained = () => h("details", null, h("summary", null, "What is a wallet?"), WHAT.map((text) => h("p", null, text)));
const WHAT = [
  "A wallet is a program that holds your account's key. You sign in with it, and money and rights move only when you confirm it there. Nobody else can, this service included.",
  "It is an extension of your browser, or an app on your phone that has a browser in it. Your wallet's maker tells you how to keep its recovery words safe: who has them has your account.",
];

async function none() {
  const body = [
    h("p", null, "This browser has no wallet, and you need one to sign in here, to pay, or to be paid."),
    WHAT.map((text) => h("p", null, text)),
    h("p", { class: "strong" }, "What to do"),
    h("ol", null,
      h("li", null, "Install a wallet for Ethereum from your browser's own store of extensions. Any wallet will do."),
      h("li", null, "Make an account in it, and write its recovery words down on paper."),
      h("li", null, "Come back and load this page again. On a phone, open this page in the wallet app's own browser.")),
    h("p", { class: "soft" }, "To read, to listen and to verify, you need no wallet."),
  ];
  const again = await ask({ title: "You need a wallet", body, actions: [{ label: "Load the page again", value: true }, { label: "Close", value: null }] });
  if (again) location.reload();
  throw cancelled("This browser has no wallet.", "Install one, and load the page again.");
}

/**
 * Asks a wallet something that its owner must answer there, and says so while it takes long.
 * `other`: whether another wallet may be taken instead; then resolves to `OTHER`. Raises ApiError.
 */
export async function patiently(wallet, { title, text, other = false }, request) {
  const asked = request().catch((error) => { throw refusal(error); });
  if (wallet.own) return asked; // it has dialogs of its own
  let shut = () => {}, left = false;
  const told = new Promise((resolve, reject) => {
    const timer = setTimeout(async () => {
      const body = [h("p", { class: "busy" }, "Look at your wallet ", h("bdi", { class: "strong" }, wallet.name), ": it waits for your answer."), h("p", { class: "soft" }, text, " If you do not see it, click on its icon beside the address bar.")];
      const actions = [...(other ? [{ label: "Use another wallet", value: OTHER, kind: "quiet" }] : []), { label: "Cancel", value: null }];
      const chosen = await ask({ title, body, actions, fill: (_, close) => { shut = () => close("answered"); } });
      if (chosen === OTHER) resolve(OTHER);
      else if (chosen === null) reject(cancelled("You stopped waiting for your wallet.", "Nothing happened here. You may still say no in your wallet."));
    }, OVERLOOKED);
    shut = () => { clearTimeout(timer); left = true; };
  });
  try {
    return await Promise.race([asked, told]);
  } finally {
    asked.catch(() => {});
    if (!left) shut();
  }
}

export { OTHER };
