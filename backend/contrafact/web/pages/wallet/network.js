// The network that the service's contracts are on, and getting the reader's wallet onto it.
import { ApiError, get } from "../shared/api.js";
import { ask } from "../shared/dialog.js";
import { h } from "../shared/dom.js";
import { cancelled, refusal, unknownChain } from "./words.js";

let known = null;

/** What `GET /v1/network` says; asked once a page. */
export function network() {
  known ??= get("/v1/network").catch((error) => { known = null; throw error; });
  return known;
}

export const sameChain = (one, other) => { try { return BigInt(one) === BigInt(other); } catch { return false; } };

/** Sees to it that the wallet is on the service's network, and asks before it is switched. Raises ApiError. */
export async function onNetwork(provider) {
  const wanted = await network();
  if (await isOn(provider, wanted)) return;
  const words = [
    h("p", null, "Your wallet is on another network. This service's contracts are on ", h("strong", null, wanted.name), `, chain id ${wanted.chain_id}.`),
    h("p", { class: "soft" }, "Your wallet will ask you whether it may switch, and tell it about the network first if it does not know it. Your other networks stay as they are."),
  ];
  const go = await ask({ title: "Switch the network?", body: words, actions: [{ label: "Switch network", value: true }, { label: "Not now", value: null }] });
  if (!go) throw stayed(wanted);
  await switched(provider, wanted);
  if (!(await isOn(provider, wanted))) throw stayed(wanted);
}

async function isOn(provider, wanted) {
  try {
    return sameChain(await provider.request({ method: "eth_chainId" }), wanted.chain_id_hex);
  } catch (error) {
    throw refusal(error);
  }
}

async function switched(provider, wanted) {
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: wanted.chain_id_hex }] });
  } catch (error) {
    if (error?.code === 4001) throw stayed(wanted);
    if (!unknownChain(error)) throw refusal(error);
    await added(provider, wanted);
  }
}

async function added(provider, wanted) {
  const by = `Add it in your wallet's settings: chain id ${wanted.chain_id}, with the address of one of its nodes.`;
  if (!wanted.rpc_url) throw new ApiError({ code: "unknown_network", message: `Your wallet does not know the network ${wanted.name}.`, hint: by });
  const told = {
    chainId: wanted.chain_id_hex, chainName: wanted.name, rpcUrls: [wanted.rpc_url], nativeCurrency: wanted.coin,
    ...(wanted.explorer ? { blockExplorerUrls: [wanted.explorer] } : {}),
  };
  try {
    await provider.request({ method: "wallet_addEthereumChain", params: [told] });
    if (!(await isOn(provider, wanted))) await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: wanted.chain_id_hex }] });
  } catch (error) {
    throw error?.code === 4001 ? stayed(wanted) : refusal(error);
  }
}

const stayed = (wanted) => cancelled("Your wallet stayed on another network.", `Nothing was signed or sent. Switch to ${wanted.name} when you like, and try again.`);
