// An owner's approval of somebody's piece: one signature, which the maker adds to the payment.
import { post } from "../shared/api.js";
import { wallet } from "../wallet/wallet.js";

/** The signature of the licensor of `work` for the order made from an offer's `document`. Raises ApiError. */
export async function approve(document, work) {
  const steps = await post("/v1/transactions/approve-order", { quote: document, work });
  const { signatures } = await wallet.perform(steps, { title: "Approve a piece", go: "Approve" });
  return signatures.approval;
}
