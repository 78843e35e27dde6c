// Which sources sound, and how loud: a row for each.
import { h } from "../shared/dom.js";
import { percent } from "../shared/format.js";
import { colourOf } from "../shared/sources.js";

/**
 * Rows of controls. `rows`: [{name, share}], the base first; `onchange(levels)`, levels 0 to 1 with 0 for what is off.
 * {element, levels()}
 */
export function stemControls(rows, onchange) {
  const controls = rows.map((row, k) => {
    const id = `stem-${crypto.randomUUID()}`;
    const box = h("input", { type: "checkbox", id, checked: true, onchange: changed });
    const range = h("input", {
      type: "range",
      min: "0",
      max: "100",
      value: "100",
      "aria-label": `Level of ${row.name}`,
      oninput: changed,
    });
    const label = h(
      "label",
      { class: "inline", for: id },
      box,
      h("span", { class: `dot ${colourOf(k)}`, "aria-hidden": "true" }),
      h("bdi", null, row.name),
    );
    const told = h("span", { class: "small figure" }, percent(row.share));
    return { box, range, element: h("li", { class: "stem" }, label, told, range) };
  });
  function levels() {
    return controls.map(({ box, range }) => (box.checked ? Number(range.value) / 100 : 0));
  }
  function changed() {
    for (const { box, range } of controls) range.disabled = !box.checked;
    onchange(levels());
  }
  return {
    element: h(
      "ul",
      { class: "stems" },
      controls.map(({ element }) => element),
    ),
    levels,
  };
}
