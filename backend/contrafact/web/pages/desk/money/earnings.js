// Earnings: totals, sums with a chart, and the lines. What is shown stands in the address: a reload shows it again.
import { bars } from "../../charts/bars.js";
import { get } from "../../shared/api.js";
import { byId, h } from "../../shared/dom.js";
import { money, short } from "../../shared/format.js";
import { empty } from "../../shared/notices.js";
import { minimum } from "./accounts.js";
import { lineList } from "./lines.js";
import { facts, kindWords, section, workLink } from "./parts.js";

const HEADS = { work: "Work", kind: "Use", operator: "Operator", month: "Month" };
const TITLES = {
  work: "Earned by work",
  kind: "Earned by use",
  operator: "Earned by operator",
  month: "Earned by month",
};
const SHOWN = 12;
const MONTH = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" });

const root = byId("earnings");
if (root) begin();

function begin() {
  const { holder, tokenOf } = facts(root),
    path = `/v1/holders/${holder}`;
  const state = read();
  const write = () => {
    const set = Object.entries(state).filter(([name, value]) => value && !(name === "by" && value === "work"));
    history.replaceState(null, "", set.length ? `?${new URLSearchParams(set)}` : location.pathname);
    byId("all").hidden = !(state.work || state.from || state.to);
  };
  const sums = () =>
    section(
      byId("sums"),
      () => get(`${path}/earnings/sums?by=${state.by}&most=${SHOWN}${chosen(state)}`),
      (found) => charts(found, state.by, tokenOf),
    );
  const lines = () => lineList(byId("lines"), `${path}/earnings?limit=20${chosen(state)}`, whenNone(state));
  const all = () => {
    write();
    sums();
    lines();
  };

  for (const radio of byId("by").querySelectorAll("input")) {
    radio.checked = radio.value === state.by;
    radio.addEventListener("change", () => {
      state.by = radio.value;
      write();
      sums();
    });
  }
  for (const name of ["work", "from", "to"]) {
    byId(name).value = state[name];
    byId(name).addEventListener("change", () => {
      if (byId(name).reportValidity()) {
        state[name] = byId(name).value;
        all();
      }
    });
  }
  byId("all").addEventListener("click", () => {
    for (const name of ["work", "from", "to"]) byId(name).value = state[name] = "";
    all();
    byId("work").focus();
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  const both = () => Promise.all([get(`${path}/balances`), get(`${path}/waiting`).catch(() => null)]);
  section(byId("totals"), both, ([have, waits]) => totals(have, waits?.thresholds ?? []));
  fillWorks(`${path}/earnings/sums?by=work&most=1000`, state.work);
  all();
}

function read() {
  const given = new URLSearchParams(location.search),
    fits = (name, form) => (form.test(given.get(name) ?? "") ? given.get(name) : "");
  const by = HEADS[given.get("by")] ? given.get("by") : "work";
  return {
    by,
    work: fits("work", /^0x[0-9a-f]{64}$/),
    from: fits("from", /^\d{4}-(0[1-9]|1[0-2])$/),
    to: fits("to", /^\d{4}-(0[1-9]|1[0-2])$/),
  };
}

/** The filters as the API has them: months in UTC, from the first's first second on and before the last's end. */
function chosen({ work, from, to }) {
  const first = from && `&since=${from}-01T00:00:00Z`,
    end = to && `&until=${new Date(Date.UTC(Number(to.slice(0, 4)), Number(to.slice(5)), 1)).toISOString()}`;
  return `${work && `&work=${work}`}${first}${end}`;
}

async function fillWorks(path, current) {
  const found = await get(path).catch(() => null),
    rows = found?.rows ?? [];
  byId("none").hidden = !found || rows.length > 0; // where nothing ever came, filters and sums would be about nothing
  byId("some").hidden = !byId("none").hidden;
  const names = new Map(rows.map((row) => [row.key, row.title || `Work ${short(row.key)}`]));
  if (current && !names.has(current)) names.set(current, `Work ${short(current)}`);
  const options = [...names]
    .sort((a, b) => a[1].localeCompare(b[1]))
    .map(([key, name]) => h("option", { value: key }, name));
  byId("work").append(...options);
  byId("work").value = current;
}

function totals({ totals: found, places }, thresholds) {
  if (!found.length) return null;
  const fact = (name, amount, says) =>
    h(
      "div",
      { class: "total" },
      h("dt", null, name),
      h("dd", { class: "total-sum" }, money(amount)),
      h("dd", { class: "small" }, says),
    );
  const link = (path, words) => h("a", { href: path }, words);
  const held = ({ units }) =>
    units === "0" ? "no contest holds any of it" : link("/desk/contests", "a contest holds it");
  return found.map((one) =>
    h(
      "dl",
      { class: "card totals" },
      fact("Earned", one.earned, "final: nothing can undo it"),
      fact("Not final yet", one.pending, "in the newest blocks"),
      fact("Held", one.held, held(one.held)),
      fact("Available now", one.claimable, available(one.claimable, places, thresholds, link)),
    ),
  );
}

/** How it comes into the wallet: by itself, or once there is as much in an account as the holder wants at least. */
function available({ units, token }, places, thresholds, link) {
  if (units === "0") return "all of it reached you";
  const least = places.map((row) => row.claimable.token === token && minimum(row, thresholds)).find(Boolean);
  const waits = least && `what is confirmed waits for your minimum of ${least.text} · `;
  return [waits, link("/desk/payouts", "Claim it")];
}

function charts({ rows, others }, by, tokenOf) {
  if (!rows.length) return null;
  const tokens = [...new Set(rows.map((row) => row.earned.token))];
  return tokens.map((address) => {
    const token = tokenOf(address),
      mine = (row) => row.earned.token === address;
    const drawn = rows.filter(mine).map((row) => ({ label: label(row, by), ...figures(row) }));
    const rest = others.filter(mine).map((row) => ({ label: `${row.keys} others together`, ...figures(row) }));
    return bars({
      title: TITLES[by],
      head: HEADS[by],
      rows: by === "month" ? [...rest, ...drawn] : [...drawn, ...rest],
      token,
    });
  });
}

const figures = (row) => ({ units: BigInt(row.earned.units), pending: BigInt(row.pending.units) });

function label(row, by) {
  if (by === "work") return workLink(row.key, row.title);
  if (by === "kind") return kindWords(row.key);
  if (by === "month") return MONTH.format(new Date(`${row.key}-01T00:00:00Z`));
  return row.key ? h("a", { href: `/operators/${row.key}`, class: "code" }, short(row.key)) : "without an order";
}

function whenNone({ work, from, to }) {
  if (work || from || to) return () => empty("Nothing was earned that fits. Choose another work or other months.");
  return () =>
    empty(
      "Nothing was earned yet. As soon as somebody makes a piece with one of your works, it shows here, note by note.",
      h("p", null, h("a", { class: "button quiet", href: "/desk" }, "See your works and their terms")),
    );
}
