// What may still be done with a finished piece: a wider use, and sharing later revenue. The page says the price.
import { ApiError, post } from "../shared/api.js";
import { byId, show } from "../shared/dom.js";
import { units } from "../shared/format.js";
import { busy, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";

const INDEXED = 60; // looks, one a second

/** `renew` shows the page as the service has it now. */
export function offerMore(renew) {
  onSubmit("raise", "raise-use", "Use it more widely", (form) => ({ use: form.elements.use.value }), renew);
  onSubmit("downstream", "pay-downstream", "Share later revenue", revenueOf, renew);
}

function revenueOf(form) {
  const amount = units(form.elements.amount.value, Number(form.dataset.decimals));
  if (amount) return { amount: String(amount) };
  const hint = `Write a number above nothing with at most ${form.dataset.decimals} decimals.`;
  throw new ApiError({ code: "invalid_input", message: "This is no amount.", hint });
}

function onSubmit(id, action, title, asked, renew) {
  const form = byId(id);
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector(".said"), button = form.querySelector("button");
    button.disabled = true;
    try {
      const what = asked(form), sender = await wallet.connect();
      show(said, busy("Working out the price …"));
      const steps = await post(`/v1/transactions/${action}`, { order: form.dataset.order, sender, ...what });
      show(said, busy("Your wallet asks you."));
      const { hashes } = await wallet.perform(steps, { title });
      show(said, busy("Paid. Waiting until it is indexed …"));
      await shown(hashes.at(-1), renew);
    } catch (error) {
      show(said, problem(error));
    } finally {
      button.disabled = false;
    }
  });
}

/** Waits until the page tells of the transaction. */
async function shown(hash, renew) {
  for (let look = 0; look < INDEXED; look += 1) {
    if ((await (await fetch(location.pathname)).text()).includes(hash)) {
      await renew();
      byId("more").setAttribute("tabindex", "-1");
      byId("more").focus();
      return;
    }
    await new Promise((go) => setTimeout(go, 1_000));
  }
  throw new ApiError({
    code: "unavailable", message: "It is paid, but not indexed yet.", hint: "Load the page again in a minute.",
  });
}
