// What scripts do to all that templates wrote: times in the reader's zone, codes that can be copied.
import { copyButton, localMoment } from "./format.js";

export function finish(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    time.title = time.textContent;
    time.textContent = localMoment(time.dateTime);
  }
  for (const shown of root.querySelectorAll("[data-copy]"))
    shown.after(copyButton(shown.dataset.copy, shown.dataset.kind));
}
