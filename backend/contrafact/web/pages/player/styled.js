// The player's style sheet, for whatever page it is mounted on; once.
import { h } from "../shared/dom.js";

const HREF = new URL("./player.css", import.meta.url).href;
let loading = null;

export function styled() {
  if ([...document.styleSheets].some((sheet) => sheet.href === HREF)) return Promise.resolve();
  return (loading ??= new Promise((done) => {
    document.head.append(h("link", { rel: "stylesheet", href: HREF, onload: done, onerror: done }));
  }));
}
