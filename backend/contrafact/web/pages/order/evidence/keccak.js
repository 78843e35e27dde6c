// Keccak-256, the chain's own hash, which browsers do not bring along. Pure.
// After the compact form of the Keccak team's reference: constants are computed, a lane is a BigInt of 64 bits.

const LANE = 64n,
  RATE = 136; // bytes that a block takes in

const turned = (lane, by) => BigInt.asUintN(64, (lane << by) | (lane >> (LANE - by)));

/** The hash of the bytes that `hex` (`0x…`) writes, as `0x…`. */
export function keccak(hex) {
  const message = hex.slice(2).match(/../g)?.map((pair) => parseInt(pair, 16)) ?? [];
  const padded = Uint8Array.from({ length: (Math.floor(message.length / RATE) + 1) * RATE }, (_, i) => message[i] ?? 0);
  padded[message.length] ^= 0x01; // Keccak's own padding, which is not that of SHA-3
  padded[padded.length - 1] ^= 0x80;
  const lanes = Array(25).fill(0n),
    view = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let i = 0; i < RATE / 8; i++) lanes[i] ^= view.getBigUint64(block + 8 * i, true);
    permute(lanes);
  }
  const out = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 4; i++) out.setBigUint64(8 * i, lanes[i], true);
  return `0x${Array.from(new Uint8Array(out.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The 24 rounds, in place; the lane of column x and row y stands at x + 5 y. */
function permute(lanes) {
  let register = 1;
  for (let round = 0; round < 24; round++) {
    mixColumns(lanes);
    moveLanes(lanes);
    for (let y = 0; y < 25; y += 5) {
      const row = lanes.slice(y, y + 5);
      for (let x = 0; x < 5; x++) lanes[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    for (let j = 0; j < 7; j++) {
      register = ((register << 1) ^ ((register >> 7) * 0x71)) % 256;
      if (register & 2) lanes[0] ^= 1n << ((1n << BigInt(j)) - 1n);
    }
  }
}

/** The step θ. */
function mixColumns(lanes) {
  const sums = Array.from({ length: 5 }, (_, x) => [5, 10, 15, 20].reduce((sum, y) => sum ^ lanes[x + y], lanes[x]));
  for (let i = 0; i < 25; i++) lanes[i] ^= sums[(i + 4) % 5] ^ turned(sums[(i + 1) % 5], 1n);
}

/** The steps ρ and π. */
function moveLanes(lanes) {
  let [x, y, moved] = [1, 0, lanes[1]];
  for (let t = 1; t <= 24; t++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    [moved, lanes[x + 5 * y]] = [lanes[x + 5 * y], turned(moved, BigInt(((t * (t + 1)) / 2) % 64))];
  }
}
