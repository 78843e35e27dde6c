// What stands where there is nothing, not yet something, or something wrong.
import { h } from "./dom.js";

/** An error in words, with what to do; `retry` adds a button. */
export function problem(error, retry) {
  const hint = error.hint ?? "Load the page again. Nothing was lost.";
  const again = { type: "button", class: "button quiet small", onclick: retry };
  const button = retry && h("p", null, h("button", again, "Try again"));
  const message = h("p", { class: "strong" }, error.message);
  const kind = error.code === "cancelled" ? "" : "bad"; // a no of the reader's own is nothing wrong
  return h("div", { class: `notice ${kind}`, role: "alert" }, message, h("p", null, hint), button);
}

export const notice = (kind, ...children) => h("div", { class: `notice ${kind}`, role: "status" }, ...children);

/** Where a list has no rows: what would be here, and how it comes to be. */
export const empty = (text, ...actions) => h("div", { class: "empty" }, h("p", null, text), ...actions);

export const busy = (text) => h("p", { class: "busy soft", role: "status" }, text);
