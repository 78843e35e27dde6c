// Contests of works: those that touch the holder, what they hold, and what can be done about them.
import { get, post } from "../../shared/api.js";
import { byId, h, show } from "../../shared/dom.js";
import { busy, empty, notice, problem } from "../../shared/notices.js";
import { wallet } from "../../wallet/wallet.js";
import { contestCard } from "./contest_card.js";
import { contestForm } from "./contest_form.js";
import { deciding, inWords } from "./contest_words.js";
import { inWords as plainly } from "../mistyped.js";
import { facts, indexed, refused, section } from "./parts.js";

const root = byId("contests");
if (root) begin();

function begin() {
  const told = facts(root),
    only = /^0x[0-9a-f]{64}$/.exec(new URLSearchParams(location.search).get("work") ?? "")?.[0];
  const path = `/v1/contests?limit=100&touching=${told.holder}${only ? `&work=${only}` : ""}`;
  const rules = () => get("/v1/contests/rules");
  const both = () => Promise.all([get(path), rules()]);
  const drawn = ([{ rows }, { arbiters }]) => list(rows, { ...told, arbiters }, act, only);
  const reload = (quietly = true) => section(byId("list"), both, drawn, { quietly });
  const act = (name, body, title, done, more) => perform(name, body, title, done, { reload, ...more });
  const form = (found) => {
    contestForm(byId("form"), found, told, act, only);
    return [deciding(found), inWords(found)];
  };
  reload(false);
  section(byId("rules"), rules, form);
}

/**
 * Whether it was done. `words`: [question, answer] of what it means; `atField(error)` is true where it has said at a
 * field what is wrong.
 */
async function perform(name, body, title, done, { reload, words, atField = () => false }) {
  const said = byId("said");
  try {
    show(said, busy("Preparing …"));
    const { hashes } = await wallet.perform(await post(`/v1/transactions/${name}`, body), { title, words });
    show(said, busy("Done. This page follows in a moment …"));
    await indexed(hashes);
    reload();
    show(said, notice("good", h("p", null, done)));
  } catch (error) {
    show(said, atField(error) ? null : failure(error, reload));
    if (said.childElementCount) said.scrollIntoView({ block: "nearest" });
    return false;
  }
  said.scrollIntoView({ block: "nearest" });
  return true;
}

function failure(error, reload) {
  if (error.code === "cancelled")
    return notice("", h("p", null, "You said no in your wallet. Nothing happened, and what you wrote is still here."));
  return error.status === 401 ? refused(error, reload) : problem(plainly(error));
}

const NOBODY = "No contest touches you: nobody contests a work of yours, and you contest none.";
const NOBODY_THIS = "Nobody contests this work.";

function list(rows, told, act, only) {
  const every = only
    ? h("p", null, "Of one work only. ", h("a", { href: "/desk/contests" }, "All that touch you"))
    : null;
  if (!rows.length) return [every, empty(only ? NOBODY_THIS : NOBODY)];
  return [every, rows.map((row) => contestCard(row, told, act))];
}
