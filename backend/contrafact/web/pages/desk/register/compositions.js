// Which composition a recording is of: found by its title, or given by its id.
import { h, show, title } from "../../shared/dom.js";
import { get } from "../../shared/api.js";
import { short } from "../../shared/format.js";

/** A field for `chosen` ({work, title} or null); `choose(work)` when somebody chooses another. */
export function compositionField(chosen, choose) {
  const found = h("div", { "aria-live": "polite" }),
    input = h("input", {
      type: "search",
      id: "composition",
      autocomplete: "off",
      "aria-describedby": "composition-hint wrong-recording_of",
    });
  const state = h("p", null);
  const say = (work) =>
    show(
      state,
      work
        ? [
            "Recording of ",
            h("span", { class: "strong" }, title(work.title)),
            " ",
            h("span", { class: "soft" }, short(work.work)),
          ]
        : "No composition chosen.",
    );
  const search = h(
    "button",
    {
      type: "button",
      class: "button quiet",
      onclick: () =>
        look(input.value.trim(), found, (work) => {
          choose(work);
          say(work);
          show(found);
        }),
    },
    "Find",
  );
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      search.click();
    }
  });
  say(chosen);
  return h(
    "div",
    null,
    h("label", { for: "composition" }, "Which composition?"),
    h("p", { class: "hint", id: "composition-hint" }, "Its title, or its id. It must be registered already."),
    h("div", { class: "find" }, input, search),
    found,
    state,
    h("p", { class: "wrong", id: "wrong-recording_of", "data-wrong": "recording_of" }),
  );
}

async function look(text, place, choose) {
  if (!text) return;
  try {
    const rows = /^0x[0-9a-f]{64}$/.test(text)
      ? [await get(`/v1/works/${text}`)]
      : (await get(`/v1/works?limit=8&text=${encodeURIComponent(text)}`)).rows;
    const fits = rows.filter((row) => row.kind === "composition");
    show(
      place,
      fits.length
        ? h(
            "div",
            { class: "actions" },
            fits.map((row) =>
              h(
                "button",
                {
                  type: "button",
                  class: "button quiet small",
                  onclick: () => choose({ work: row.work, title: row.title }),
                },
                title(row.title),
                " ",
                h("span", { class: "soft" }, row.collection),
              ),
            ),
          )
        : h("p", { class: "soft" }, "No composition fits."),
    );
  } catch (error) {
    show(place, h("p", { class: "wrong" }, error.message));
  }
}
