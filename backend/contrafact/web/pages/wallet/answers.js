// What wallets answer, as far as it can be used: they are programs of others, and may answer anything, or never.
import { silent, strange, unclear } from "./words.js";

const ACCOUNT = /^0x[0-9a-fA-F]{40}$/, HASH = /^0x[0-9a-fA-F]{64}$/, SIGNATURE = /^0x([0-9a-fA-F]{2})+$/;
const PATIENCE = 8000; // ms, for what no person needs to answer

/** The same, or an ApiError after `wait` ms: for what a wallet knows without asking its owner. */
export function soon(asked, wait = PATIENCE) {
  return Promise.race([asked, new Promise((_, fail) => setTimeout(() => fail(silent()), wait))]);
}

/** The account that a wallet shows; null where it shows none. */
export function accountOf(accounts) {
  const [first] = Array.isArray(accounts) ? accounts : [];
  return fits(first, ACCOUNT) ? first : null;
}

/** What a wallet answered to `method`. Raises ApiError unless it is a transaction's hash, or a signature. */
export function answerOf(method, answer) {
  const sends = method === "eth_sendTransaction";
  if (!fits(answer, sends ? HASH : SIGNATURE)) throw sends ? unclear() : strange();
  return answer;
}

const fits = (answer, form) => typeof answer === "string" && form.test(answer);
