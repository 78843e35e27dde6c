// The wallet in the corner of every page.
import { h, show } from "../shared/dom.js";
import { short } from "../shared/format.js";
import { wallet } from "./wallet.js";

export function mountWallet(corner) {
  const draw = () => {
    const label = wallet.session ?? wallet.account;
    const button = h("button", { type: "button", class: "button quiet small", onclick: () => wallet.signIn().catch(() => {}) }, label ? short(label) : "Connect wallet");
    corner.dataset.session = wallet.session ?? "";
    show(corner, button);
  };
  for (const name of ["account", "session"]) wallet.addEventListener(name, draw);
  draw();
}
