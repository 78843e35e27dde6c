// Every page of the rights desk: signing in where nobody has, and the page anew when somebody has, or has gone.
import { show } from "../shared/dom.js";
import { problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";

const button = document.querySelector("[data-sign-in]");
if (button) button.disabled = false; // before, a click would be lost
button?.addEventListener("click", async () => {
  button.disabled = true;
  try {
    await wallet.signIn();
  } catch (error) {
    if (error.code !== "cancelled") show(document.querySelector("[data-sign-in-problem]"), problem(error));
  }
  button.disabled = false;
});

// What is on the page is one holder's: another holder's page is another page. A wallet that only shows another account
// has signed nobody in or out.
const shown = document.getElementById("wallet").dataset.session.toLowerCase();
wallet.addEventListener("session", () => {
  const session = wallet.session?.toLowerCase() ?? "";
  const away = !session && wallet.account && wallet.account.toLowerCase() !== shown;
  if (session !== shown && !away) location.reload();
});
