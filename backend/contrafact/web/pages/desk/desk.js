// Every page of the rights desk: signing in where nobody has, and the page anew when somebody has, or has gone.
import { h, show } from "../shared/dom.js";
import { short } from "../shared/format.js";
import { problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";

const button = document.querySelector("[data-sign-in]");
if (button) button.disabled = false; // before, a click would be lost
button?.addEventListener("click", async () => {
  button.disabled = true;
  try {
    await wallet.signIn();
  } catch (error) {
    show(document.querySelector("[data-sign-in-problem]"), problem(error));
  }
  button.disabled = false;
});

// What is on the page is one holder's: another holder's page is another page. A wallet that only shows another account
// has signed nobody in or out.
const owner = document.getElementById("wallet").dataset.session,
  shown = owner.toLowerCase();
wallet.addEventListener("session", () => {
  const session = wallet.session?.toLowerCase() ?? "";
  const away = !session && wallet.account && wallet.account.toLowerCase() !== shown;
  if (session !== shown && !away) location.reload();
});

/** Above all: that the wallet shows another account than the one whose page this is. */
const other = h("div", { class: "notice warn", role: "status" });
function compare() {
  const account = wallet.account?.toLowerCase();
  if (!shown || !account || account === shown) return other.remove();
  document.querySelector(".desk-nav").after(other);
  const said = h("div"),
    anew = () => wallet.signIn().catch((error) => show(said, problem(error)));
  const button = { type: "button", class: "button quiet small", onclick: anew };
  return show(
    other,
    h("p", null, `This page is that of the account ${short(owner)}. Your wallet shows ${short(wallet.account)} now.`),
    h("p", null, h("button", button, `Sign in as ${short(wallet.account)}`)),
    said,
  );
}
wallet.addEventListener("account", compare);
wallet.ready.then(compare);
