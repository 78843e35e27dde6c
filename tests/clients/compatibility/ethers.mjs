// ethers as the client: raw requests, its typed methods, and whole tasks.
import { ContractFactory, JsonRpcProvider, WebSocketProvider } from "ethers";

const NETWORK = 31337;
const plain = (value) => (value?.toJSON ? value.toJSON() : value);

export async function connect(url, wsUrl) {
  const provider = new JsonRpcProvider(url, NETWORK, { staticNetwork: true, batchMaxCount: 1, polling: true, cacheTimeout: -1 });
  provider.pollingInterval = 50;
  return { request: (method, params) => provider.send(method, params), code, typed: typed(provider), tasks: tasks(provider, url, wsUrl) };
}

function code(error) {
  return error.info?.error?.code ?? error.error?.code ?? error.code ?? error.name;
}

const call = ({ gas, ...rest }) => ({ ...rest, gasLimit: gas });

const typed = (provider) => ({
  eth_chainId: async () => (await provider.getNetwork()).chainId,
  eth_blockNumber: () => provider.getBlockNumber(),
  eth_accounts: async () => (await provider.listAccounts()).map((signer) => signer.address),
  eth_getBalance: ([address, block]) => provider.getBalance(address, block),
  eth_getTransactionCount: ([address, block]) => provider.getTransactionCount(address, block),
  eth_getCode: ([address, block]) => provider.getCode(address, block),
  eth_getStorageAt: ([address, slot, block]) => provider.getStorage(address, slot, block),
  eth_getBlockByNumber: async ([block, full]) => plain(await provider.getBlock(block, full)),
  eth_getBlockByHash: async ([hash, full]) => plain(await provider.getBlock(hash, full)),
  eth_getTransactionByHash: async ([hash]) => plain(await provider.getTransaction(hash)),
  eth_getTransactionReceipt: async ([hash]) => plain(await provider.getTransactionReceipt(hash)),
  eth_call: ([what, block, overrides]) => (overrides ? null : provider.call({ ...call(what), blockTag: block })),
  eth_estimateGas: ([what]) => provider.estimateGas(call(what)),
  eth_getLogs: async ([filter]) => (await provider.getLogs(filter)).map(plain),
  eth_gasPrice: async () => plain(await provider.getFeeData()),
  personal_sign: async ([message, account]) => (await provider.getSigner(account)).signMessage(Buffer.from(message.slice(2), "hex")),
  eth_signTypedData_v4: async ([account, { domain, types, message }]) => {
    const { EIP712Domain, ...rest } = types;
    return (await provider.getSigner(account)).signTypedData(domain, rest, message);
  },
});

async function deployed(provider, { abi, bytecode, account }) {
  const contract = await new ContractFactory(abi, bytecode, await provider.getSigner(account)).deploy(7n);
  return contract.waitForDeployment();
}

const tasks = (provider, url, wsUrl) => ({
  async "contract: deploy, send, read, decode event"(probe) {
    const contract = await deployed(provider, probe);
    const receipt = await (await contract.store(1n, 2n)).wait();
    const { args } = contract.interface.parseLog(receipt.logs[0]);
    return [receipt.status, await contract.values(1n), args.toObject()];
  },
  async "contract: decode a custom error"(probe) {
    const error = await (await deployed(provider, probe)).atLeast(1n, 5n).catch((e) => e);
    return [error.revert.name, [...error.revert.args]];
  },
  async "requests in a batch"({ account }) {
    const batched = new JsonRpcProvider(url, NETWORK, { staticNetwork: true });
    return Promise.all([batched.send("eth_chainId", []), batched.getBalance(account, 0), batched.getCode(account)]);
  },
  async "subscription over a WebSocket"({ account }) {
    const socket = new WebSocketProvider(wsUrl, NETWORK);
    const before = await socket.getBlockNumber();
    const heard = new Promise((resolve, reject) => {
      socket.on("block", (number) => number > before && resolve(true));
      setTimeout(reject, 15000, new Error("silence"));
    });
    const signer = await provider.getSigner(account);
    // Again and again: the first blocks may come before the node has the subscription.
    const sending = setInterval(() => signer.sendTransaction({ to: account, value: 1n }), 300);
    return heard.finally(() => clearInterval(sending));
  },
});
