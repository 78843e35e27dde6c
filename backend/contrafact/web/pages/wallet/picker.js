// Dialogs of connecting: which wallet, what to do without one, and that a wallet waits for an answer.
import { ask } from "../shared/dialog.js";
import { h } from "../shared/dom.js";
import { button, choices, lower, p, strong, unfolds } from "./parts.js";
import { cancelled, refusal } from "./words.js";

/** What `patiently` resolves to where the reader wants another wallet. */
export const OTHER = Symbol("another wallet");
const OVERLOOKED = 400; // ms: after so long a wallet waits for its owner

/** Asks which of the wallets. Raises ApiError `cancelled`; also without one, when it was said what to do. */
export async function pick(wallets) {
  if (!wallets.length) return none();
  const body = wallets.every((one) => one.own) ? p("soft", "No wallet is installed in this browser.") : [];
  const listed = wallets.map((one) => ({ ...one, wallet: one, name: one.label || one.name }));
  const fill = (dialog, close) => dialog.append(
    choices(listed, (one) => close(one.wallet)),
    unfolds("What is a wallet?", what()), lower(button("Cancel", () => close(null), "quiet")));
  const found = await ask({ title: "Which wallet?", body, fill });
  if (!found) throw cancelled("You chose no wallet.");
  return found;
}

const what = () => [
  p("", "A wallet is a program that holds your account's key. You sign in with it, and money and rights move only when",
    " you confirm it there. Nobody else can do that, this service included."),
  p("", "It is an extension of your browser, or an app on your phone that has a browser in it. Keep its recovery words",
    " safe, on paper: who has them has your account."),
];

async function none() {
  const steps = [
    "Install a wallet for Ethereum from your browser's own store of extensions. Any of them will do.",
    "Make an account in it, and write its recovery words down on paper.",
    "Come back and load this page again. On a phone, open this page in the wallet app's own browser.",
  ];
  const body = [
    p("", "This browser has no wallet. You need one to sign in here, to pay, and to be paid."), what(),
    p("strong", "What to do"), h("ol", null, steps.map((text) => h("li", null, text))),
    p("soft", "To read, to listen and to verify, you need none."),
  ];
  const actions = [{ label: "Load the page again", value: true }, { label: "Close", value: null }];
  if (await ask({ title: "You need a wallet", body, actions })) location.reload();
  throw cancelled("This browser has no wallet.", "Install one, and load the page again.");
}

/**
 * Asks a wallet something that its owner must answer there, and says so while it takes long.
 * `other`: whether another wallet may be taken instead; then it may resolve to `OTHER`. Raises ApiError.
 */
export async function patiently(wallet, words, request) {
  const asked = request().catch((error) => { throw refusal(error); });
  if (wallet.own) return asked; // it has dialogs of its own
  const gone = new AbortController();
  try {
    return await Promise.race([asked, overlooked(wallet, words, gone.signal)]);
  } finally {
    asked.catch(() => {}); // an answer that comes too late
    gone.abort();
  }
}

async function overlooked(wallet, { title, text, other = false }, answered) {
  await new Promise((go) => setTimeout(go, OVERLOOKED));
  if (answered.aborted) return null;
  const body = [
    p("busy", "Look at your wallet ", strong(wallet.name), ": it waits for your answer."),
    p("soft", text, " If you do not see it, click on its icon beside the address bar."),
  ];
  const leave = { label: "Cancel", value: null, kind: "quiet" };
  const another = { label: "Use another wallet", value: OTHER, kind: "quiet" };
  const actions = other ? [another, leave] : [leave];
  const fill = (_, close) => answered.addEventListener("abort", () => close(OTHER));
  const chosen = await ask({ title, body, actions, fill });
  if (chosen) return chosen;
  throw cancelled("You stopped waiting for your wallet.", "Nothing happened here. Say no in your wallet, too.");
}
