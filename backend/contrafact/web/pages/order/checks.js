// The evidence of an order, recomputed in the reader's browser, step by step.
import { ApiError } from "../shared/api.js";
import { h, show } from "../shared/dom.js";
import { code } from "../shared/format.js";
import { busy } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";
import { askedOf } from "./evidence/chain.js";
import { pcmDigest, sha256 } from "./evidence/digests.js";
import { drawnOf } from "./evidence/drawn.js";
import { holdersCheck, partsCheck, sentCheck, wholeCheck } from "./evidence/holding.js";
import {
  amountsCheck,
  bad,
  dueOf,
  ledgerCheck,
  open,
  paidCheck,
  recordCheck,
  sharesCheck,
  soundCheck,
} from "./evidence/judging.js";
import { committedIn, creditsIn, fundedIn } from "./evidence/logs.js";

const SIGNS = { good: ["✓", "holds"], bad: ["✕", "does not hold"], open: ["–", "not checked"] };
const RATE = 48_000;

/** Runs the checks that cost little, and offers the others. */
export function mountEvidence(element) {
  if (!element) return;
  const claims = JSON.parse(element.dataset.claims);
  const list = h("ol", { class: "checks" }),
    status = h("p", { role: "status", class: "strong" }),
    rests = h("p", { class: "small" });
  const again = h(
    "button",
    { type: "button", class: "button quiet", onclick: () => run(false) },
    "Run the checks again",
  );
  const more = h("button", { type: "button", class: "button quiet", onclick: () => run(true) }, "Check the sound, too");
  show(element, status, list, rests, h("div", { class: "actions" }, again, more));
  let running = null;
  async function run(withSound) {
    const mine = (running = Symbol("run"));
    show(status, busy("Checking …"));
    const chain = await chainOf(claims),
      checks = await judged(claims, chain, withSound);
    if (mine !== running) return;
    list.replaceChildren(...checks.map((check) => row(check)));
    show(rests, ...restsOn(claims, chain));
    show(status, summary(checks));
    element.dataset.checked = withSound ? "all" : "cheap";
  }
  wallet.addEventListener("account", () => {
    if (element.isConnected) run(false);
  });
  run(false);
}

function summary(checks) {
  const count = (state) => checks.filter((check) => check.state === state).length;
  if (count("bad"))
    return `${count("bad")} of ${checks.length} checks do not hold. Something here is not what was recorded.`;
  return `${count("good")} of ${checks.length} checks hold${count("open") ? `, ${count("open")} not checked` : ""}.`;
}

/** Whose word it is that the checks start from. */
function restsOn({ escrow }, chain) {
  if (chain.why) return [];
  const found = chain.search.why
    ? `It could not be searched for events (${chain.search.why}), so which transactions were looked at is the` +
      " service’s word."
    : "This browser found the order’s events by itself, by the order’s id.";
  return [
    `Asked: ${chain.asked}. ${found} That the contract is `,
    code(escrow, "contract"),
    " is the service’s word, too: ",
    h("a", { href: "/audit#yourself" }, "compare the addresses"),
    " with another source.",
  ];
}

/** A value may have a `name` of whose it is, as the receipt above has it. */
function row({ title, state, values, text, hand }) {
  const [sign, words] = SIGNS[state];
  const shown = values.map(([who, value, name]) => [
    h("dt", null, name && [h("bdi", null, name), " "], who),
    h("dd", { class: "code-value" }, h("code", null, value)),
  ]);
  return h(
    "li",
    { class: `check ${state}` },
    h("span", { class: "sign", "aria-hidden": "true" }, sign),
    h(
      "div",
      null,
      h("h3", null, title, h("span", { class: "unseen" }, `: ${words}`)),
      h("p", null, text),
      h(
        "details",
        state === "bad" ? { open: true } : null,
        h("summary", { class: "small" }, "Values, and how to do it by hand"),
        h("dl", { class: "facts values" }, shown),
        hand && h("p", { class: "small" }, `By hand: ${hand}.`),
      ),
    ),
  );
}

