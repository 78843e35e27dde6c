// What the service says of works by their ids, said by their titles.
import { h, title } from "../shared/dom.js";
import { colourOf } from "../shared/sources.js";
import { session } from "./session.js";

const ID = /\b(?:[Tt]he )?(?:[Ww]orks?|[Ss]ource) (0x[0-9a-f]{64})|(0x[0-9a-f]{64})/g;

/** What the API says of licensors and works, in the studio's own words. */
const plain = (text) =>
  text
    .replace("works of other licensors", "other owners’ songs")
    .replace("Choose sources", "Choose songs")
    .replace("works of the same licensor", "songs of the same owner");

/** A sentence of the API as children, in which known works stand with title and colour. */
export function named(said) {
  const made = [],
    text = plain(said);
  let at = 0;
  for (const found of text.matchAll(ID)) {
    const place = session.sources.findIndex((one) => one.work === (found[1] ?? found[2]));
    if (place < 0) continue;
    made.push(
      text.slice(at, found.index),
      h(
        "span",
        { class: `strong ${colourOf(place + 1)}` },
        h("span", { class: "dot", "aria-hidden": "true" }),
        " “",
        title(session.sources[place].title),
        "”",
      ),
    );
    at = found.index + found[0].length;
  }
  return [...made, text.slice(at)];
}

/** The works of the session that a sentence names. */
export const worksIn = (text) => session.sources.filter((one) => text.includes(one.work));

export const titled = (row) => title(row.title ?? session.sources.find((one) => one.work === row.work)?.title);
