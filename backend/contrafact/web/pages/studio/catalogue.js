// The songs: searched as one types, filtered, heard, taken into the session.
import { get } from "../shared/api.js";
import { byId, h, show, title } from "../shared/dom.js";
import { units } from "../shared/format.js";
import { empty, problem } from "../shared/notices.js";
import { facts, priceOf, tempoOf } from "./facts.js";
import { fitting, hindrance } from "./fitting.js";
import { listening } from "./listening.js";
import { session } from "./session.js";

const form = byId("search"),
  list = byId("works"),
  more = byId("more");
const PAGE = 24;
let rows = [],
  following = null,
  asked = 0,
  searched = "", // the query of the songs that are shown, or that are asked for
  barred = 0, // how many are found that nobody may use now; counted where nothing else is found
  timer = 0;

export function mountCatalogue() {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(search));
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });
  more.addEventListener("click", () => search(true));
  session.addEventListener("change", ({ detail }) => {
    if (detail === "weights") return; // which no song here shows
    draw();
    if (form.elements.fitting.checked && queryOf(new FormData(form))?.toString() !== searched) search();
  });
  listening.addEventListener("change", draw);
  search();
}

async function search(further = false) {
  const query = queryOf(new FormData(form));
  if (!query) return;
  const mine = ++asked;
  searched = query.toString();
  if (further === true && following) query.set("after", following);
  try {
    const found = await get(`/v1/works?${query}`);
    const also = found.rows.length || further === true ? 0 : await unusable(query);
    if (mine !== asked) return;
    barred = also;
    rows = further === true ? [...rows, ...found.rows] : found.rows;
    following = found.following;
    draw();
    if (further === true) byId(`hear-${found.rows[0]?.work}`)?.focus();
  } catch (error) {
    if (mine === asked)
      show(
        list,
        h(
          "li",
          null,
          problem(error, () => search(further)),
        ),
      );
  }
}

/** How many songs the query finds that may not be used now, at most a page of them. */
async function unusable(query) {
  if (!query.has("available")) return 0;
  const all = new URLSearchParams(query);
  all.delete("available");
  return (await get(`/v1/works?${all}`)).rows.length;
}

/** The query of what stands in the form; null, and the field marked, where something cannot be searched for. */
function queryOf(values) {
  const price = values.get("price").trim() ? units(values.get("price"), facts.decimals) : undefined;
  const holder = values.get("holder").trim();
  const fine = [
    marked("price", price === null && `Write an amount such as 0.25.`),
    marked("holder", holder && !/^0x[0-9a-fA-F]{40}$/.test(holder) && "Write an address: 0x and 40 characters."),
  ];
  if (fine.includes(false)) return null;
  const given = {
    text: values.get("text").trim(),
    use: values.get("use"),
    metre: values.get("metre"),
    key: values.get("key"),
    party: holder,
  };
  const set = Object.entries(given).filter(([, value]) => value);
  byId("filtered").textContent = marks(set.length - (given.text ? 1 : 0) + (price === undefined ? 0 : 1));
  const query = new URLSearchParams([...set, ["limit", PAGE]]);
  if (price !== undefined)
    for (const [name, value] of [
      ["token", facts.token],
      ["max_price", price],
      ["use", given.use || session.use],
    ])
      query.set(name, value);
  if (!values.get("all")) query.set("available", "true");
  if (values.get("fitting"))
    for (const [name, value] of fitting()) if (!given[name]) query.append(name, value);
  return query;
}

const marks = (count) => (count ? ` · ${count} set` : "");

function marked(name, wrong) {
  form.elements[name].setAttribute("aria-invalid", String(Boolean(wrong)));
  const told = byId(`${name}-wrong`);
  told.textContent = wrong || "";
  told.hidden = !wrong;
  return !wrong;
}

function draw() {
  const focused = document.activeElement?.id;
  const seen = shownNow();
  show(list, seen.length ? seen.map(row) : h("li", null, nothing()));
  more.hidden = !following;
  byId("found").textContent = counted(seen.length);
  if (focused && document.activeElement?.id !== focused) byId(focused)?.focus();
}

