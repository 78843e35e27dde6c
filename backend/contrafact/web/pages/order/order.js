// The page of an order: follows it while it is made, then has it played and checked.
import { byId, h, show } from "../shared/dom.js";
import { finish } from "../shared/finish.js";
import { busy, problem } from "../shared/notices.js";
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
  waitWhileMade();
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
  const isAwaited = !byId("order").dataset.finished;
  const watched = isAwaited && Boolean(document.activeElement?.matches("body, h1, .making *"));
  player?.destroy();
  stop?.();
  player = stop = null;
  byId("order").replaceWith(document.importNode(fresh.getElementById("order"), true));
  document.title = fresh.title;
  finish(byId("order"));
  begin();
  if (watched && byId("order").dataset.finished) focusPlay(byId("player"));
}

/** Who waited for the piece can play it at once; whoever was elsewhere on the page stays there. */
function focusPlay(shown) {
  const ready = () => {
    const toggle = shown?.querySelector(".toggle");
    toggle?.focus({ preventScroll: true });
    return Boolean(toggle);
  };
  if (!shown || ready()) return;
  const seen = new MutationObserver(() => ready() && seen.disconnect());
  seen.observe(shown, { childList: true, subtree: true });
}

/** Certified files are made when they are first asked for, which takes seconds. */
function waitWhileMade() {
  for (const link of document.querySelectorAll(".certified a")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      if (link.ariaBusy) return;
      const name = link.textContent;
      link.ariaBusy = "true";
      show(byId("made"), busy("Being made; it downloads in a few seconds …"));
      try {
        const answer = await fetch(link.href, { credentials: "same-origin" });
        if (!answer.ok) throw new Error(name);
        const url = URL.createObjectURL(await answer.blob());
        h("a", { href: url, download: link.download }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
        show(byId("made"), `${link.download} was handed to your browser.`);
      } catch {
        show(byId("made"), problem({ message: "The file could not be made.", hint: "Try again in a moment." }));
      }
      link.ariaBusy = null;
    });
  }
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
if (location.hash === "#licence" && byId("licence")) byId("licence").open = true;
if (document.referrer.startsWith(`${location.origin}/studio`) && !byId("order").dataset.finished) {
  const heading = document.querySelector("h1"); // whoever comes from paying reads on where it goes on
  heading.tabIndex = -1;
  heading.focus();
}
