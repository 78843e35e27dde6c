// What is said at the window's edge when a wallet is no longer as the page needs it.
import { short } from "../shared/format.js";
import { say, unsay } from "./tray.js";
import { same } from "./words.js";

/** The wallet is on another network than the service; null: no longer. */
export function onOtherNetwork(name, switchBack) {
  if (!name) return unsay("chain");
  const text = `Your wallet is on another network than this service, which is on ${name}. You can read on;
    it must be switched before you sign or send.`;
  return say("chain", "warn", text, { actions: [{ label: "Switch back", run: switchBack }] });
}

/** Somebody signed in with an account that the wallet does not show now. */
export function onOtherAccount(signedIn, shown, signIn) {
  if (!shown || !signedIn || same(signedIn, shown)) return unsay("session");
  const text = `You signed in here as ${short(signedIn)}, and your wallet shows ${short(shown)}. Switch back in your
    wallet, or sign in anew.`;
  return say("session", "warn", text, { actions: [{ label: `Sign in as ${short(shown)}`, run: signIn }] });
}

export function onConnection(isLost) {
  if (!isLost) return unsay("offline");
  return say("offline", "warn", "Your wallet lost its connection to the network. You can read on; nothing was lost.");
}
