// What every page does: times in the reader's zone, codes that can be copied, the wallet in the corner.
import { copyButton, localMoment } from "./format.js";
import { mountWallet } from "../wallet/corner.js";

for (const time of document.querySelectorAll("time[data-local]")) {
  time.title = time.textContent;
  time.textContent = localMoment(time.dateTime);
}
for (const shown of document.querySelectorAll("[data-copy]")) shown.after(copyButton(shown.dataset.copy));
mountWallet(document.getElementById("wallet"));
