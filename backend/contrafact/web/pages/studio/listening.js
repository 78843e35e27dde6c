// One song at a time. `listening` says "change" when another plays, or none.
import { byId, h, show, title } from "../shared/dom.js";

const audio = h("audio", { controls: true, preload: "none" });
const said = h("p", { class: "small", role: "status" });

class Listening extends EventTarget {
  work = null;

  toggle(work) {
    if (this.work === work.work) return this.stop();
    this.work = work.work;
    audio.src = `/v1/works/${work.work}/sound.mp3`;
    const close = h("button", { type: "button", class: "button quiet small", onclick: () => this.stop() }, "Close");
    show(
      byId("playing"),
      h(
        "p",
        { class: "what" },
        h("span", { class: "strong" }, title(work.title)),
        h("span", { class: "small" }, " · the tune alone, without its band"),
      ),
      audio,
      said,
      close,
    );
    show(said, "Getting the sound …");
    audio.play().catch(() => {});
    this.dispatchEvent(new Event("change"));
  }

  stop() {
    audio.pause();
    audio.removeAttribute("src");
    byId("playing").hidden = true;
    this.work = null;
    this.dispatchEvent(new Event("change"));
  }
}

export const listening = new Listening();
audio.addEventListener("playing", () => {
  said.hidden = true;
});
audio.addEventListener("ended", () => listening.stop());
audio.addEventListener("error", async () => {
  if (listening.work) show(said, await reason(audio.src));
});

/** Why there is no sound, as the service says it. */
async function reason(address) {
  const answer = await fetch(address, { headers: { Range: "bytes=0-0" } }).catch(() => null);
  if (!answer) return "The service could not be reached. Check that you are online.";
  const error = answer.ok ? null : await answer.json().catch(() => null);
  return error ? `${error.message} ${error.hint}` : "This browser cannot play the file.";
}
