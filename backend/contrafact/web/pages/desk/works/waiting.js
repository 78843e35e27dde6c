// After a wallet has sent something: until this service's index has the block that it stands in.
import { ApiError, get } from "../../shared/api.js";
import { wallet } from "../../wallet/wallet.js";

const LONGEST = 120_000;
const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

/** Waits until the index has the blocks of these transactions. Raises ApiError after two minutes. */
export async function indexed(hashes, now = () => performance.now()) {
  const last = hashes.at(-1),
    until = now() + LONGEST;
  if (!last) return;
  const { blockNumber } = await wallet.request("eth_getTransactionReceipt", [last]);
  while (now() < until) {
    const { block } = await get("/v1/status");
    if (block >= Number(blockNumber)) return;
    await pause(500);
  }
  throw new ApiError({
    code: "not_indexed",
    message: "It was sent, and this page cannot see it yet.",
    hint: "Load the page again in a minute. Do not send it twice.",
  });
}
