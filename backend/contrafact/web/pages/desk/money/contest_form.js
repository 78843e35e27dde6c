// Opening a contest: which work, whose it is, why, and with what bond.
import { get } from "../../shared/api.js";
import { h, show } from "../../shared/dom.js";
import { code, decimal, money, percent, short, units } from "../../shared/format.js";
import { busy, problem } from "../../shared/notices.js";

const NATIVE = "0x0000000000000000000000000000000000000000", MOST_HOLDERS = 64, PPM = 1_000_000;

export function contestForm(rules, { holder, tokenOf }, act, work) {
  const found = h("div", { "aria-live": "polite" }), wrong = h("div", { "aria-live": "polite" });
  const id = h("input", { id: "contested", type: "text", autocomplete: "off", spellcheck: "false", value: work ?? "", "aria-describedby": "contested-says" });
  const rows = h("div"), more = h("button", { type: "button", class: "button quiet small", onclick: () => rows.append(holderRow("", "")) }, "Another holder");
  const reasons = h("textarea", { id: "reasons", "aria-describedby": "reasons-says" });
  const coin = tokenOf(NATIVE), bond = h("input", { id: "bond", type: "text", inputmode: "decimal", autocomplete: "off", value: decimal(rules.min_bond.units, coin.decimals) });
  rows.append(holderRow(holder, "100"));
  const choose = (one) => {
    id.value = one;
    look(one, found, choose);
  };
  id.addEventListener("change", () => look(id.value, found, choose));
  if (work) look(work, found, choose);
  const emptied = () => {
    for (const field of [id, reasons]) field.value = "";
    bond.value = decimal(rules.min_bond.units, coin.decimals);
    show(rows, holderRow(holder, "100"));
    show(found);
  };
  const submit = async (event) => {
    event.preventDefault();
    show(wrong, "");
    try {
      const evidence = await digest(reasons.value);
      const asked = { sender: holder, ...read(id.value, rows, bond.value, rules, coin), evidence };
      keep(reasons.value, evidence);
      if (await act("contest", asked, "Contest a work", "Opened. Keep the file with your reasons: the arbiter needs exactly it.")) emptied();
    } catch (error) {
      show(wrong, problem({ message: error.message, hint: "Nothing was sent. What you wrote is still here." }));
    }
  };
  return h("form", { onsubmit: submit, novalidate: true },
    h("label", { for: "contested" }, "Which work"), h("p", { class: "hint", id: "contested-says" }, "Its title, its id, or the address of its page."), id, found,
    h("fieldset", null, h("legend", null, "Whose it is, as you say"), h("p", { class: "hint" }, "What the arbiter awards goes to these wallets. The parts sum to 100 %."), rows, more),
    h("label", { for: "reasons" }, "Your reasons"), h("p", { class: "hint", id: "reasons-says" }, "They are not published: only their fingerprint (SHA-256) is. A file with them is saved on your device, for the arbiter."), reasons,
    h("label", { for: "bond" }, `Your bond in ${coin.symbol}`), h("p", { class: "hint" }, "At least ", money(rules.min_bond), "."), bond,
    wrong, h("p", { class: "actions" }, h("button", { type: "submit", class: "button" }, "Contest this work")));
}

function holderRow(address, part) {
  const row = h("div", { class: "holder-row" },
    h("input", { type: "text", name: "holder", value: address, placeholder: "0x…", "aria-label": "Wallet of a holder", autocomplete: "off", spellcheck: "false" }),
    h("input", { type: "text", name: "part", value: part, inputmode: "decimal", "aria-label": "Part in percent" }),
    h("button", { type: "button", class: "plain", "aria-label": "Remove this holder", onclick: () => row.parentElement.children.length > 1 && row.remove() }, "Remove"));
  return row;
}

/** Shows the work that is meant, or those that a title fits, of which `choose(id)` takes one. */
async function look(text, found, choose) {
  const work = idIn(text);
  if (!text.trim()) return show(found);
  show(found, busy("Looking it up …"));
  try {
    if (!work) return show(found, choices((await get(`/v1/works?limit=8&text=${encodeURIComponent(text.trim().slice(0, 200))}`)).rows, choose));
    const one = await get(`/v1/works/${work}`);
    const holders = one.holders?.map((row) => h("li", null, code(row.holder), ` ${percent(row.share)}`));
    show(found, h("div", { class: "notice" }, h("p", null, h("strong", null, h("bdi", null, one.title || "Untitled")), ", licensed by ", code(one.licensor)), holders ? h("ul", null, holders) : null));
  } catch (error) {
    show(found, problem(error));
  }
  return null;
}

function choices(works, choose) {
  if (!works.length) return h("p", { class: "wrong" }, "No work fits. Write its title, or its id: 0x and 64 digits.");
  const button = (one) => h("button", { type: "button", class: "button quiet small", onclick: () => choose(one.work) },
    h("bdi", null, one.title || "Untitled"), " ", h("span", { class: "soft" }, short(one.licensor)));
  return [h("p", { class: "small" }, "Which of these?"), h("div", { class: "actions" }, works.map(button))];
}

const idIn = (text) => /0x[0-9a-f]{64}/.exec(text.trim().toLowerCase())?.[0] ?? null;

/** What the form says; throws an Error in words where something is missing. */
function read(text, rows, bondText, rules, coin) {
  const work = idIn(text), bond = units(bondText, coin.decimals);
  if (!work) throw new Error("Say which work you contest: choose one that its title finds, or give its id.");
  if (bond === null || bond < BigInt(rules.min_bond.units)) throw new Error(`Write the bond as an amount such as 0.5 or 1000; it is at least ${rules.min_bond.text}.`);
  const holders = [...rows.children].map((row) => ({ holder: row.querySelector("[name=holder]").value.trim(), share: Number(units(row.querySelector("[name=part]").value.replace("%", ""), 4) ?? -1n) }));
  if (holders.length > MOST_HOLDERS) throw new Error(`A split has at most ${MOST_HOLDERS} holders.`);
  if (holders.some((row) => !/^0x[0-9a-fA-F]{40}$/.test(row.holder))) throw new Error("Each holder is a wallet’s address: 0x and 40 digits.");
  if (holders.some((row) => row.share <= 0) || holders.reduce((sum, row) => sum + row.share, 0) !== PPM) throw new Error("The parts must each be above nothing and sum to 100 %, with at most four decimals.");
  return { work, holders, bond: String(bond) };
}

async function digest(text) {
  if (!text.trim()) throw new Error("Write your reasons first.");
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Saves the reasons as a file on the reader's device, byte for byte as their fingerprint is of. */
function keep(text, evidence) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: `contest-${evidence.slice(2, 10)}.txt` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
