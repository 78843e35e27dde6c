// The chain, asked by this browser itself: a public node if the network has one, else the reader's own wallet.
import { get } from "../../shared/api.js";
import { wallet } from "../../wallet/wallet.js";
import { transactionsOf } from "./search.js";

/**
 * What a node says of an order: {asked, paid, closed, search, call}, or {why} nobody could be asked. `paid` and
 * `closed` are logs of the two transactions; with `search` the browser found them by the order's id, and it has {logs},
 * all of the order; or {why} not, and they are those of the transactions that the service names. `call` asks on.
 */
export async function askedOf(claims) {
  const why = [];
  for (const [asked, call] of await nodes()) {
    try {
      const chain = Number(await call("eth_chainId", []));
      if (chain !== claims.chain_id) throw new Error(`it is on network ${chain}, not ${claims.chain_id}`);
      return { asked, call, ...(await transactionsOf(call, claims)) };
    } catch (error) {
      why.push(`${asked}: ${error.message}`);
    }
  }
  return {
    why:
      why.join("; ") ||
      "this network has no node that is open to everybody. Connect your wallet, and run the checks again",
  };
}

async function nodes() {
  const found = [],
    network = await get("/v1/network").catch(() => ({}));
  if (network.rpc_url)
    found.push([
      `the node at ${new URL(network.rpc_url).host}`,
      (method, params) => rpc(network.rpc_url, method, params),
    ]);
  if (wallet.account) found.push(["your wallet’s node", (method, params) => wallet.request(method, params)]);
  return found;
}

async function rpc(url, method, params) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  const { result, error } = await response.json();
  if (error) throw Object.assign(new Error(error.message), { code: error.code });
  return result;
}
