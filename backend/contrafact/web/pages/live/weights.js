// Weights that always sum to the whole: where one moves, the others give way within their bounds. Pure.
export const WHOLE = 1_000_000;

/** `weights` (ppm) with that at `place` moved to `wanted`, as far as `bounds` ([{lowest, highest}]) let it. */
export function moved(weights, bounds, place, wanted) {
  const made = [...weights];
  made[place] = Math.min(bounds[place].highest, Math.max(bounds[place].lowest, Math.round(wanted)));
  const others = made.map((_, other) => other).filter((other) => other !== place);
  let missing = WHOLE - made.reduce((sum, one) => sum + one, 0);
  while (missing !== 0) {
    const room = (other) => missing > 0 ? bounds[other].highest - made[other] : made[other] - bounds[other].lowest;
    const able = others.filter((other) => room(other) > 0);
    if (!able.length) return [...weights];
    const sum = able.reduce((all, other) => all + Math.max(1, made[other]), 0);
    const before = missing;
    for (const other of able) {
      const part = Math.round(Math.abs(before) * Math.max(1, made[other]) / sum);
      const step = Math.min(room(other), Math.abs(missing), Math.max(1, part));
      made[other] += Math.sign(missing) * step;
      missing -= Math.sign(missing) * step;
      if (missing === 0) break;
    }
  }
  return made;
}
