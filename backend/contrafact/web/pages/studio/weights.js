// How much of each source: parts per million that always sum to one million, in steps of a tenth of a percent.
export const WHOLE = 1_000_000;
const STEP = 1000;

/** `total` dealt out in proportion to `parts`, in whole steps (largest remainder). */
function dealt(parts, total) {
  const sum = parts.reduce((a, b) => a + b, 0),
    steps = Math.round(total / STEP);
  const exact = parts.map((part) => (sum ? part / sum : 1 / parts.length) * steps);
  const made = exact.map(Math.floor);
  const byRemainder = exact.map((_, i) => i).sort((a, b) => exact[b] - made[b] - (exact[a] - made[a]) || a - b);
  const missing = steps - made.reduce((a, b) => a + b, 0);
  for (const i of byRemainder.slice(0, missing)) made[i] += 1;
  return made.map((one) => one * STEP);
}

export const equal = (count) => dealt(Array(count).fill(1), WHOLE);

/** The weights where the one at `place` is moved to `weight`: the others share the rest as they stood to each other. */
export function moved(weights, place, weight) {
  if (weights.length === 1) return [WHOLE];
  const set = Math.min(WHOLE, Math.max(0, Math.round(weight / STEP) * STEP));
  const others = dealt(
    weights.filter((_, i) => i !== place),
    WHOLE - set,
  );
  return [...others.slice(0, place), set, ...others.slice(place)];
}

/** The weights with none above its `most`: what is cut goes to the others as they stood; null where all is too little. */
export function capped(weights, most) {
  const caps = most.map((one) => Math.floor(one / STEP) * STEP);
  if (caps.reduce((a, b) => a + b, 0) < WHOLE) return null;
  const full = new Set();
  for (;;) {
    const left = WHOLE - [...full].reduce((sum, i) => sum + caps[i], 0),
      free = weights.flatMap((_, i) => (full.has(i) ? [] : [i])),
      parts = dealt(
        free.map((i) => weights[i]),
        left,
      ),
      over = free.filter((i, at) => parts[at] > caps[i]);
    if (!over.length) return weights.map((_, i) => (full.has(i) ? caps[i] : parts[free.indexOf(i)]));
    for (const i of over) full.add(i);
  }
}

/** With one more at the end, which gets as much as an equal part. */
export const joined = (weights) => moved([...weights, 0], weights.length, WHOLE / (weights.length + 1));

/** Without the one at `place`. */
export const without = (weights, place) =>
  dealt(
    weights.filter((_, i) => i !== place),
    WHOLE,
  );
