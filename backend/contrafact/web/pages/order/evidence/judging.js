// What the evidence says: each check compares values that must be the same, and says how to do it by hand. Pure.
import { sharesOf } from "../../shared/shares.js";
import { escrowOf, settle } from "./amounts.js";
import { accountOf } from "./splits.js";

const PPM = 1_000_000;

/** A check: {title, state: "good" | "bad" | "open", values: [[who says it, what]], text, hand}. All values agree. */
export function compared(title, values, text, hand, gap = "") {
  const told = values.map(([who, value]) => [who, String(value)]),
    isSame = told.every(([, value]) => value === told[0][1]);
  const state = !isSame ? "bad" : gap ? "open" : "good";
  return { title, state, values: told, text: gap || text, hand };
}

export const open = (title, text, hand = "") => ({ title, state: "open", values: [], text, hand });
export const bad = (title, text, hand = "") => ({ title, state: "bad", values: [], text, hand });

export const gapOf = (chain) => (chain.why ? `Not compared with the chain: ${chain.why}.` : "");

/** The record's bytes, by their digest, against what the service says and the chain. */
export function recordCheck(claims, digest, chain) {
  const title = "The record is the one on the chain";
  const hand =
    `curl -fs …/v1/orders/${claims.order}/record | sha256sum, and compare with the second topic after the event’s` +
    ` name of OrderCommitted in transaction ${claims.committed_in}`;
  if (!chain.why && !chain.commit)
    return bad(
      title,
      `Transaction ${claims.committed_in} holds no commit of this order by contract ${claims.escrow}.`,
      hand,
    );
  const values = [
    ["SHA-256 of the bytes, by this browser", digest],
    ["the service says", claims.record],
  ];
  if (chain.commit) values.push(["on the chain", chain.commit.record]);
  return compared(title, values, "The record cannot have been changed since.", hand, gapOf(chain));
}

/** The event ledger's bytes against the record and the chain. */
export function ledgerCheck(record, digest, chain) {
  const values = [
    ["SHA-256 of the bytes, by this browser", digest],
    ["the record says", record.events.sha256],
  ];
  if (chain.commit) values.push(["on the chain", chain.commit.evidence]);
  return compared(
    "The notes are those that were recorded",
    values,
    "The event ledger, every note with its responsibilities, is the recorded one.",
    `sha256sum of events.json, or: it is found under ${record.events.cid}`,
    gapOf(chain),
  );
}

/** Shares from the notes, in exact integers, against the record and the chain. */
export function sharesCheck(record, document, chain) {
  const title = "The shares follow from the notes",
    hand =
      "the sum of duration × responsibility over the melody’s notes, divided by the sum of durations; rounded to a" +
      " millionth by the largest remainders: docs/method-1.md, or contrafact shares";
  const notes = document.notes.map(([part, , , duration, , , parts]) => ({
    duration,
    parts,
    byModel: document.parts[part].by === "model",
  }));
  const wrong = notes.findIndex(
    ({ parts }) => parts.length !== document.components.length || parts.reduce((sum, part) => sum + part, 0) !== PPM,
  );
  if (wrong >= 0) return bad(title, `The responsibilities of note ${wrong + 1} do not sum to the whole.`, hand);
  const values = [
    ["from the notes, by this browser", sharesOf(notes, document.components.length).join(" + ")],
    ["the record says", [record.base, ...record.sources].map((one) => one.share).join(" + ")],
  ];
  if (chain.commit) values.push(["on the chain", chain.commit.shares.join(" + ")]);
  return compared(
    title,
    values,
    "In millionths: the model itself first, then the songs in their order.",
    hand,
    gapOf(chain),
  );
}

/** What prices and shares give: as `settle` of `amounts.js`, by the chain's own terms where it was asked. */
export function dueOf(claims, record, chain) {
  const shares = [record.base, ...record.sources].map((one) => one.share);
  return settle(chain.terms ?? claims.terms, shares, chain.commit?.duration ?? claims.duration);
}

