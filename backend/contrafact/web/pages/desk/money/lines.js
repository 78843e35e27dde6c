// Lines of earnings, newest first, a page at a time; each can be heard.
import { get } from "../../shared/api.js";
import { h, show } from "../../shared/dom.js";
import { code, money, percent, when } from "../../shared/format.js";
import { busy } from "../../shared/notices.js";
import { hear } from "./hear.js";
import { kindWords, refused, section, workLink } from "./parts.js";

/** Fills `element` with the rows at `path`; `none()` stands there where there is none. */
export function lineList(element, path, none) {
  return section(
    element,
    () => get(path),
    ({ rows, following }) => {
      if (!rows.length) return none();
      const list = h("ul", { class: "lines" }, rows.map(line));
      return [list, more(list, path, following)];
    },
  );
}

function more(list, path, following) {
  if (!following) return null;
  const says = h("div", { "aria-live": "polite" });
  const button = h("button", { type: "button", class: "button quiet" }, "Earlier lines");
  let after = following;
  button.addEventListener("click", async () => {
    button.disabled = true;
    show(says, busy("Loading …"));
    try {
      const found = await get(`${path}&after=${encodeURIComponent(after)}`),
        made = found.rows.map(line);
      list.append(...made);
      says.replaceChildren();
      after = found.following;
      made[0]?.querySelector("button, a")?.focus();
    } catch (error) {
      show(says, refused(error));
    }
    button.disabled = false;
    button.hidden = !after;
  });
  return h("div", { class: "actions" }, button, says);
}

function line(row) {
  const place = h("div", { class: "heard", hidden: true });
  const status = row.confirmed
    ? h("span", { class: "chip good" }, "Final")
    : h("span", { class: "chip warn" }, "Not final yet");
  return h(
    "li",
    { class: "line" },
    h(
      "div",
      { class: "line-what" },
      h("p", { class: "strong" }, workLink(row.work, row.title)),
      h(
        "p",
        { class: "small" },
        when(row.at),
        " · ",
        kindWords(row.kind),
        row.order ? [" · ", h("a", { href: `/orders/${row.order}` }, "the piece")] : null,
      ),
    ),
    h(
      "div",
      { class: "line-money" },
      h("p", { class: "line-sum" }, money(row.due)),
      h(
        "p",
        { class: "small" },
        row.share === 1_000_000 ? "all of it is yours" : [`your ${percent(row.share)} of `, money(row.amount)],
      ),
    ),
    h(
      "div",
      { class: "line-more" },
      row.order ? hearButton(row, place) : null,
      status,
      h("span", { class: "small" }, "Transaction ", code(row.transaction, "transaction")),
    ),
    place,
  );
}

function hearButton(row, place) {
  const words = ["Hear what you were paid for", "Close"];
  const button = h("button", { type: "button", class: "button quiet small", "aria-expanded": "false" }, words[0]);
  let heard = null;
  button.addEventListener("click", () => {
    const opens = heard === null;
    button.setAttribute("aria-expanded", String(opens));
    button.textContent = words[Number(opens)];
    place.hidden = !opens;
    if (opens) heard = hear(place, row);
    else {
      heard.close();
      heard = null;
    }
  });
  return button;
}
