// What was just ordered of the session: said until the session changes, so that nobody pays for the same piece twice.
import { h } from "../shared/dom.js";
import { session } from "./session.js";

const KEPT = "contrafact.ordered";
const now = () => JSON.stringify(session.request());

/** Remembers that the session, as it stands, is the piece at `address` (a page of this service). */
export function remember(address) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ address, request: now() }));
  } catch {
    /* then it is not said */
  }
}

/** A notice that the session is ordered, with the ways on; null where it is not. */
export function ordered() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    /* as if nothing was kept */
  }
  if (kept?.request !== now() || !/^\/(orders|live)\/0x[0-9a-f]{64}$/.test(kept.address)) return null;
  const anew = { type: "button", class: "button quiet", onclick: () => session.clear() };
  return h(
    "div",
    { class: "notice good" },
    h("p", { class: "strong" }, "You ordered this piece."),
    h(
      "div",
      { class: "actions" },
      h("a", { class: "button", href: kept.address }, "See it"),
      h("button", anew, "Begin a new piece"),
    ),
  );
}
