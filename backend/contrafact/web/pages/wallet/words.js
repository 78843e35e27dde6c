// What wallets answer when they do not do what they were asked, in words that say what to do.
import { ApiError } from "../shared/api.js";

const said = (code, message, hint) => new ApiError({ code, message, hint });
const REJECTED = 4001, UNAUTHORIZED = 4100, UNSUPPORTED = 4200, DISCONNECTED = 4900, NO_CHAIN = 4901, PENDING = -32002;
const POOR = /insufficient (funds|balance)|exceeds (the )?balance|not enough (funds|balance)|balance too low/i;

export const cancelled = (message = "You said no.", hint = "Nothing happened. Try again when you like.") => said("cancelled", message, hint);

/** The error of a provider (EIP-1193) as an ApiError. `method` is what it was asked for. */
export function refusal(error, method = "") {
  if (error instanceof ApiError) return error;
  const code = error?.code, text = String(error?.message ?? error ?? "nothing");
  if (code === REJECTED) return cancelled("You said no in your wallet.", again(method));
  if (code === PENDING) return said("wallet_busy", "Your wallet already waits for an answer of yours.", "Open your wallet, answer what it shows there, and try again here.");
  if (POOR.test(text)) return said("no_gas", "Your account has too little of the network's coin to pay the network's fee.", "Nothing was sent. Add some of the coin to your account, and try again.");
  if (code === UNAUTHORIZED) return said("wallet_locked", "Your wallet does not let this site use the account.", "Unlock your wallet, allow this site there, and try again.");
  if (code === UNSUPPORTED || code === -32601) return said("wallet_cannot", "Your wallet cannot do that.", "Use another wallet, or a newer version of this one. Nothing was lost.");
  if (code === DISCONNECTED || code === NO_CHAIN) return said("wallet_offline", "Your wallet has no connection to the network.", "Check that you are online, or wait a moment, and try again. Nothing was lost.");
  return said("wallet", `Your wallet said: ${text.slice(0, 300)}`, again(method));
}

const again = (method) => (method === "eth_sendTransaction" ? "Nothing was sent. Try again when you like." : "Nothing was lost. Try again when you like.");

/** Whether a wallet does not know a network yet (EIP-3326); some hide that in the error of an error. */
export const unknownChain = (error) => [error?.code, error?.data?.originalError?.code, error?.cause?.code].includes(4902);

export const otherAccount = (wanted) => said("other_account", `This is for the account ${wanted}, and your wallet shows another one.`, "Switch back to it in your wallet, and try again. Or leave this, and sign in with the other account.");

export const reverted = () => said("reverted", "The network took the transaction in, and it failed there: it changed nothing but the fee.", "Something changed since it was tried out. Try again; if it fails again, load the page again to see how things stand now.");

export const dropped = () => said("dropped", "The network no longer knows the transaction: it was dropped, or replaced from your wallet.", "If you sped it up or replaced it in your wallet, load the page again to see whether it did its work. Else try again.");

export const same = (one, other) => Boolean(one && other) && one.toLowerCase() === other.toLowerCase();
