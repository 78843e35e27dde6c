// What of a piece can be had by this reader: facts, record, notes, and which files sound; and where not, why.
import { ApiError, get } from "../shared/api.js";
import { readLedger } from "./ledger.js";

/**
 * {order, record, piece (of `readLedger`, or null), mix (URL or null), stems ([URL or null], base first),
 *  silence (an ApiError that says why there are no sound files, or null)}.
 * Raises ApiError for an order that has no record.
 */
export async function load(id, session) {
  const order = await get(`/v1/orders/${id}`);
  const record = await get(`/v1/orders/${id}/record`);
  const { files, silence } = await filesOf(order, record, session);
  const piece = await notesOf(record, files).catch(() => null);
  const url = (name) => files.find((file) => file.name === name)?.url ?? null;
  const stems = record.stems.map((_, i) => files.find((file) => file.name.startsWith(`stems/${i}-`))?.url ?? null);
  return { order, record, piece, mix: url("piece.flac"), stems, silence };
}

/** Not asked for where the answer is known: a private piece sounds for its maker and operator alone. */
async function filesOf(order, record, session) {
  const mine = session && [order.maker, order.operator].some((one) => one.toLowerCase() === session.toLowerCase());
  const isPrivate = order.use === "private";
  if (isPrivate && !mine && !(session && record.protection)) {
    const message = "This piece is private: its sound is its maker’s.";
    const hint = session
      ? "The wallet that is signed in is not the maker’s."
      : "If it is yours, sign in with the wallet that paid for it.";
    return { files: [], silence: new ApiError({ code: "private", message, hint }) };
  }
  try {
    const { files } = await get(`/v1/orders/${order.order}/files`);
    const sounds = files.some((file) => file.name === "piece.flac");
    const hint = "You may have its notes, from which the shares follow.";
    return {
      files,
      silence: sounds
        ? null
        : new ApiError({ code: "private", message: "This piece is private: its sound is its maker’s.", hint }),
    };
  } catch (error) {
    return { files: [], silence: error };
  }
}

async function notesOf(record, files) {
  const own = files.find((file) => file.name === "events.json")?.url;
  const sealed = record.protection?.contents.some((one) => one.sha256 === record.events.sha256);
  if (!own && sealed) return null;
  const document = await get(own ?? `/v1/content/${record.events.cid}`);
  return readLedger(document, record.request.tempo, record.request.metre);
}
