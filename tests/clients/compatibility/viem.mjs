// viem as the client: raw requests, its typed actions, and whole tasks.
import { createPublicClient, createTestClient, createWalletClient, http, webSocket } from "viem";

const tag = (block) => (block === undefined ? {} : block.startsWith("0x") ? { blockNumber: BigInt(block) } : { blockTag: block });
const range = ({ fromBlock, toBlock, ...rest }) => ({
  ...rest, fromBlock: fromBlock && BigInt(fromBlock), toBlock: toBlock === "latest" ? toBlock : toBlock && BigInt(toBlock),
});
const call = ({ from, gas, gasPrice, value, ...rest }) => ({
  ...rest, account: from, gas: gas && BigInt(gas), gasPrice: gasPrice && BigInt(gasPrice), value: value && BigInt(value),
});
const chain = { id: 31337, name: "development", nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 }, rpcUrls: {} };

export async function connect(url, wsUrl) {
  const transport = http(url, { retryCount: 0 });
  const client = createPublicClient({ transport, cacheTime: 0, pollingInterval: 50, chain });
  const wallet = createWalletClient({ transport, chain });
  const test = createTestClient({ transport, mode: "anvil", chain });
  return { request: (method, params) => client.request({ method, params }), code, typed: typed(client, wallet, test),
    tasks: tasks(client, wallet, url, wsUrl) };
}

function code(error) {
  for (let at = error; at; at = at.cause) if (typeof at.code === "number") return at.code;
  return error.name;
}

const typed = (client, wallet, test) => ({
  eth_chainId: () => client.getChainId(),
  eth_blockNumber: () => client.getBlockNumber(),
  eth_accounts: () => wallet.getAddresses(),
  eth_getBalance: ([address, block]) => client.getBalance({ address, ...tag(block) }),
  eth_getTransactionCount: ([address, block]) => client.getTransactionCount({ address, ...tag(block) }),
  eth_getCode: ([address, block]) => client.getCode({ address, ...tag(block) }),
  eth_getStorageAt: ([address, slot, block]) => client.getStorageAt({ address, slot, ...tag(block) }),
  eth_getProof: ([address, storageKeys, block]) => client.getProof({ address, storageKeys, ...tag(block) }),
  eth_getBlockByNumber: ([block, full]) => client.getBlock({ includeTransactions: full, ...tag(block) }),
  eth_getBlockByHash: ([blockHash, full]) => client.getBlock({ blockHash, includeTransactions: full }),
  eth_getBlockTransactionCountByNumber: ([block]) => client.getBlockTransactionCount(tag(block)),
  eth_getTransactionByHash: ([hash]) => client.getTransaction({ hash }),
  eth_getTransactionByBlockNumberAndIndex: ([block, index]) => client.getTransaction({ ...tag(block), index: Number(index) }),
  eth_getTransactionReceipt: ([hash]) => client.getTransactionReceipt({ hash }),
  eth_call: ([what, block, stateOverride]) => stateOverride ? null : client.call({ ...call(what), ...tag(block) }),
  eth_estimateGas: ([what]) => client.estimateGas(call(what)),
  eth_createAccessList: ([what, block]) => client.createAccessList({ ...call(what), ...tag(block) }),
  eth_getLogs: ([filter]) => client.getLogs(range(filter)),
  eth_gasPrice: () => client.getGasPrice(),
  eth_maxPriorityFeePerGas: () => client.estimateMaxPriorityFeePerGas(),
  eth_blobBaseFee: () => client.getBlobBaseFee(),
  eth_feeHistory: ([count, newest, rewards]) => client.getFeeHistory({ blockCount: Number(count), ...tag(newest), rewardPercentiles: rewards }),
  personal_sign: ([raw, account]) => wallet.signMessage({ account, message: { raw } }),
  eth_signTypedData_v4: ([account, document]) => wallet.signTypedData({ account, ...document }),
  txpool_status: () => test.getTxpoolStatus(),
  txpool_inspect: () => test.inspectTxpool(),
  txpool_content: () => test.getTxpoolContent(),
});

const tasks = (client, wallet, url, wsUrl) => ({
  async "contract: deploy, send, read, decode event"({ abi, bytecode, account }) {
    const hash = await wallet.deployContract({ abi, bytecode, account, args: [7n] });
    const { contractAddress: address } = await client.waitForTransactionReceipt({ hash });
    const request = { abi, address, account, functionName: "store", args: [1n, 2n] };
    const receipt = await client.waitForTransactionReceipt({ hash: await wallet.writeContract(request) });
    const [event] = await client.getContractEvents({ abi, address, eventName: "Stored", blockHash: receipt.blockHash });
    return [receipt.status, await client.readContract({ abi, address, functionName: "values", args: [1n] }), event.args];
  },
  async "contract: decode a custom error"({ abi, bytecode, account }) {
    const hash = await wallet.deployContract({ abi, bytecode, account, args: [7n] });
    const { contractAddress: address } = await client.waitForTransactionReceipt({ hash });
    const error = await client.readContract({ abi, address, functionName: "atLeast", args: [1n, 5n] }).catch((e) => e);
    const { errorName, args } = error.walk((e) => e.data?.errorName).data;
    return [errorName, args];
  },
  async "requests in a batch"({ account }) {
    const batched = createPublicClient({ transport: http(url, { batch: true }) });
    return Promise.all([batched.getChainId(), batched.getBalance({ address: account, blockNumber: 0n }), batched.getCode({ address: account })]);
  },
  async "subscription over a WebSocket"({ account }) {
    const socket = createPublicClient({ transport: webSocket(wsUrl) });
    const before = await socket.getBlockNumber({ cacheTime: 0 });
    const heard = new Promise((resolve, reject) => {
      socket.watchBlockNumber({ onBlockNumber: (number) => number > before && resolve(true), onError: reject });
      setTimeout(reject, 15000, new Error("silence"));
    });
    // Again and again: the first blocks may come before the node has the subscription.
    const sending = setInterval(() => wallet.sendTransaction({ account, to: account, value: 1n }), 300);
    return heard.finally(() => clearInterval(sending));
  },
});
