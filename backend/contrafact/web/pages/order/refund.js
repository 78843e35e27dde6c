// Money back where nothing was delivered: a button when it is possible, and the page anew when it becomes so.
import { byId, show } from "../shared/dom.js";
import { busy, problem } from "../shared/notices.js";
import { get, post } from "../shared/api.js";
import { wallet } from "../wallet/wallet.js";

const LONGEST = 2 ** 31 - 1; // milliseconds that a timer takes

export function offerRefund(page, renew) {
  const box = byId("refund");
  if (!box) return;
  const wait = new Date(box.dataset.from) - Date.now() + 1_000;
  if (!box.dataset.open && wait < LONGEST)
    setTimeout(
      () => {
        if (box.isConnected) renew();
      },
      Math.max(wait, 5_000),
    );
  byId("refund-now")?.addEventListener("click", () => refund(page.dataset.order, byId("refund-said"), renew));
}

async function refund(order, said, renew) {
  const button = byId("refund-now");
  button.disabled = true;
  try {
    const sender = await wallet.connect();
    const steps = await post("/v1/transactions/refund", { order, sender });
    await wallet.perform(steps, { title: "Send the money back to the maker" });
    show(said, busy("Sent. Waiting until it is indexed …"));
    while ((await get(`/v1/orders/${order}`)).status === "funded") await new Promise((go) => setTimeout(go, 1_000));
    await renew();
  } catch (error) {
    show(said, problem(error));
  } finally {
    button.disabled = false;
  }
}
