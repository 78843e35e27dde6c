// Rows of a rights split: address and share in per cent; what is wrong stands beside its field.
import { h, show } from "../shared/dom.js";
import { MISTYPED, mistyped } from "./mistyped.js";
import { MOST, check, evenly, fits, holders, typed } from "./split.js";

/**
 * Mounts rows of {holder, share}, as typed, into `place`. `changed(rows)` at each change of the reader's. `named`: with
 * name and IPI.
 * → {value(), complain(), refused(error)}
 */
export function mountHolders(place, rows, changed = () => {}, { named = false } = {}) {
  const blank = () => ({ holder: "", share: "", ...(named && { name: "", ipi: "" }) });
  if (named) for (const row of rows) Object.assign(row, { name: "", ipi: "", ...row });
  const list = h("div"),
    total = h("p", { class: "wrong", role: "alert" });
  const known = new Set(); // addresses that the service found to be mistyped
  let tried = false;
  const judge = () => {
    const found = check(rows);
    rows.forEach((row, number) => {
      if (known.has(row.holder.trim())) found.rows[number].holder = MISTYPED;
    });
    list.querySelectorAll(".holder").forEach((line, number) => {
      for (const name of named ? ["holder", "share", "ipi"] : ["holder", "share"]) {
        const text = tried ? found.rows[number][name] : "";
        line.querySelector(`[data-wrong=${name}]`).textContent = text;
        line.querySelector(`[name=${name}]`).setAttribute("aria-invalid", String(Boolean(text)));
        if (text && name === "ipi") line.querySelector("details").open = true;
      }
    });
    total.textContent = tried ? found.total : "";
    return fits(found);
  };
  const change = () => {
    changed(rows);
    judge();
  };
  const draw = (focus) => {
    show(
      list,
      rows.map((row, number) => line(row, number, rows, change, redraw)),
    );
    if (focus !== undefined) list.querySelectorAll("[name=holder]")[Math.max(0, focus)]?.focus();
    judge();
  };
  const redraw = (focus) => {
    changed(rows);
    draw(focus);
  };
  const add = h(
    "button",
    {
      type: "button",
      class: "button quiet small",
      onclick: () => {
        if (rows.length < MOST) {
          rows.push(blank());
          redraw(rows.length - 1);
        }
      },
    },
    "Add a holder",
  );
  const even = h(
    "button",
    {
      type: "button",
      class: "button quiet small",
      onclick: () => {
        evenly(rows.length).forEach((ppm, number) => {
          rows[number].share = typed(ppm);
        });
        redraw();
      },
    },
    "Share evenly",
  );
  show(
    place,
    h(
      "div",
      { role: "group", "aria-label": "Rights holders and their shares" },
      list,
      total,
      h("div", { class: "actions" }, add, even),
    ),
  );
  draw();
  return {
    value: () => holders(rows),
    /** Shows what is wrong, and goes to the first such field; whether there was any. */
    complain: () => {
      tried = true;
      if (judge()) return false;
      (list.querySelector("[aria-invalid=true]") ?? list.querySelector("[name=share]")).focus();
      return true;
    },
    /** Whether the service refused addresses as mistyped; then it is said at their fields. */
    refused(error) {
      const places = mistyped(error).map((at) => /^body\.holders\.(\d+)\.holder$/.exec(at)?.[1]);
      for (const number of places) if (rows[number]) known.add(rows[number].holder.trim());
      return places.some((number) => rows[number]) && this.complain();
    },
  };
}

function line(row, number, rows, change, redraw) {
  const field = (name, label, more) =>
    h(
      "div",
      null,
      h("label", { for: `${name}-${number}` }, label),
      h("input", {
        type: "text",
        name,
        id: `${name}-${number}`,
        value: row[name],
        autocomplete: "off",
        spellcheck: "false",
        "aria-describedby": `wrong-${name}-${number}`,
        oninput: (event) => {
          row[name] = event.target.value;
          change();
        },
        ...more,
      }),
      h("p", { class: "wrong", id: `wrong-${name}-${number}`, "data-wrong": name }),
    );
  const remove = h(
    "button",
    {
      type: "button",
      class: "button quiet small",
      disabled: rows.length === 1,
      "aria-label": `Remove holder ${number + 1}`,
      onclick: () => {
        rows.splice(number, 1);
        redraw(Math.min(number, rows.length - 1));
      },
    },
    "Remove",
  );
  return h(
    "div",
    { class: "holder" },
    field("holder", `Address of holder ${number + 1}`, { class: "address", placeholder: "0x…" }),
    field("share", "Share in %", { inputmode: "decimal" }),
    remove,
    row.ipi !== undefined &&
      h(
        "details",
        { class: "named", open: Boolean(row.name || row.ipi) },
        h("summary", null, "Its name, if it has an IPI number"),
        h("p", { class: "hint" }, "Both become public; pages then show the name beside the address."),
        h(
          "div",
          { class: "fields" },
          field("name", `Name of holder ${number + 1}`, { maxlength: 300 }),
          field("ipi", "IPI name number", { inputmode: "numeric", maxlength: 32, placeholder: "00052210040" }),
        ),
      ),
  );
}
