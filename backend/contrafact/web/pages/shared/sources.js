// The colour of a source is that of its place in the order, everywhere: 1 to 8, and 0 for the model's own part.

/** The class that sets `--colour`; `component` is 0 for base, else the source's place from 1. */
export const colourOf = (component) => `s${component === 0 ? 0 : ((component - 1) % 8) + 1}`;
