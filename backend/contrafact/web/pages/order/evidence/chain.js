// The chain, asked by this browser itself: a public node if the network has one, else the reader's own wallet.
import { get } from "../../shared/api.js";
import { wallet } from "../../wallet/wallet.js";

/**
 * {paid, closed, asked}: the receipts of an order's two transactions, and who was asked; or {why} nobody could be.
 */
export async function receiptsOf(claims) {
  const why = [];
  for (const [asked, request] of await nodes()) {
    try {
      const chain = Number(await request("eth_chainId", []));
      if (chain !== claims.chain_id) throw new Error(`it is on network ${chain}, not ${claims.chain_id}`);
      const [paid, closed] = await Promise.all(
        [claims.funded_in, claims.committed_in].map((hash) => request("eth_getTransactionReceipt", [hash])),
      );
      return { paid, closed, asked };
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
  if (error) throw new Error(error.message);
  return result;
}
