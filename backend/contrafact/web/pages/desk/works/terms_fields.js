// The fields of the form of licence terms.
import { h } from "../../shared/dom.js";

const NAMES = {
  private: "Private listening", commercial: "Commercial use", broadcast: "Broadcast", live: "Live music",
};
const FIGURE = { type: "text", inputmode: "decimal", autocomplete: "off" };
const WEIGHT = {
  inputmode: "decimal", hint: "How much of one piece may come from this work. 100: a piece may be made of it alone.",
};
const DOWNSTREAM = {
  inputmode: "decimal",
  hint: "If a piece earns money after it is made, this part of that is the holders'. Empty for none.",
};
const LISTED = "The terms in force have a list of who may use the work, of which only a fingerprint is public."
  + " Write the members again, or everybody may.";

/** The fields of the form; `change(set)` makes a listener that sets something of `typed`. */
export function fields(typed, told, change) {
  const into = (name) => change((value) => { typed[name] = value; });
  const field = (name, label, more) => text(name, label, typed[name], into(name), more);
  const tick = (name, label) => h("div", null, h("label", { class: "inline" },
    h("input", { type: "checkbox", name, checked: typed[name], onchange: into(name) }), label));
  const area = (name, label, hint) => long(name, label, typed[name], into(name), hint);
  const hinted = { hint: "Told to whoever trains models. Empty for none.", inputmode: "decimal" };
  const training = `Price for each version of a model, in ${told.tokens[0].symbol}`;
  return [
    h("fieldset", null, h("legend", null, "Training"), tick("training", "Models may learn from it"),
      h("div", { "data-needs": "training" },
        field("training_price", training, hinted))),
    h("fieldset", null, h("legend", null, "Pieces"), tick("inference", "Pieces may be made from it"),
      wrong("inference"),
      h("div", { "data-needs": "inference" }, prices(typed, told, change),
        tick("combinable", "Together with works of other licensors"),
        tick("approval", "Each order needs my signature first"),
        h("div", { class: "fields" }, field("weight", "At most, in % of a piece", WEIGHT),
          field("downstream", "Part of later revenue, in %", DOWNSTREAM)))),
    more(typed, told, field, area),
  ];
}

/** A row for each use, with a price in each token. */
function prices(typed, told, change) {
  const note = "For each started 30 seconds of a piece made wholly of this work; less for a piece that has less of it.";
  const line = (use) => {
    const { on } = typed.uses[use];
    const named = { type: "checkbox", name: "uses", id: `use-${use}`, ...described("uses"), checked: on };
    const box = h("input", { ...named, onchange: change((value) => { typed.uses[use].on = value; }) });
    const set = (place) => change((value) => {
      typed.uses[use].prices[place] = value;
      typed.uses[use].on ||= Boolean(value.trim());
      box.checked = typed.uses[use].on;
    });
    return h("tr", null, h("th", { scope: "row" }, h("label", { class: "inline" }, box, NAMES[use])),
      told.tokens.map(({ symbol }, place) => {
        return price(use, place, symbol, typed.uses[use].prices[place] ?? "", set(place));
      }));
  };
  return h("div", { class: "scroll" }, h("table", { class: "uses" }, h("caption", { class: "small" }, note),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, "Permitted"),
      told.tokens.map(({ symbol }) => h("th", { scope: "col" }, `Price in ${symbol}`)))),
    h("tbody", null, Object.keys(NAMES).map(line))), wrong("uses"));
}

function price(use, place, symbol, value, oninput) {
  const name = `${use}-${place}`, label = `${NAMES[use]}: price for each started 30 seconds, in ${symbol}`;
  return h("td", null,
    h("input", { ...FIGURE, name, value, oninput, ...described(name), "aria-label": label }),
    wrong(name));
}

function more(typed, told, field, area) {
  const open = [typed.from, typed.until, typed.sunset, typed.operators, typed.models, told.listed].some(Boolean);
  const day = (name, label) => field(name, label, { type: "date" });
  const proof = "Their addresses, one on each line. Empty: all. Give them the list: it is their proof.";
  return h("details", { open }, h("summary", null, "Dates, and who may use it"),
    h("div", { class: "fields" }, day("from", "From (first day)"), day("until", "Until (not on this day any more)")),
    h("div", { "data-needs": "training" }, day("sunset", "Models that learnt from it take no new orders from")),
    told.listed && h("p", { class: "notice warn" }, LISTED), area("operators", "Only these services", proof),
    area("models", "Only these models", "Their ids, one on each line. Empty: all."));
}

const wrong = (name) => h("p", { class: "wrong", id: `wrong-${name}`, "data-wrong": name });
const described = (name, hint) => ({ "aria-describedby": `${hint ? `hint-${name} ` : ""}wrong-${name}` });

const labelled = (name, label, hint) =>
  [h("label", { for: `terms-${name}` }, label), hint && h("p", { class: "hint", id: `hint-${name}` }, hint)];

function text(name, label, value, oninput, { hint, type = "text", ...others } = {}) {
  const own = { type, name, id: `terms-${name}`, value, oninput, autocomplete: "off" };
  const field = { ...own, ...described(name, hint), ...others };
  return h("div", null, labelled(name, label, hint), h("input", field), wrong(name));
}

function long(name, label, value, oninput, hint) {
  const field = { name, id: `terms-${name}`, rows: 2, oninput, spellcheck: "false", ...described(name, hint) };
  return h("div", null, labelled(name, label, hint), h("textarea", field, value), wrong(name));
}
