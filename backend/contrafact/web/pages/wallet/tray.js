// A place at the window's lower edge for what goes on while the reader does something else. It takes no focus.
import { h } from "../shared/dom.js";

let tray = null;

/** Says something there, in place of what was said under the `key`. `close` is called when the reader puts it away. */
export function say(key, kind, content, { close, actions = [] } = {}) {
  const putAway = () => { unsay(key); close?.(); };
  const label = "Put this message away";
  const away = h("button", { type: "button", class: "plain away", "aria-label": label, onclick: putAway }, "×");
  const buttons = actions.map(({ label, run }) =>
    h("button", { type: "button", class: "button quiet small", onclick: run }, label));
  const lower = buttons.length ? h("p", { class: "row" }, buttons) : null;
  const made = h("div", { class: `notice ${kind} said`, "data-key": key }, away, content, lower);
  const before = find(key);
  if (before?.textContent === made.textContent) return; // nothing new: nothing is read out again
  if (before) before.replaceWith(made);
  else place().append(made);
}

export const unsay = (key) => find(key)?.remove();

const find = (key) => [...(tray?.children ?? [])].find((one) => one.dataset.key === key);

function place() {
  if (!tray) {
    tray = h("section", { class: "tray", role: "status", "aria-live": "polite", "aria-label": "Messages" });
    document.body.append(tray);
  }
  return tray;
}
