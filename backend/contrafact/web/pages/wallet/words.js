// What wallets answer when they do not do what they were asked, in words that say what to do.
import { ApiError } from "../shared/api.js";

const said = (code, message, hint) => new ApiError({ code, message, hint });
const REJECTED = 4001, UNAUTHORIZED = 4100, DISCONNECTED = [4900, 4901], BUSY = -32002, UNABLE = [4200, -32601];
const POOR = /insufficient (funds|balance)|exceeds (the )?balance|not enough (funds|balance)|balance too low/i;
const LATER = "Nothing happened. Try again when you like.";

export const cancelled = (message = "You said no.", hint = LATER) => said("cancelled", message, hint);

/** The error of a provider (EIP-1193) as an ApiError. `method` is what it was asked for. */
export function refusal(error, method = "") {
  if (error instanceof ApiError) return error;
  const { code } = error ?? {}, text = String(error?.message ?? error ?? "nothing");
  if (code === REJECTED) return cancelled("You said no in your wallet.", again(method));
  if (code === BUSY) return busy();
  if (POOR.test(text)) return poor();
  if (code === UNAUTHORIZED) return locked();
  if (UNABLE.includes(code)) return unable();
  if (DISCONNECTED.includes(code)) return offline();
  return said("wallet", `Your wallet said: ${text.slice(0, 300)}`, again(method));
}

function again(method) {
  return method === "eth_sendTransaction" ? "Nothing was sent. Try again when you like." : LATER;
}

const busy = () => said(
  "wallet_busy", "Your wallet already waits for an answer of yours.",
  "Open your wallet, answer what it shows there, and try again here.",
);
const poor = () => said(
  "no_gas", "Your account has too little of the network's coin to pay the network's fee.",
  "Nothing was sent. Add some of the coin to your account, and try again.",
);
export const locked = () => said(
  "wallet_locked", "Your wallet does not let this site use the account.",
  "Unlock your wallet, allow this site there, and try again.",
);
const unable = () => said(
  "wallet_cannot", "Your wallet cannot do that.",
  "Use another wallet, or a newer version of this one. Nothing was lost.",
);
export const offline = () => said(
  "wallet_offline", "Your wallet has no connection to the network.",
  "Check that you are online, or wait a moment, and try again. Nothing was lost.",
);
export const silent = () => said(
  "wallet_silent", "Your wallet does not answer.",
  "Open it, or start your browser again, and try again. Nothing was lost.",
);
export const strange = () => said(
  "wallet_strange", "Your wallet gave an answer that cannot be used.",
  "Try again, or use another wallet. Nothing was lost.",
);
export const unclear = () => said(
  "wallet_unclear", "Your wallet did not say whether it sent the transaction.",
  "Look it up in your wallet before you try again, or it may be sent twice.",
);
export const otherAccount = (wanted) => said(
  "other_account", `This is for the account ${wanted}, and your wallet shows another one.`,
  "Switch back to it in your wallet, and try again. Or leave this, and sign in with the other account.",
);
export const reverted = () => said(
  "reverted", "The network took the transaction in, and it failed there: it changed nothing but the fee.",
  "Something changed since it was tried out. Try again; if it fails again, load the page again.",
);
export const dropped = () => said(
  "dropped", "The network no longer knows the transaction: it was dropped, or replaced from your wallet.",
  "If you replaced it or sped it up in your wallet, load the page again to see what came of it. Else try again.",
);

/** Whether a wallet does not know a network yet (EIP-3326); some hide that in the error of an error. */
export function unknownChain(error) {
  return [error?.code, error?.data?.originalError?.code, error?.cause?.code].includes(4902);
}

/** Whether two addresses are the same. */
export const same = (one, other) => Boolean(one && other) && one.toLowerCase() === other.toLowerCase();
