// How a share follows from notes, and money from a share: in exact integers. Pure.
import { LEAST } from "../../player/ledger.js";

const PPM = 1_000_000n,
  TICKS_PER_QUARTER = 24n,
  UNIT = 30n;

/** The component by which a work is paid: its own, or that of a recording of it; null without. */
export function componentOf({ order, record }, work) {
  const own = record.sources.findIndex((source) => source.work === work);
  if (own >= 0) return own + 1;
  return order.sources.find((source) => source.work === work)?.through || null;
}

/**
 * Of the notes that the model wrote: how many there are and their seconds together (`written`, `whole`), how many have
 * a hundredth or more of the component (`notes`), and the seconds that are its own (`seconds`). `tempo` in quarters a
 * minute.
 */
export function heardOf({ notes }, component, tempo) {
  const own = notes.filter((note) => note.byModel);
  const ticks = own.reduce((sum, note) => sum + BigInt(note.duration), 0n);
  const mine = own.reduce((sum, note) => sum + BigInt(note.duration) * BigInt(note.parts[component]), 0n);
  return {
    written: own.length,
    whole: seconds(ticks * PPM, tempo),
    notes: own.filter((note) => note.parts[component] >= LEAST).length,
    seconds: seconds(mine, tempo),
  };
}

/** Ticks × ppm as seconds with two decimals, rounded to the nearest. */
function seconds(sum, tempo) {
  const scale = BigInt(Math.round(tempo * 1000)) * TICKS_PER_QUARTER * PPM;
  const hundredths = (sum * 60n * 1000n * 100n + scale / 2n) / scale;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
}

/** What an order pays to a source: price × started 30 seconds × share, rounded down. */
export function paidBy({ price, share }, duration) {
  const units = (BigInt(duration) + UNIT - 1n) / UNIT;
  return { units, amount: (BigInt(price.units) * units * BigInt(share)) / PPM };
}
