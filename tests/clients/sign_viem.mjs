// viem as a wallet: reads a JSON list of jobs on stdin, answers a list of what it would sign.
import { readFileSync } from "node:fs";
import { decodeFunctionData, encodeFunctionData, hashTypedData, keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const NUMBERS = ["value", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas"];

const DO = {
  async typedData({ key, document }) {
    const signature = await privateKeyToAccount(key).signTypedData(document);
    return { hash: hashTypedData(document), signature };
  },
  async transaction({ key, transaction }) {
    const { type, chainId, nonce, from, ...rest } = transaction;
    const numbers = NUMBERS.filter((name) => name in rest).map((name) => [name, BigInt(rest[name])]);
    const raw = await privateKeyToAccount(key).signTransaction({
      ...rest, ...Object.fromEntries(numbers), chainId: Number(chainId), nonce: Number(nonce),
      type: Number(type) === 2 ? "eip1559" : "legacy",
    });
    return { raw, hash: keccak256(raw) };
  },
  async calldata({ abi, data }) {
    const { functionName, args } = decodeFunctionData({ abi, data });
    return { name: functionName, data: encodeFunctionData({ abi, functionName, args }) };
  },
};

const jobs = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await Promise.all(jobs.map((job) => DO[job.do](job)))));
