// Confirmations that holders signed, as text that people send each other: ADDRESS=SIGNATURE, as the command line
// has it. Pure.
const LINE = /^(0x[0-9a-fA-F]{40})\s*=\s*(0x(?:[0-9a-fA-F]{2})+)$/;

export const lineOf = (holder, signature) => `${holder}=${signature}`;

/** {rows: [{place, signature}], wrong}: of several places of one holder, the first line is for the first place. */
export function confirmations(text, places) {
  const rows = [],
    taken = new Set();
  for (const one of text
    .split("\n")
    .map((each) => each.trim())
    .filter(Boolean)) {
    const found = LINE.exec(one);
    if (!found) return { rows: [], wrong: `“${one.slice(0, 24)}…” is no confirmation: write ADDRESS=SIGNATURE.` };
    const place = places.find(
      ({ place: at, holder }) => !taken.has(at) && holder.toLowerCase() === found[1].toLowerCase(),
    );
    if (!place) return { rows: [], wrong: `${found[1]} holds no share of this work, or no further one.` };
    taken.add(place.place);
    rows.push({ place: place.place, signature: found[2].toLowerCase() });
  }
  return rows.length ? { rows, wrong: "" } : { rows, wrong: "Paste what the holder sent you." };
}
