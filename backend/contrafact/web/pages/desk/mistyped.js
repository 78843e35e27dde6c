// Addresses whose letters are not those of their checksum (EIP-55). Browsers cannot compute it: the service says so,
// and names the place in the request. Pure.
export const MISTYPED = "This address is mistyped: compare it letter by letter.";

const found = (error) => (error?.fields ?? []).filter(({ code }) => code === "mistyped_address");

/** Where in the request an ApiError says that addresses are mistyped, such as ["body.holders.1.holder"]. */
export const mistyped = (error) => found(error).map(({ at }) => at);

/** The same error in words for readers, or the error as it is. */
export function inWords(error) {
  const [first] = found(error);
  return first ? { message: `${first.message}.`, hint: "Compare it letter by letter, or ask its holder." } : error;
}
