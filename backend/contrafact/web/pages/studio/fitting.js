// Which songs go together with those that are in the piece: known from their terms and metres before anybody asks.
import { use as inWords } from "../shared/format.js";
import { facts, meets, metresIn } from "./facts.js";
import { session } from "./session.js";

/** Why a work of the API cannot be in the piece as it stands, in a few words; null where it can. */
export function hindrance(work) {
  const terms = work.terms;
  if (!terms?.inference) return null; // it says so itself
  if (!terms.uses.includes(session.use)) return `not for ${inWords(session.use)}`;
  const others = session.sources.filter((one) => one.work !== work.work);
  if (!others.length) return null;
  if (work.metre && !meets(session.music.metre, work.metre)) return "other metre than your piece";
  const foreign = others.filter((one) => one.licensor && one.licensor !== work.licensor);
  if (!terms.combinable && foreign.length) return "only with its owner’s songs";
  if (foreign.some((one) => one.combinable === false)) return "your piece has a song that goes only with its owner’s";
  return null;
}

/** The same as a question to the service: what of `GET /v1/works` finds the songs that go together with the piece. */
export function fitting() {
  const { sources, music, use } = session;
  if (!sources.length) return [];
  const metres = metresIn(music.metre).map((one) => ["metre", one]);
  return [["use", use], ...metres, ...togetherWith(sources)];
}

/** What owners permit, as far as the owners of the piece's songs are known. */
function togetherWith(sources) {
  const owners = [...new Set(sources.map((one) => one.licensor))];
  if (owners.includes(undefined)) return [];
  const [only] = owners.length === 1 ? owners : [];
  if (sources.some((one) => one.combinable === false)) return only ? [["licensor", only]] : [];
  return [["combinable", "true"], ...(only ? [["beside", only]] : [])];
}

/** The uses that all songs of the piece permit, in the order of the form. */
export function permitted() {
  const known = session.sources.filter((one) => one.uses);
  if (known.length < session.sources.length) return [];
  const all = facts.offers ? ["private", "commercial", "broadcast", "live"] : [];
  return all.filter((use) => known.every((one) => one.uses.includes(use)));
}
