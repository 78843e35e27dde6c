// ethers as a wallet: reads a JSON list of jobs on stdin, answers a list of what it would sign.
import { readFileSync } from "node:fs";
import { Interface, TypedDataEncoder, Wallet, keccak256 } from "ethers";

const DO = {
  async typedData({ key, document: { domain, types, primaryType, message } }) {
    const { EIP712Domain, ...rest } = types; // ethers makes it from the domain, and finds the primary type itself
    if (TypedDataEncoder.from(rest).primaryType !== primaryType) throw new Error(`not a ${primaryType}`);
    const signature = await new Wallet(key).signTypedData(domain, rest, message);
    return { hash: TypedDataEncoder.hash(domain, rest, message), signature };
  },
  async transaction({ key, transaction }) {
    const { gas, from, ...rest } = transaction;
    const raw = await new Wallet(key).signTransaction({
      ...rest, gasLimit: gas, type: Number(rest.type), nonce: Number(rest.nonce),
    });
    return { raw, hash: keccak256(raw) };
  },
  async calldata({ abi, data }) {
    const contract = new Interface(abi);
    const { name, args, fragment } = contract.parseTransaction({ data });
    return { name, data: contract.encodeFunctionData(fragment, args) };
  },
};

const jobs = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await Promise.all(jobs.map((job) => DO[job.do](job)))));
