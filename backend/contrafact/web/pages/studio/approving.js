// An owner's approval of somebody's piece: one signature, which the maker adds to the payment.
import { post } from "../shared/api.js";
import { title } from "../shared/dom.js";
import { code, money, percent, use } from "../shared/format.js";
import { wallet } from "../wallet/wallet.js";

/** The signature of the licensor of `work` for the order made from an offer (`GET /v1/quotes/…`). Raises ApiError. */
export async function approve(made, work) {
  const { document } = made;
  const steps = await post("/v1/transactions/approve-order", { quote: document, work });
  const { signatures } = await wallet.perform(steps, { title: "Approve a piece", go: "Approve", words: words(made, work) });
  return signatures.approval;
}

/** What is approved: song, use, money and maker. */
function words({ maker, offer, document }, work) {
  const { use: name, duration } = document.quote,
    source = offer.sources.find((one) => one.work === work);
  return [
    ["Your song", [title(source.title), source.weight > 0 && `, ${percent(source.weight)} of what the piece is made from`]],
    ["For", `one piece: ${use(name)}, ${duration} seconds`],
    ["Your song gets", ["about ", money(source.expected), ", at least ", money(source.least)]],
    ["It costs the maker", ["at most ", money(offer.escrow)]],
    ["The maker", code(maker)],
  ];
}
