// The row with which a piece is played: the button, the place in the piece, and the clock.
import { h } from "../shared/dom.js";
import { clock } from "../shared/format.js";

/** `length` in seconds; `toggle()` and `seek(time)` are called; `isSilent`: there is nothing to play. */
export class Transport {
  constructor({ length, isSilent, toggle, seek }) {
    this.length = length;
    this.isSilent = isSilent;
    this.button = h("button", { type: "button", class: "button toggle", disabled: isSilent, onclick: toggle }, "Play");
    this.clock = h("span", { class: "figure small", "aria-hidden": "true" });
    this.slider = h("input", {
      type: "range", min: "0", max: length.toFixed(2), step: "0.05", value: "0", "aria-label": "Place in the piece",
      oninput: () => seek(Number(this.slider.value)),
    });
    this.element = h("div", { class: "transport" }, this.button, this.slider, this.clock);
  }

  loading() {
    this.button.disabled = true;
    this.button.textContent = "Loading …";
  }

  state(isPlaying) {
    this.button.disabled = this.isSilent;
    this.button.textContent = isPlaying ? "Pause" : "Play";
  }

  show(time) {
    this.slider.value = String(time);
    this.slider.setAttribute("aria-valuetext", `${clock(time)} of ${clock(this.length)}`);
    this.clock.textContent = `${clock(time)} / ${clock(this.length)}`;
  }
}
