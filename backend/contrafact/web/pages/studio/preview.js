// What the piece would cost, asked again whenever something changes; the newest answer wins.
import { post } from "../shared/api.js";
import { session } from "./session.js";

const PAUSE = 250,
  WAIT = 3000,
  TRIES = 5;

/** `told({state, …})`: "empty", "asking", "answer" with `answer` and `request`, or "failed" with `error`. */
export function watchPrice(told) {
  let timer = 0,
    flight = null,
    asked = ""; // the request that is under way or answered

  function changed() {
    const wanted = session.sources.length ? JSON.stringify(session.request()) : "";
    if (wanted && wanted === asked) return; // a change of nothing that is priced
    asked = wanted;
    clearTimeout(timer);
    flight?.abort();
    flight = null;
    if (!wanted) return told({ state: "empty" });
    told({ state: "asking" });
    timer = setTimeout(ask, PAUSE);
  }

  async function ask(tries = TRIES) {
    const mine = (flight = new AbortController()),
      request = session.request();
    try {
      const answer = await post("/v1/quotes/preview", request, { signal: mine.signal });
      if (mine === flight) told({ state: "answer", answer, request });
    } catch (error) {
      if (mine !== flight) return;
      if ([429, 503].includes(error.status) && tries > 1) timer = setTimeout(() => ask(tries - 1), WAIT);
      else {
        asked = "";
        told({ state: "failed", error, retry: changed });
      }
    }
  }

  session.addEventListener("change", changed);
  addEventListener("online", changed); // what failed is asked again
  changed();
}
