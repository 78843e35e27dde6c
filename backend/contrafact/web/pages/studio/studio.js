// The studio's parts put together.
import { get } from "../shared/api.js";
import { byId, h, show } from "../shared/dom.js";
import { busy, notice, problem } from "../shared/notices.js";
import { mountCards } from "./cards.js";
import { mountCatalogue } from "./catalogue.js";
import { facts, tempoOf } from "./facts.js";
import { plainly } from "./fields.js";
import { offerView } from "./offer.js";
import { mountPayment } from "./paying.js";
import { mountPieces } from "./pieces.js";
import { watchPrice } from "./preview.js";
import { mountReaders } from "./readers.js";
import { refusal } from "./refusal.js";
import { session } from "./session.js";
import { mountSettings } from "./settings.js";

const quote = byId("quote"),
  go = byId("go"),
  arrow = h("span", { "aria-hidden": "true" }, "↓");

function priced(payment) {
  return ({ state, answer, request, error, retry }) => {
    quote.setAttribute("aria-busy", String(state === "asking"));
    if (state === "asking") {
      if (!quote.children.length || quote.dataset.state === "empty") show(quote, busy("Working out what it costs …"));
      payment.offer(null, true);
    } else if (state === "empty") show(quote, h("p", { class: "soft" }, "Add a song, and you see it here."));
    else if (state === "failed") show(quote, problem(plainly(error), retry));
    else show(quote, answer.permitted ? offerView(answer.offer) : refusal(answer.reason));
    quote.dataset.state = state;
    if (state !== "asking") payment.offer(answer?.permitted ? { request, preview: answer.offer } : null);
    const refused = state === "answer" && !answer.permitted;
    const cost = () => (refused ? " · cannot be made" : ` · at most ${answer.offer.escrow.text}`);
    shortcut(state === "answer" ? cost() : "", refused);
  };
}

/** On a phone, where the piece stands below the songs, and what it costs below that: a way on that says how it stands. */
function shortcut(said, refused) {
  const count = session.sources.length;
  go.classList.toggle("warn", refused);
  const words = `${count} ${count === 1 ? "song" : "songs"}${refused && count > 1 ? " · cannot be combined" : said}`;
  show(go, h("span", null, words), arrow);
  go.hidden = !count;
}

/** From the songs it leads to the piece, within the piece to what it costs; not while that is in view. */
const seen = { session: false, offer: false };
const observer = new IntersectionObserver((changes) => {
  for (const one of changes) seen[one.target.id] = one.isIntersecting;
  const cost = byId("offer").getBoundingClientRect();
  go.href = seen.session || go.matches(".warn") ? "#offer-title" : "#session-title";
  go.classList.toggle("there", seen.offer);
  arrow.textContent = cost.top < 0 ? "↑" : "↓";
});
for (const id of Object.keys(seen)) observer.observe(byId(id));

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
mountReaders();
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
