// Opening a contest: which work, whose it is, why, and with what bond. A reload loses nothing of it;
// what was written against one work never stands in the form against another.
import { get } from "../../shared/api.js";
import { h, show } from "../../shared/dom.js";
import { code, decimal, money, percent, short, units } from "../../shared/format.js";
import { busy, problem } from "../../shared/notices.js";
import { draft } from "../draft.js";
import { mountHolders } from "../holders_form.js";

const NATIVE = "0x0000000000000000000000000000000000000000";

/** Mounts the form into `place`; `act` performs what was asked; `work`: the one that the page's address names. */
export function contestForm(place, rules, { holder, tokenOf }, act, work) {
  const kept = draft(`contest:${holder.toLowerCase()}:${work ?? ""}`),
    coin = tokenOf(NATIVE);
  const empty = {
    work: work ?? "",
    rows: [{ holder, share: "100" }],
    reasons: "",
    bond: decimal(rules.min_bond.units, coin.decimals),
  };
  const typed = { ...empty, ...kept.get() };
  const set = (name) => (event) => {
    typed[name] = event.target.value;
    kept.set(typed);
  };
  const found = h("div", { "aria-live": "polite" }),
    rows = h("div");
  const text = { type: "text", autocomplete: "off", spellcheck: "false" };
  const id = h("input", { ...text, ...field("contested", typed.work), oninput: set("work") });
  const reasons = h("textarea", { ...field("reasons"), oninput: set("reasons") }, typed.reasons);
  const bond = h("input", { ...text, ...field("bond", typed.bond), inputmode: "decimal", oninput: set("bond") });
  const choose = (one) => {
    id.value = typed.work = one;
    kept.set(typed);
    look(one, found, choose);
  };
  id.addEventListener("change", () => look(id.value, found, choose));
  if (typed.work) look(typed.work, found, choose);
  const holders = mountHolders(rows, typed.rows, () => kept.set(typed));
  const emptied = () => {
    kept.clear();
    contestForm(place, rules, { holder, tokenOf }, act);
  };
  const submit = async (event) => {
    event.preventDefault();
    const wrong = mistakes(typed, rules, coin);
    const bad = [id, reasons, bond].filter((input) => tell(form, input, wrong[input.id] ?? ""));
    if (holders.complain() && !bad.includes(id)) return;
    if (bad.length) return bad[0].focus();
    const evidence = await digest(typed.reasons);
    const asked = { sender: holder, work: idIn(typed.work), holders: holders.value(), evidence };
    keep(typed.reasons, evidence);
    const done = "Opened. Keep the file with your reasons: the arbiter needs exactly it.";
    const parts = asked.holders.map((row) => `${row.holder} ${percent(row.share)}`);
    const words = [
      ["Who should be paid", parts.join(", ")],
      ["Your reasons", "stay with you: only their fingerprint is published"],
    ];
    const more = { words, atField: (error) => holders.refused(error) };
    const body = { ...asked, bond: String(units(typed.bond, coin.decimals)) };
    if (await act("contest", body, "Contest a work", done, more)) emptied();
  };
  const form = h(
    "form",
    { onsubmit: submit, novalidate: true },
    labelled("Which work", "Its title, its id, or the address of its page.", id),
    found,
    h(
      "fieldset",
      null,
      h("legend", null, "Whose it is, as you say"),
      says("What the arbiter awards goes to these."),
      rows,
    ),
    labelled("Your reasons", REASONS, reasons),
    labelled(`Your bond in ${coin.symbol}`, ["At least ", money(rules.min_bond), "."], bond),
    h("p", { class: "actions" }, h("button", { type: "submit", class: "button" }, "Contest this work")),
  );
  show(place, form);
}

const REASONS =
  "They are not published: only their fingerprint (SHA-256) is. A file with them is saved on your device, for the " +
  "arbiter.";

const field = (id, value) => ({ id, value, "aria-describedby": `${id}-says ${id}-wrong` });

const says = (words, id) => h("p", { class: "hint", id }, words);

const labelled = (name, hint, input) => [
  h("label", { for: input.id }, name),
  says(hint, `${input.id}-says`),
  input,
  h("p", { class: "wrong", id: `${input.id}-wrong` }),
];

/** Says beside a field what is wrong with it, if anything; whether there was. */
function tell(form, input, text) {
  form.querySelector(`#${input.id}-wrong`).textContent = text;
  input.setAttribute("aria-invalid", String(Boolean(text)));
  return Boolean(text);
}

/** What is wrong, by field. */
function mistakes({ work, reasons, bond }, rules, coin) {
  const wrong = {},
    amount = units(bond, coin.decimals);
  if (!idIn(work)) wrong.contested = "Say which work: choose one that its title finds, or give its id.";
  if (!reasons.trim()) wrong.reasons = "Write your reasons first.";
  if (amount === null || amount < BigInt(rules.min_bond.units))
    wrong.bond = `Write an amount such as 0.5 or 1000; it is at least ${rules.min_bond.text}.`;
  return wrong;
}

/** Shows the work that is meant, or those that a title fits, of which `choose(id)` takes one. */
async function look(text, found, choose) {
  const work = idIn(text);
  if (!text.trim()) return show(found);
  show(found, busy("Looking it up …"));
  try {
    if (work) return show(found, chosen(await get(`/v1/works/${work}`)));
    const { rows } = await get(`/v1/works?limit=8&text=${encodeURIComponent(text.trim().slice(0, 200))}`);
    show(found, choices(rows, choose));
  } catch (error) {
    show(found, problem(error));
  }
  return null;
}

function chosen(work) {
  const holders = work.holders.map((row) => h("li", null, code(row.holder), ` ${percent(row.share)}`));
  const name = h("strong", null, h("bdi", null, work.title || "Untitled"));
  const paid = holders.length > 0 && ["Paid now:", h("ul", null, holders)];
  return h("div", { class: "notice" }, h("p", null, name, ", licensed by ", code(work.licensor)), paid);
}

function choices(works, choose) {
  if (!works.length) return h("p", { class: "wrong" }, "No work fits. Write its title, or its id: 0x and 64 digits.");
  const button = (one) =>
    h(
      "button",
      { type: "button", class: "button quiet small", onclick: () => choose(one.work) },
      h("bdi", null, one.title || "Untitled"),
      " ",
      h("span", { class: "soft" }, short(one.licensor)),
    );
  return [h("p", { class: "small" }, "Which of these?"), h("div", { class: "actions" }, works.map(button))];
}

const idIn = (text) => /0x[0-9a-f]{64}/.exec(text.trim().toLowerCase())?.[0] ?? null;

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Saves the reasons as a file on the reader's device, byte for byte as their fingerprint is of. */
function keep(text, evidence) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  h("a", { href, download: `contest-${evidence.slice(2, 10)}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
