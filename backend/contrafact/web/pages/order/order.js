// The page of an order: follows it while it is made, then has it played and checked.
import { byId } from "../shared/dom.js";
import { finish } from "../shared/finish.js";
import { mountPlayer } from "../player/player.js";
import { wallet } from "../wallet/wallet.js";
import { follow } from "./progress.js";
import { offerMore } from "./more.js";
import { offerRefund } from "./refund.js";
import { mountEvidence } from "./checks.js";

let player = null,
  stop = null;

function begin() {
  const page = byId("order"),
    { order, followed, finished } = page.dataset;
  const shown = byId("player");
  if (finished && shown) player = mountPlayer(shown, { order });
  if (followed) stop = follow(order, renew);
  offerWayBack();
  offerRefund(page, renew);
  offerMore(renew);
  mountEvidence(byId("checks"));
  const print = byId("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => globalThis.print());
  }
}

/** Puts what the service says now in the place of what is shown: as a reload does, but focus and place stay. */
async function renew() {
  const response = await fetch(location.pathname, { credentials: "same-origin" });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  player?.destroy();
  stop?.();
  player = stop = null;
  byId("order").replaceWith(document.importNode(fresh.getElementById("order"), true));
  document.title = fresh.title;
  finish(byId("order"));
  begin();
}

/** Its maker came from the studio, and finds back. */
function offerWayBack() {
  const { maker } = byId("order").dataset, reader = (wallet.account ?? wallet.session)?.toLowerCase();
  if (reader === maker.toLowerCase()) byId("mine").hidden = false;
}

wallet.addEventListener("account", offerWayBack);
wallet.addEventListener("session", () => {
  if (byId("order").dataset.finished) renew();
}); // who has signed in may have more
begin();
