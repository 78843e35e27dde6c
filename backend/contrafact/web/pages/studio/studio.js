// The studio's parts put together.
import { get } from "../shared/api.js";
import { byId, h, show } from "../shared/dom.js";
import { busy, notice, problem } from "../shared/notices.js";
import { mountCards } from "./cards.js";
import { mountCatalogue } from "./catalogue.js";
import { facts, tempoOf } from "./facts.js";
import { offerView, refusal } from "./offer.js";
import { mountPayment } from "./paying.js";
import { mountPieces } from "./pieces.js";
import { watchPrice } from "./preview.js";
import { session } from "./session.js";
import { mountSettings } from "./settings.js";

const quote = byId("quote"),
  go = byId("go");

function priced(payment) {
  return ({ state, answer, request, error, retry }) => {
    quote.setAttribute("aria-busy", String(state === "asking"));
    if (state === "asking") {
      if (!quote.children.length || quote.dataset.state === "empty") show(quote, busy("Working out what it costs …"));
      payment.offer(null);
    } else if (state === "empty") show(quote, h("p", { class: "soft" }, "Add a song, and you see it here."));
    else if (state === "failed") show(quote, problem(error, retry));
    else show(quote, answer.permitted ? offerView(answer.offer) : refusal(answer.reason));
    quote.dataset.state = state;
    if (state !== "asking") payment.offer(answer?.permitted ? { request, preview: answer.offer } : null);
    shortcut(state === "answer" && answer.permitted ? ` · at most ${answer.offer.escrow.text}` : "");
  };
}

/** On a phone, where the piece stands below the songs: a way there that says how it stands. */
function shortcut(price) {
  const count = session.sources.length;
  go.hidden = !count;
  go.textContent = `${count} ${count === 1 ? "song" : "songs"}${price} ↓`;
}

/** Not while the piece is in view. */
new IntersectionObserver(([seen]) => go.classList.toggle("there", seen.isIntersecting)).observe(byId("session"));

/** A song that another page sends here with `?work=`; the address is cleared, so that a reload adds nothing anew. */
async function preselect() {
  const address = new URL(location.href),
    work = address.searchParams.get("work");
  if (!work) return;
  address.searchParams.delete("work");
  history.replaceState(null, "", address);
  try {
    const found = await get(`/v1/works/${encodeURIComponent(work)}`);
    session.add(found, tempoOf(found.metre));
  } catch (error) {
    byId("sources").before(problem(error));
  }
}

mountCatalogue();
mountCards();
mountSettings();
mountPieces();
if (facts.offers) watchPrice(priced(mountPayment()));
else
  show(
    quote,
    notice(
      "warn",
      h("p", null, "This service makes no pieces. You can listen, and choose; another service can make it."),
    ),
  );
preselect();
