// What a message says that the development accounts are asked to sign: in words first, and whole for who unfolds it.
import { h } from "../shared/dom.js";
import { code, decimal } from "../shared/format.js";
import { CONTRACTS } from "./meanings.js";
import { facts, node, p, unfolds, written } from "./parts.js";
import { same } from "./words.js";

const DECIMALS = "0x313ce567", SYMBOL = "0x95d89b41"; // ERC-20

/** `{title, shown}` for typed data (EIP-712, as JSON) on `chain` (of `network()`). */
export async function signed(json, chain) {
  const { primaryType: kind, message, domain } = JSON.parse(json);
  const whole = unfolds("All of the message", written(JSON.stringify(message, null, 2)));
  const payee = message.spender ?? message.to, value = message.value;
  const token = await tokenAt(domain.verifyingContract, chain);
  if (!token || value === undefined || !payee)
    return { title: "Sign this message?", shown: [words(kind, message), whole] };
  const amount = `${cents(decimal(value, token.decimals))} ${token.symbol}${chain.development ? " (play money)" : ""}`;
  const rows = facts([["To", named(payee, chain), " ", code(payee)]]);
  const says = "It is held there until the piece is made. What is not used comes back to you.";
  const held = same(payee, chain.contracts.GenerationEscrow) ? p("", says) : null;
  const title = `Pay ${amount}?`;
  return { title, shown: [p("strong", `You let ${amount} be taken, and no more.`), rows, held, whole] };
}

/** A message in which no money of a known token is named: what kind it is, and its plain fields. */
function words(kind, message) {
  const plain = Object.entries(message).filter(([, value]) => ["string", "number"].includes(typeof value));
  const readable = plain.filter(([, value]) => !NUMBER.test(value) && String(value).length < 60);
  const rows = readable.map(([name, value]) => [name, String(value)]);
  return [p("strong", KINDS[kind] ?? `A message of the kind “${kind}”`), facts(rows)];
}

const NUMBER = /^(0x[0-9a-f]{41,}|\d{10,})$/i; // digests, and amounts of who knows what
const KINDS = {
  Order: "You order a piece, as this page showed it.", Approval: "You approve one piece of your song.",
  SplitConfirmation: "You confirm that a share is yours.",
};

export const named = (address, { contracts }) => {
  const name = Object.keys(contracts).find((one) => same(contracts[one], address));
  return name ? h("bdi", { class: "strong" }, CONTRACTS[name] ?? name) : null;
};

const cents = (text) => (/\.\d$/.test(text) ? `${text}0` : text);

/** The network's known token at an address, as the chain itself describes it; null for any other. */
export async function tokenAt(address, { contracts, rpc_url: url }) {
  if (!same(address, contracts.TestDollar)) return null;
  const ask = (data) => node(url, "eth_call", [{ to: address, data }, "latest"]);
  try {
    const [decimals, symbol] = await Promise.all([ask(DECIMALS), ask(SYMBOL)]);
    return { address, decimals: Number(decimals), symbol: text(symbol) };
  } catch {
    return null;
  }
}

/** What an account has of a token, as `12.50 TUSD`. */
export async function balance(account, token, url) {
  const data = `0x70a08231${account.slice(2).toLowerCase().padStart(64, "0")}`;
  const units = await node(url, "eth_call", [{ to: token.address, data }, "latest"]);
  return `${cents(decimal(units, token.decimals))} ${token.symbol}`;
}

/** A string that a contract returned (ABI: its place, its length, its bytes). */
function text(hex) {
  const length = Number(`0x${hex.slice(66, 130)}`), bytes = hex.slice(130, 130 + 2 * length).match(/../g) ?? [];
  return new TextDecoder().decode(Uint8Array.from(bytes, (one) => parseInt(one, 16)));
}
