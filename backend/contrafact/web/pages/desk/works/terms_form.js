// The form of licence terms, with what it means in plain words beside it while somebody types.
import { h, show } from "../../shared/dom.js";
import { draft } from "../draft.js";
import { lines } from "../terms.js";
import { fields } from "./terms_fields.js";
import { read, typedOf } from "./typed_terms.js";

const NOTHING = "This permits nothing, as it is now. Tick what you permit, above or here.";

/** Mounts the form for `told` (see `_told` of work.py). `send(terms, button, done, words)` gets faultless terms. */
export function mountTerms(place, told, send) {
  const kept = draft(`terms:${told.work}`),
    now = typedOf(told.terms, told.tokens);
  const typed = { ...now, ...kept.get() };
  const currencies = Object.fromEntries(told.tokens.map((one) => [one.token, one]));
  const present = new Map(told.terms ? lines(told.terms, currencies) : []);
  const summary = h("dl", { class: "facts" }),
    form = h("form", { novalidate: true, class: "terms-form" });
  let tried = false;

  const redraw = () => {
    const { terms, wrong } = read(typed, told.tokens);
    if (!told.terms && !terms.training && !typed.inference) wrong.inference = NOTHING;
    show(
      summary,
      lines(terms, currencies).map(([question, answer]) => [
        h("dt", null, question),
        h(
          "dd",
          null,
          h("span", told.terms && present.get(question) !== answer ? { class: "changed" } : null, answer),
        ),
      ]),
    );
    for (const mark of form.querySelectorAll("[data-wrong]")) {
      const text = tried ? (wrong[mark.dataset.wrong] ?? "") : "";
      mark.textContent = text;
      for (const field of form.querySelectorAll(`[name="${mark.dataset.wrong}"]`))
        field.setAttribute("aria-invalid", String(Boolean(text)));
    }
    for (const part of form.querySelectorAll("[data-needs]")) part.hidden = !typed[part.dataset.needs];
    return { terms, wrong };
  };
  const change = (set) => (event) => {
    set(event.target.type === "checkbox" ? event.target.checked : event.target.value);
    kept.set(typed);
    redraw();
  };
  form.append(
    ...fields(typed, told, change),
    h(
      "div",
      { class: "actions" },
      h("button", { class: "button" }, told.terms ? "Set these terms" : "Set terms"),
      h(
        "button",
        {
          type: "button",
          class: "button quiet",
          onclick: () => {
            kept.clear();
            mountTerms(place, told, send);
          },
        },
        "Start again",
      ),
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tried = true;
    const { terms, wrong } = redraw(),
      [first] = Object.keys(wrong);
    if (first) {
      form.querySelectorAll("details").forEach((one) => {
        one.open ||= Boolean(one.querySelector(`[name="${first}"]`));
      });
      form.querySelector(`[name="${first}"]`)?.focus();
    } else await send(terms, event.submitter, kept.clear, lines(terms, currencies));
  });
  show(
    place,
    h(
      "div",
      { class: "split" },
      form,
      h(
        "aside",
        { class: "card summary", "aria-label": "These terms in words", "aria-live": "polite" },
        h("h3", null, "In plain words"),
        summary,
        h("p", { class: "small" }, "You see this once more before you sign."),
      ),
    ),
  );
  redraw();
}
