// What pages say of contests: who decides, what it costs, what both sides can do, and how it stands.
import { h } from "../../shared/dom.js";
import { code, money, percent } from "../../shared/format.js";

const KINDS = { account: "an account with one key", contract: "a contract, such as a board with several keys" };

const list = (items) =>
  h(
    "ul",
    null,
    items.map((item) => h("li", null, item)),
  );

/** Who may rule, by address; `arbiters` as `GET /v1/contests/rules` has them. */
export function arbitersOf(arbiters) {
  if (!arbiters.length) return "nobody: the ledger has no arbiter now, so a contest ends when its time is over";
  const one = ({ address, kind }) => [`the arbiter, ${KINDS[kind]}: `, code(address)];
  return arbiters.map((each, number) => [number ? " or " : "", one(each)]);
}

export const deciding = ({ arbiters }) => h("p", null, "It is decided by ", arbitersOf(arbiters));

/** What a contest asks and what follows from it; `rules` as `GET /v1/contests/rules` has them. */
export function inWords(rules) {
  const { hold_ratio: ratio, ruling_days: days } = rules;
  return h(
    "details",
    null,
    h("summary", null, "What it costs, and what happens next"),
    list([
      ["Anybody may contest a work. It costs a bond of at least ", money(rules.min_bond), ", and the network’s fee."],
      [
        "You may leave a further bond for the money that the work earns from now on: ",
        `each unit holds up to ${ratio} units of what comes in. What came in before is never touched.`,
      ],
      [
        `The arbiter has ${days} days. If you are awarded anything, that part of what is held goes to the holders `,
        "whom you named, and all your bonds come back.",
      ],
      "If you are awarded nothing, your bonds go to the work’s licensor.",
      [
        "You may withdraw at any time before the ruling: the bond of ",
        money(rules.min_bond),
        " then goes to the licensor, because a work was blocked; the rest comes back.",
      ],
      [
        "If nobody rules in time, anybody may end the contest: all bonds go back, and what was held is the holders’ ",
        "again.",
      ],
    ]),
  );
}

const CLAIMANT = [
  "Send the arbiter the file with your reasons, exactly as it was saved on your device, and the list of holders that " +
    "you named: the ledger has only their fingerprints.",
  "You may hold more of what comes in, or withdraw the contest, below.",
];
const OTHERS = [
  "You need not do anything on this page, and nobody can make you pay.",
  "Send the arbiter what shows that the work is yours: drafts, dated files, contracts, statements of others. " +
    "Name this contest by its number.",
  "The claimant must send the arbiter the reasons whose fingerprint stands above. You can ask to see them, and " +
    "compare the fingerprint (SHA-256).",
  "If the arbiter awards nothing, what was held is paid out to you, and the claimant’s bonds go to the work’s " +
    "licensor.",
];

/** What both sides can do until it is decided. */
export function whatToDo(mine, arbiters) {
  const arbiter = [
    "The ledger’s administration gave the arbiter this role. How to write to it is not on the ledger: the operator ",
    "of this site tells you.",
  ];
  const items = [...(mine ? CLAIMANT : OTHERS), ...(arbiters.length ? [arbiter] : [])];
  return h("details", { open: !mine }, h("summary", null, mine ? "What you do now" : "What you can do"), list(items));
}

const LAPSED = "Nobody ruled in time.";
const HELD = "What was held is the holders’ again.";
const NOW = "Anybody may end it now: all bonds go back then, and what is held is the holders’ again.";
const OWN = "; what came in before is yours, and what is held is neither paid nor lost.";

/** How it stands: one sentence or two. */
export function next(row, mine) {
  if (row.overdue) return `${LAPSED} ${NOW}`;
  if (row.state === "open") return `The arbiter decides. Until then the work enters no new piece${mine ? "." : OWN}`;
  if (row.state === "ruled") return row.part ? awarded(row.part) : NOTHING;
  return row.state === "withdrawn" ? `The claimant withdrew it. ${HELD}` : `${LAPSED} The bonds went back. ${HELD}`;
}

const NOTHING = "The arbiter awarded nothing. The bonds went to the licensor.";

const awarded = (part) =>
  `The arbiter awarded ${percent(part)} of what was held to the claimant’s side.` +
  (part === 1_000_000 ? " The work enters no new piece any more." : "");
