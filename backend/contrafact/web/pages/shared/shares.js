// Shares in exact integers: the twin of `contrafact.domain.shares` and `contrafact.domain.events`. Pure.
export const PPM = 1_000_000n;

/**
 * `total` divided in proportion to `parts` (BigInts, none negative), summing exactly to `total`: the largest remainders
 * get what is left, equal ones the lower index. Throws RangeError where all parts are zero or one is negative.
 */
export function largestRemainder(parts, total = PPM) {
  const whole = parts.reduce((sum, part) => sum + part, 0n);
  if (whole <= 0n || parts.some((part) => part < 0n))
    throw new RangeError("Shares need parts of which none is negative, and one is above zero.");
  const floors = parts.map((part) => (part * total) / whole);
  const remainders = parts.map((part) => (part * total) % whole);
  const order = parts
    .map((_, i) => i)
    .sort((a, b) => (remainders[a] === remainders[b] ? a - b : remainders[a] < remainders[b] ? 1 : -1));
  const left = total - floors.reduce((sum, floor) => sum + floor, 0n);
  for (const i of order.slice(0, Number(left))) floors[i] += 1n;
  return floors;
}

/**
 * Shares of notes, in ppm as BigInts, the base first: the mean of their responsibilities, each counted by its duration.
 * `notes`: [{duration, parts, byModel}]; only what the model wrote counts. Throws RangeError where it wrote none.
 */
export function sharesOf(notes, width) {
  const sums = Array(width).fill(0n);
  for (const note of notes) {
    if (!note.byModel) continue;
    for (let k = 0; k < width; k++) sums[k] += BigInt(note.duration) * BigInt(note.parts[k]);
  }
  return largestRemainder(sums);
}
