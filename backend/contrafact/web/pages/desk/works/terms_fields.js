// The fields of the form of licence terms.
import { h } from "../../shared/dom.js";

const NAMES = {
  private: "Private listening",
  commercial: "Commercial use",
  broadcast: "Broadcast",
  live: "Live music",
};

/** The fields of the form; `change(set)` makes a listener that sets something of `typed`. */
export function fields(typed, told, change) {
  const [first] = told.tokens;
  return [
    h(
      "fieldset",
      null,
      h("legend", null, "Training"),
      tick(
        "training",
        "Models may learn from it",
        typed.training,
        change((value) => {
          typed.training = value;
        }),
      ),
      h(
        "div",
        { "data-needs": "training" },
        text(
          "training_price",
          `Price for each version of a model, in ${first.symbol}`,
          typed.training_price,
          change((value) => {
            typed.training_price = value;
          }),
          { hint: "Told to whoever trains models. Empty for none.", inputmode: "decimal" },
        ),
      ),
    ),
    h(
      "fieldset",
      null,
      h("legend", null, "Pieces"),
      tick(
        "inference",
        "Pieces may be made from it",
        typed.inference,
        change((value) => {
          typed.inference = value;
        }),
      ),
      h(
        "div",
        { "data-needs": "inference" },
        prices(typed, told, change),
        tick(
          "combinable",
          "Together with works of other licensors",
          typed.combinable,
          change((value) => {
            typed.combinable = value;
          }),
        ),
        tick(
          "approval",
          "Each order needs my signature first",
          typed.approval,
          change((value) => {
            typed.approval = value;
          }),
        ),
        h(
          "div",
          { class: "fields" },
          text(
            "weight",
            "At most, in % of a piece",
            typed.weight,
            change((value) => {
              typed.weight = value;
            }),
            { inputmode: "decimal" },
          ),
          text(
            "downstream",
            "Part of later revenue, in %",
            typed.downstream,
            change((value) => {
              typed.downstream = value;
            }),
            { inputmode: "decimal" },
          ),
        ),
      ),
    ),
    more(typed, told, change),
  ];
}

function prices(typed, told, change) {
  const cell = (use, place) => {
    const name = `${use}-${place}`,
      { symbol } = told.tokens[place];
    return h(
      "td",
      null,
      h("input", {
        type: "text",
        name,
        inputmode: "decimal",
        autocomplete: "off",
        value: typed.uses[use].prices[place] ?? "",
        "aria-label": `${NAMES[use]}: price for each started 30 seconds, in ${symbol}`,
        "aria-describedby": `wrong-${name}`,
        oninput: change((value) => {
          typed.uses[use].prices[place] = value;
          typed.uses[use].on ||= Boolean(value.trim());
          document.getElementById(`use-${use}`).checked = typed.uses[use].on;
        }),
      }),
      h("p", { class: "wrong", id: `wrong-${name}`, "data-wrong": name }),
    );
  };
  const line = (use) =>
    h(
      "tr",
      null,
      h(
        "th",
        { scope: "row" },
        h(
          "label",
          { class: "inline" },
          h("input", {
            type: "checkbox",
            id: `use-${use}`,
            checked: typed.uses[use].on,
            onchange: change((value) => {
              typed.uses[use].on = value;
            }),
          }),
          NAMES[use],
        ),
      ),
      told.tokens.map((_, place) => cell(use, place)),
    );
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      { class: "uses" },
      h(
        "caption",
        { class: "small" },
        "For each started 30 seconds of a piece made wholly of this work; a piece that has less of it pays less.",
      ),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          h("th", { scope: "col" }, "Permitted"),
          told.tokens.map(({ symbol }) => h("th", { scope: "col" }, `Price in ${symbol}`)),
        ),
      ),
      h("tbody", null, Object.keys(NAMES).map(line)),
    ),
  );
}

function more(typed, told, change) {
  const day = (name, label) =>
    text(
      name,
      label,
      typed[name],
      change((value) => {
        typed[name] = value;
      }),
      { type: "date" },
    );
  const open = Boolean(typed.from || typed.until || typed.sunset || typed.operators || typed.models || told.listed);
  return h(
    "details",
    { open },
    h("summary", null, "Dates, and who may use it"),
    h("div", { class: "fields" }, day("from", "From (first day)"), day("until", "Until (not on this day any more)")),
    h("div", { "data-needs": "training" }, day("sunset", "Models that learnt from it take no new orders from")),
    told.listed &&
      h(
        "p",
        { class: "notice warn" },
        "The terms in force have a list of who may use the work, of which only a fingerprint is public. Write the members again, or everybody may.",
      ),
    area(
      "operators",
      "Only these services",
      typed.operators,
      change((value) => {
        typed.operators = value;
      }),
      "Their addresses, one on each line. Empty: all. Give the list to them: they prove with it that they are on it.",
    ),
    area(
      "models",
      "Only these models",
      typed.models,
      change((value) => {
        typed.models = value;
      }),
      "Their ids, one on each line. Empty: all.",
    ),
  );
}

const tick = (name, label, checked, onchange) =>
  h("div", null, h("label", { class: "inline" }, h("input", { type: "checkbox", name, checked, onchange }), label));

function text(name, label, value, oninput, { hint, type = "text", ...more_ } = {}) {
  return h(
    "div",
    null,
    h("label", { for: `terms-${name}` }, label),
    hint && h("p", { class: "hint", id: `hint-${name}` }, hint),
    h("input", {
      type,
      name,
      id: `terms-${name}`,
      value,
      oninput,
      autocomplete: "off",
      "aria-describedby": `${hint ? `hint-${name} ` : ""}wrong-${name}`,
      ...more_,
    }),
    h("p", { class: "wrong", id: `wrong-${name}`, "data-wrong": name }),
  );
}

function area(name, label, value, oninput, hint) {
  return h(
    "div",
    null,
    h("label", { for: `terms-${name}` }, label),
    h("p", { class: "hint", id: `hint-${name}` }, hint),
    h(
      "textarea",
      {
        name,
        id: `terms-${name}`,
        rows: 2,
        oninput,
        spellcheck: "false",
        "aria-describedby": `hint-${name} wrong-${name}`,
      },
      value,
    ),
    h("p", { class: "wrong", id: `wrong-${name}`, "data-wrong": name }),
  );
}
