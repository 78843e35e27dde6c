// The event ledger as a player needs it: notes with their seconds, and bars. Pure.
import { sharesOf } from "../shared/shares.js";

const SCHEMA = "contrafact/events/2";
const TICKS_PER_QUARTER = 24;

/**
 * The notes of an event ledger (parsed JSON), by onset. `tempo` in quarters a minute, `metre` [beats, unit].
 * Throws TypeError for another document.
 *
 * A note: {part, byModel, bar, onset, duration (ticks), start, end (seconds), pitch, velocity, parts (ppm)}.
 */
export function readLedger(document, tempo, metre) {
  if (document.schema !== SCHEMA) throw new TypeError(`This page reads ${SCHEMA}, not ${document.schema}.`);
  const second = 60 / (tempo * TICKS_PER_QUARTER);
  const notes = document.notes
    .map(([part, bar, onset, duration, pitch, velocity, parts]) => ({
      part: document.parts[part].name,
      byModel: document.parts[part].by === "model",
      bar,
      onset,
      duration,
      pitch,
      velocity,
      parts,
      start: onset * second,
      end: (onset + duration) * second,
    }))
    .sort((a, b) => a.onset - b.onset);
  const bar = ((TICKS_PER_QUARTER * 4 * metre[0]) / metre[1]) * second;
  const length = notes.reduce((latest, note) => Math.max(latest, note.end), 0);
  return { components: document.components, notes, bar, length, changes: document.changes };
}

/**
 * Shares over time: [{start, end, shares (ppm, Numbers)}] for spans of whole bars, at most `most` of them; null shares
 * where nothing sounds.
 */
export function sharesOverTime({ notes, bar, length, components }, most = 64) {
  const bars = Math.max(1, Math.round(length / bar)),
    step = Math.ceil(bars / most),
    spans = [];
  for (let first = 0; first < bars; first += step) {
    const within = notes.filter((note) => note.byModel && note.bar >= first && note.bar < first + step);
    const shares = within.length ? sharesOf(within, components.length).map(Number) : null;
    spans.push({
      start: first * bar,
      end: Math.min((first + step) * bar, Math.max(length, bar)),
      bars: [first + 1, Math.min(first + step, bars)],
      shares,
    });
  }
  return spans;
}

/** The note of the melody that sounds at `time`, or null. */
export function sounding(notes, time) {
  return notes.find((note) => note.byModel && note.start <= time && time < note.end) ?? null;
}

export const LEAST = 10_000; // of a note, in ppm: less than that of it counts in shares, and is not called somebody's note

const MOSTLY = 500_000;

/** The seconds at which the first bar begins that has a note mostly of the component; else one with a part of it. */
export function firstBar({ notes, bar }, component) {
  const from = (least) => notes.find((note) => note.byModel && note.parts[component] >= least);
  const first = from(MOSTLY) ?? from(LEAST);
  return first ? first.bar * bar : 0;
}

/** For each component, how many notes of the model are mostly its own. */
export function notesOf({ notes, components }) {
  const counts = Array(components.length).fill(0);
  for (const note of notes) if (note.byModel) counts[note.parts.indexOf(Math.max(...note.parts))] += 1;
  return counts;
}
