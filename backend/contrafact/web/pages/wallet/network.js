// The network that the service's contracts are on, and getting the reader's wallet onto it.
import { ApiError, get } from "../shared/api.js";
import { ask } from "../shared/dialog.js";
import { soon } from "./answers.js";
import { p, strong } from "./parts.js";
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
  if (!(await maySwitch(wanted))) throw stayed(wanted);
  await switched(provider, wanted);
  if (!(await isOn(provider, wanted))) throw stayed(wanted);
}

function maySwitch({ name, chain_id: id }) {
  const body = [
    p("", "Your wallet is on another network. This service's contracts are on ", strong(name), `, chain id ${id}.`),
    p("soft", "Your wallet will ask you whether it may switch, and add the network first if it does not know it.",
      " Your other networks stay as they are."),
  ];
  const actions = [{ label: "Switch network", value: true }, { label: "Not now", value: null }];
  return ask({ title: "Switch the network?", body, actions });
}

async function isOn(provider, wanted) {
  try {
    return sameChain(await soon(provider.request({ method: "eth_chainId" })), wanted.chain_id_hex);
  } catch (error) {
    throw refusal(error);
  }
}

async function switched(provider, wanted) {
  const request = { method: "wallet_switchEthereumChain", params: [{ chainId: wanted.chain_id_hex }] };
  try {
    await provider.request(request).catch(async (error) => {
      if (!unknownChain(error)) throw error;
      await provider.request({ method: "wallet_addEthereumChain", params: [described(wanted)] });
      if (!(await isOn(provider, wanted))) await provider.request(request); // some add it, and stay where they are
    });
  } catch (error) {
    throw error?.code === 4001 ? stayed(wanted) : refusal(error);
  }
}

/** The network as EIP-3085 has it. Raises ApiError where there is no node for everybody. */
function described({ chain_id_hex: chainId, chain_id: id, name: chainName, rpc_url: url, coin, explorer }) {
  const hint = `Add it in your wallet's settings: chain id ${id}, with the address of one of its nodes.`;
  const message = `Your wallet does not know the network ${chainName}.`;
  if (!url) throw new ApiError({ code: "unknown_network", message, hint });
  const pages = explorer ? { blockExplorerUrls: [explorer] } : {};
  return { chainId, chainName, rpcUrls: [url], nativeCurrency: coin, ...pages };
}

function stayed({ name }) {
  const hint = `Nothing was signed or sent. Switch to ${name} when you like, and try again.`;
  return cancelled("Your wallet stayed on another network.", hint);
}
