// Every page of the rights desk: signing in where nobody has, and the page anew when somebody has, or has gone.
import { show } from "../shared/dom.js";
import { problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";

const button = document.querySelector("[data-sign-in]");
button?.addEventListener("click", async () => {
  button.disabled = true;
  try {
    await wallet.signIn();
  } catch (error) {
    if (error.code !== "cancelled") show(document.querySelector("[data-sign-in-problem]"), problem(error));
  }
  button.disabled = false;
});

// What is on the page is one holder's: another holder's page is another page.
const shown = document.getElementById("wallet").dataset.session;
wallet.addEventListener("session", () => {
  if ((wallet.session ?? "").toLowerCase() !== shown.toLowerCase()) location.reload();
});
document.querySelector(".desk-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
