// What may still be done with a finished piece: a wider use, and sharing later revenue. The wallet's screen says the price.
import { ApiError, post } from "../shared/api.js";
import { byId, h, show } from "../shared/dom.js";
import { units } from "../shared/format.js";
import { busy, notice, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";

export function offerMore() {
  onSubmit("raise", "raise-use", "Use it more widely", (form) => ({ use: form.elements.use.value }));
  onSubmit("downstream", "pay-downstream", "Share later revenue", (form) => {
    const amount = units(form.elements.amount.value, Number(form.dataset.decimals));
    if (amount) return { amount: String(amount) };
    const hint = `Write a number above nothing with at most ${form.dataset.decimals} decimals.`;
    throw new ApiError({ code: "invalid_input", message: "This is no amount.", hint });
  });
}

function onSubmit(id, action, title, asked) {
  const form = byId(id);
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector(".said"), button = form.querySelector("button");
    button.disabled = true;
    try {
      const what = asked(form), sender = await wallet.connect();
      show(said, busy("Working out the price …"));
      const steps = await post(`/v1/transactions/${action}`, { order: form.dataset.order, sender, ...what });
      show(said, busy("See your wallet."));
      await wallet.perform(steps, { title });
      show(said, notice("good", h("p", null, "Paid. It stands on the chain.")));
    } catch (error) {
      show(said, problem(error));
    } finally {
      button.disabled = false;
    }
  });
}
