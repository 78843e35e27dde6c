// What royalty accounts received and what their holders have drawn, as the contract says now.
import { keccak } from "./keccak.js";
import { accountOf } from "./splits.js";

const MOST = 150; // questions to a node
const selector = (signature) =>
  keccak(`0x${Array.from(signature, (one) => one.charCodeAt(0).toString(16)).join("")}`).slice(0, 10);
const RECEIVED = selector("received(bytes32)"),
  PLACE = selector("placeOf(bytes32,uint32)");

/** Of each song's account, [{received, places: [{holder, name, share, drawn}]}]; or {why} it cannot be had. */
export async function drawnOf(claims, held, chain) {
  if (chain.why) return { why: chain.why };
  if (!chain.terms || held.some((one) => !one)) return { why: "it is not known whose the songs are" };
  const { works, roots, token } = chain.terms,
    named = held.map((holders, i) => holders.map((one) => ({ ...one, name: claims.names[i]?.[one.holder] }))),
    accounts = new Map(works.map((work, i) => [accountOf(work, roots[i], token), named[i]]));
  const count = [...accounts.values()].reduce((sum, places) => sum + places.length + 1, 0);
  if (count > MOST) return { why: "there are too many holders to ask for each here; contrafact audit does" };
  const asked = (data) => chain.call("eth_call", [{ to: claims.escrow, data }, "latest"]);
  const placeOf = async (id, { holder, name, share }, place) => {
    const said = await asked(PLACE + id.slice(2) + place.toString(16).padStart(64, "0"));
    return { holder, name, share, drawn: BigInt(said.slice(0, 66)) };
  };
  const account = async ([id, holders]) => {
    const places = await Promise.all(holders.map((one, place) => placeOf(id, one, place))); // received only grows after
    return { received: BigInt(await asked(RECEIVED + id.slice(2))), places };
  };
  return Promise.all([...accounts].map(account)).catch((error) => ({ why: error.message }));
}
