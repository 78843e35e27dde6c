// What the player says: why something cannot be had, where a note comes from, and its pictures as tables.
import { sharesTable } from "../charts/shares.js";
import { h, title } from "../shared/dom.js";
import { percent } from "../shared/format.js";
import { LEAST, notesOf } from "./ledger.js";

export const LEGEND =
  "Above, the notes: tall ones are the melody that the model wrote and that shares are counted by, " +
  "thin ones accompany it. Below, the shares bar by bar.";
const TOLD = 50_000; // a source of less than that part of a note is not named with it

/** What a component is called, the base first. */
export function namesOf({ order, record }) {
  const named = (work) => order.sources.find((source) => source.work === work)?.title ?? "A work without a title";
  return ["The model itself", ...record.sources.map(({ work }) => named(work))];
}

/** The component by which a work is paid: its own, or that of the recording that it is the composition of; or null. */
export function componentOf({ order, record }, work) {
  const own = record.sources.findIndex((source) => source.work === work);
  if (own >= 0) return own + 1;
  return order.sources.find((source) => source.work === work)?.through || null;
}

/** What cannot be had, and why; null where all of it can. `kind` of sound: files, notes or none. */
export function explanation({ silence, piece }, kind) {
  const parts = [];
  if (silence) parts.push(h("p", { class: "strong" }, silence.message), h("p", null, silence.hint ?? ""));
  const plain = "What you hear are its notes from a plain synthesiser, not its sound.";
  if (kind === "notes") parts.push(h("p", null, plain));
  if (!piece) parts.push(h("p", null, "Its notes are not open to you, so there is nothing to show."));
  return parts.length ? h("div", { class: "notice", role: "note" }, parts) : null;
}

/** `only`: the name of the one source that shines, or null. */
export function rollLabel(only, step) {
  const what = only ? `the notes that come from ${only} in colour` : "each note in the colours of where it comes from";
  return `Piano roll, ${what}. Space plays and pauses, left and right move ${step} seconds.`;
}

/** Where a note comes from; null is a rest. */
export function sourcesOf(note, names) {
  if (!note) return ["A rest."];
  const parts = note.parts.map((part, k) => [part, names[k]]).filter(([part]) => part >= TOLD);
  parts.sort((a, b) => b[0] - a[0]);
  const told = parts.flatMap(([part, name]) => [", ", `${percent(Math.round(part / 1e4) * 1e4)} `, title(name)]);
  return ["This note: ", ...told.slice(1), "."];
}

/** How much of a note is one component's, where that alone is told; null is a rest. */
export function partOf(note, component, names) {
  const part = note?.parts[component] ?? 0;
  if (part < LEAST) return ["Nothing here comes from ", title(names[component]), "."];
  return [`This note: ${percent(Math.round(part / 1e4) * 1e4)} `, title(names[component]), "."];
}

/** Notes of each source, and shares over time, for who cannot see the pictures. */
export function tables(piece, names, spans) {
  const counts = notesOf(piece);
  const told = (k) => `: ${counts[k]} ${counts[k] === 1 ? "note is" : "notes are"} mostly from it`;
  const notes = h("ul", null, names.map((name, k) => h("li", null, h("bdi", null, name), told(k))));
  return h("details", null, h("summary", null, "The same as a table"), notes, sharesTable(spans, names));
}