function nothing() {
  const button = (onclick, text) => h("button", { type: "button", class: "button quiet small", onclick }, text);
  const clear = button(() => form.reset(), "Clear search and filters");
  if (!barred)
    return empty(
      "No song fits. The catalogue is what owners registered here; search by title, composer or collection.",
      h("p", null, clear),
    );
  const one = barred === 1;
  const said = `${barred >= PAGE ? "Songs like that" : one ? "1 song" : `${barred} songs`} may not be used now.`;
  return empty(said, h("div", { class: "actions" }, button(showBarred, one ? "Show it" : "Show them"), clear));
}

async function showBarred() {
  form.elements.all.checked = true;
  byId("filters").open = true;
  await search();
  byId(`hear-${rows[0]?.work}`)?.focus();
}

/** With the switch on, only what goes with the piece (also while the service is asked); what is in it stays in view. */
function shownNow() {
  byId("fitting").hidden = !session.sources.length;
  const only = form.elements.fitting.checked && session.sources.length;
  return only ? rows.filter((work) => session.has(work.work) || !hindrance(work)) : rows;
}

function counted(seen) {
  const songs = `${rows.length} ${rows.length === 1 ? "song" : "songs"}`;
  if (!rows.length) return "No songs";
  if (seen < rows.length) return `${seen} of ${following ? "the first " : ""}${songs} fit your piece`;
  return following ? `The first ${songs}` : songs;
}

/** Searches for the songs of one owner, as the filter does. */
export function showOwner(address) {
  form.reset();
  byId("filters").open = true;
  form.elements.holder.value = address;
  byId("songs-title").scrollIntoView();
  form.elements.holder.focus();
}

function row(work) {
  const heard = listening.work === work.work,
    taken = session.has(work.work),
    name = work.title || "Untitled",
    why = taken ? null : hindrance(work);
  const listen = h(
    "button",
    {
      type: "button",
      id: `hear-${work.work}`,
      class: "button quiet small hear",
      "aria-pressed": String(heard),
      "aria-label": `${heard ? "Stop" : "Listen to"} ${name}`,
      onclick: () => listening.toggle(work),
    },
    heard ? "■" : "▶",
  );
  const take = h(
    "button",
    {
      type: "button",
      id: `take-${work.work}`,
      class: "button quiet small take",
      "aria-label": why ? `Add ${name} anyway: ${why}` : `${taken ? "Remove" : "Add"} ${name}`,
      title: why,
      disabled: !taken && session.isFull,
      onclick: () => (taken ? session.remove(work.work) : session.add(work, tempoOf(work.metre))),
    },
    taken ? "Remove" : why ? "Add anyway" : "Add",
  );
  const what = h(
    "div",
    { class: "what" },
    h("a", { class: "name", href: `/works/${work.work}` }, title(work.title)),
    h("span", { class: "small" }, told(work)),
    chips(work, why),
  );
  return h("li", { class: `work${taken ? " taken" : ""}`, "data-work": work.work }, listen, what, take);
}

function told(work) {
  const price = priceOf(work, session.use);
  return [work.key, work.metre, price && per(price)].filter(Boolean).join(" · ");
}

const per = ({ units: whole, text }) => (BigInt(whole) ? `${text} per 30\u00a0s` : "free");

const ALONE = "only with its owner’s songs";

/** What stands in the way of using it, before it is in the session. */
function chips(work, why) {
  const terms = work.terms,
    found = [];
  if (work.barred || work.contested) found.push(["bad", work.barred ? "barred" : "contested"]);
  if (!terms?.inference) found.push(["bad", terms ? "its owner allows no pieces" : "no terms yet"]);
  else {
    if (why) found.push(["warn", why]);
    if (!terms.combinable && why !== ALONE) found.push(["", ALONE]);
    if (terms.approval) found.push(["", "owner approves each piece"]);
    if (terms.max_weight < 1_000_000) found.push(["", `at most ${terms.max_weight / 10_000} %`]);
  }
  return found.length
    ? h(
        "span",
        { class: "chips" },
        found.map(([kind, text]) => h("span", { class: `chip ${kind}` }, text)),
      )
    : null;
}
