// Questions in a window of their own: focus goes in, Escape leaves, focus comes back.
import { h } from "./dom.js";

let opened = 0;

/**
 * Opens a dialog. `actions`: [{label, value, kind}], the first is the one that goes on; closing gives null.
 * `fill(dialog, close)`, if given, may do more with it. Resolves to the value of what was chosen.
 */
export function ask({ title, body = [], actions = [], fill }) {
  return new Promise((resolve) => {
    const before = document.activeElement, id = `dialog-title-${++opened}`; // a dialog may stand over another
    const dialog = h("dialog", { "aria-labelledby": id }, h("h2", { id, tabindex: "-1" }, title), body);
    const close = (value) => { dialog.returnValue = ""; chosen = value; dialog.close(); };
    let chosen = null;
    const buttons = actions.map(({ label, value, kind = "" }, number) => {
      const style = `button ${number ? "quiet" : ""} ${kind}`;
      return h("button", { type: "button", class: style, onclick: () => close(value) }, label);
    });
    if (buttons.length) dialog.append(h("div", { class: "actions" }, buttons));
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("h2").focus();
    fill?.(dialog, close);
  });
}