async function judged(claims, chain, withSound) {
  const checks = [];
  const recordBytes = await bytesOf(`/v1/orders/${claims.order}/record`).catch((error) => error);
  if (recordBytes instanceof Error)
    return [missing("The record is the one on the chain", recordBytes), ...moneyChecks(claims, chain)];
  checks.push(recordCheck(claims, await sha256(recordBytes), chain));
  const record = parsed(recordBytes);
  if (!record) return [...checks, bad("The shares follow from the notes", "The record cannot be read.")];
  checks.push(
    ...(await notesChecks(claims, record, chain)),
    attempted("Everybody got what the shares give", () => amountsCheck(claims, record, chain)),
    ...(await heldChecks(claims, record, chain)),
    ...moneyChecks(claims, chain),
  );
  checks.push(
    withSound
      ? await sound(claims, record, chain)
      : open("The sound is the recorded one", "The file is large: it is fetched when you ask for it."),
  );
  return checks;
}

async function notesChecks(claims, record, chain) {
  const [notes, shares] = ["The notes are those that were recorded", "The shares follow from the notes"];
  try {
    const bytes = await ledgerBytes(claims, record),
      document = parsed(bytes);
    const first = ledgerCheck(record, await sha256(bytes), chain);
    return [
      first,
      document
        ? attempted(shares, () => sharesCheck(record, document, chain))
        : bad(shares, "The event ledger cannot be read."),
    ];
  } catch (error) {
    return [missing(notes, error), open(shares, "The notes are not here, so nothing can be computed from them.")];
  }
}

/** Its content id names its plain bytes; a sealed one is opened by the service, for those who may have it. */
async function ledgerBytes(claims, record) {
  const isSealed = record.protection?.contents.some((one) => one.sha256 === record.events.sha256);
  if (!isSealed) return bytesOf(`/v1/content/${record.events.cid}`);
  if (!wallet.session)
    throw new ApiError({
      code: "sealed",
      message: "The notes of this piece are sealed.",
      hint: "Sign in with the wallet that may read them.",
    });
  return bytesOf(`/v1/orders/${claims.order}/files/events.json`);
}

async function sound(claims, record, chain) {
  try {
    const bytes = await bytesOf(`/v1/orders/${claims.order}/files/piece.flac`),
      digest = await sha256(bytes);
    const heard = await new OfflineAudioContext(2, 1, RATE).decodeAudioData(bytes.slice(0));
    const channels = Array.from({ length: heard.numberOfChannels }, (_, i) => heard.getChannelData(i));
    return soundCheck(record, digest, await pcmDigest(channels, heard.sampleRate), chain);
  } catch (error) {
    return missing("The sound is the recorded one", error);
  }
}

/** What the chain says, as `askedOf`, with its own logs read: {commit, credits, terms}; or {why} nobody was asked. */
async function chainOf(claims) {
  const found = await askedOf(claims);
  if (found.why) return { why: found.why };
  const { escrow, order, shares } = claims;
  return {
    ...found,
    commit: committedIn(found.closed, escrow, order, shares.length - 1),
    credits: creditsIn(found.closed, escrow, order),
    terms: fundedIn(found.paid, escrow, order),
  };
}

/** Each song's holders as its document names them; null where it cannot be had or read. */
function holdersOf(claims) {
  return Promise.all(
    claims.splits.map(async ({ document }) => {
      const found = document && parsed(await bytesOf(`/v1/content/${document}`).catch(() => new ArrayBuffer(0)));
      return found?.rights_holders ?? null;
    }),
  );
}

const moneyChecks = (claims, chain) => [paidCheck(claims, chain), wholeCheck(claims, chain)];

/** Whose the songs' money is, and where it went since. */
async function heldChecks(claims, record, chain) {
  const held = await holdersOf(claims),
    drawn = await drawnOf(claims, held, chain).catch((error) => ({ why: error.message })); // what is no list of holders
  return [
    attempted("The songs’ holders are those that the order pinned", () => holdersCheck(claims, held, chain)),
    attempted("Each holder’s part is its share", () =>
      partsCheck(claims, held, dueOf(claims, record, chain).sources),
    ),
    attempted("Nobody was sent more than its part", () => sentCheck(claims, drawn)),
  ];
}

async function bytesOf(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new ApiError(await response.json().catch(() => ({})), response.status);
  return response.arrayBuffer();
}

function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function attempted(title, check) {
  try {
    return check();
  } catch (error) {
    return bad(title, `It cannot be computed from what was served: ${error.message}`);
  }
}

const missing = (title, error) => open(title, `Not checked: ${error.message} ${error.hint ?? ""}`);