/** Amounts from prices and shares against what was credited to the accounts of works and pool. */
export function amountsCheck(claims, record, chain) {
  const due = dueOf(claims, record, chain),
    model = chain.terms?.model ?? claims.model;
  const ours = [...perBeneficiary(chain.terms?.works ?? claims.works, model, due), due.operator, due.refunded];
  const values = [
    ["prices × started half minutes × shares, by this browser", ours.join(" + ")],
    ["the receipt above says", claims.paid.join(" + ")],
  ];
  if (chain.commit && chain.terms) {
    const credited = accountsOf(chain.terms).map((id) => chain.credits[id] ?? 0n);
    const fee = chain.terms.escrowed - credited.reduce((sum, one) => sum + one, 0n) - chain.commit.refunded;
    values.push(["credited on the chain", [...credited, fee, chain.commit.refunded].join(" + ")]);
  }
  return compared(
    "Everybody got what the shares give",
    values,
    "In the token’s smallest units: the songs, the training pool, the operator, back to the maker. Parts are rounded" +
      " down.",
    "price × started 30 s × share ÷ 1 000 000, rounded down, for each song; what is left goes back:" +
      " docs/audit-rules.md",
    gapOf(chain),
  );
}

/** What was paid in against the prices: the most that the order could cost. */
export function paidCheck(claims, chain) {
  const title = "The maker paid in what the prices ask";
  if (!chain.why && !chain.terms)
    return bad(title, `Transaction ${claims.funded_in} holds no payment of this order to contract ${claims.escrow}.`);
  const values = [
    ["the most that it can cost, by this browser", escrowOf(chain.terms ?? claims.terms)],
    ["the service says", claims.escrowed],
  ];
  if (chain.terms) values.push(["paid in on the chain", chain.terms.escrowed]);
  return compared(
    title,
    values,
    "The dearest song’s price × started half minutes, and the operator’s fee.",
    "the prices stand in the event OrderFunded of the transaction that paid",
    gapOf(chain),
  );
}

/**
 * The file and the sound in it against the record and the chain. Where the file is the recorded one and its samples are
 * not, the browser's decoder may be why, so that nothing is said against the record.
 */
export function soundCheck(record, fileDigest, pcm, chain) {
  const title = "The sound is the recorded one",
    hand = "sha256sum of piece.flac; for the sound itself: contrafact verify piece.flac";
  const file = compared(
    title,
    [
      ["SHA-256 of piece.flac, by this browser", fileDigest],
      ["the record says", record.output.flac.sha256],
    ],
    "The file is not the recorded one.",
    hand,
  );
  if (file.state === "bad") return file;
  const recorded = [["the record says", record.output.pcm_sha256]];
  if (chain.commit) recorded.push(["on the chain", chain.commit.output]);
  const said = compared(title, recorded, "The file is the recorded one, to the last sample.", hand, gapOf(chain));
  const values = [...file.values, ["digest of the samples, by this browser", pcm], ...said.values];
  const decodes = pcm === record.output.pcm_sha256;
  if (said.state !== "good" || decodes) return { ...said, values };
  return {
    ...said,
    state: "open",
    values,
    text: "The file is the recorded one. This browser decodes its samples otherwise, so the sound itself was" +
      " not compared.",
  };
}

/** A work that is used twice, alone and through a recording, is credited once; each work once, then the pool. */
function perBeneficiary(works, model, due) {
  const sums = new Map();
  works.forEach((work, i) => sums.set(work, (sums.get(work) ?? 0n) + due.sources[i]));
  sums.set(model, (sums.get(model) ?? 0n) + due.pool);
  return [...sums.values()];
}

/** The account of each of those; an order pins one split of a work. */
function accountsOf({ works, roots, token, model, pool }) {
  const of = new Map([...works.map((work, i) => [work, roots[i]]), [model, pool]]);
  return [...of].map(([beneficiary, root]) => accountOf(beneficiary, root, token));
}
