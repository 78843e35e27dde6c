// Whose a song's money is: rights splits, their roots and accounts. The twin of `contrafact.domain.splits`. Pure.
import { PPM } from "../../shared/shares.js";
import { keccak } from "./keccak.js";

const MOST_HOLDERS = 64;

/** Words of the chain, as hex digits: numbers, and ids, hashes or addresses that are written as `0x…`. */
const words = (...values) => `0x${values.map((value) => BigInt(value).toString(16).padStart(64, "0")).join("")}`;

/**
 * The root of a split's Merkle-sum tree, which the chain keeps. `holders`: [{holder, share}], shares in ppm. Throws
 * RangeError unless 1 to 64 positive shares sum to a million.
 */
export function splitRoot(holders) {
  const shares = holders.map(({ share }) => BigInt(share));
  if (holders.length > MOST_HOLDERS || shares.some((one) => one <= 0n) || shares.reduce((a, b) => a + b, 0n) !== PPM)
    throw new RangeError("A split has 1 to 64 holders, whose shares sum to the whole.");
  let level = holders.map(({ holder }, i) => ({ hash: keccak(keccak(words(i, holder, shares[i]))), sum: shares[i] }));
  while (level.length > 1) level = level.filter((_, i) => i % 2 === 0).map((left, i) => parent(left, level[2 * i + 1]));
  return level[0].hash;
}

/** A node without a sibling moves up as it is. */
const parent = (left, right) =>
  right
    ? { hash: keccak(words(left.hash, left.sum, right.hash, right.sum)), sum: left.sum + right.sum }
    : left;

/** The royalty account of a work, or of a model's training pool, under one split and in one token. */
export const accountOf = (beneficiary, root, token) => keccak(words(beneficiary, root, token));

/** What each holder has of `amount` that came to an account which had received `before`, as the contract pays it. */
export const partsOf = (amount, holders, before = 0n) =>
  holders.map(({ share }) => ((before + amount) * BigInt(share)) / PPM - (before * BigInt(share)) / PPM);
