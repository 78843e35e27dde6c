// Addresses whose letters are not those of their checksum (EIP-55). Browsers cannot compute it: the service says so, with
// the place in the request. Pure.
export const MISTYPED = "This address is mistyped: compare it letter by letter.";

const PLACE = /body\.([\w.]+): (0x[0-9a-fA-F]{40}) is mistyped/g;

/** [{path, address}] of the mistyped addresses that an ApiError names, such as {path: "holders.1.holder", …}. */
export const mistyped = (error) =>
  [...(error?.message ?? "").matchAll(PLACE)].map(([, path, address]) => ({ path, address }));

/** The same error in words for readers, or the error as it is. */
export function inWords(error) {
  const [first] = mistyped(error);
  return first ? { message: `${first.address} is mistyped.`, hint: "Compare it letter by letter, or ask its holder." } : error;
}
