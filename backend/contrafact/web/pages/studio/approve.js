// The page on which an owner approves a piece: it signs, and hands the approval back to the maker.
import { get } from "../shared/api.js";
import { h, show } from "../shared/dom.js";
import { copyButton } from "../shared/format.js";
import { notice, problem } from "../shared/notices.js";
import { approve } from "./approving.js";

for (const place of document.querySelectorAll("[data-approve]")) {
  const button = h("button", { type: "button", class: "button" }, "Approve with your wallet");
  const said = h("div", { "aria-live": "polite" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    show(said);
    try {
      const offer = await get(`/v1/quotes/${place.dataset.order}`);
      handed(said, await approve(offer, place.dataset.approve));
    } catch (error) {
      show(said, problem(error));
    }
    button.disabled = false;
  });
  place.append(button, said);
}

function handed(place, signature) {
  const field = h("textarea", { class: "paste", readonly: true, rows: 4, "aria-label": "Your approval" }, signature);
  const copy = copyButton(signature, "approval");
  show(place, notice("good", h("p", { class: "strong" }, "Signed. Send this to the maker:"), field, copy));
  field.select();
}
