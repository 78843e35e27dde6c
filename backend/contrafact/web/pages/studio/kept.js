// Payments under way, by order, with the maker's salt and signatures: kept in this browser until the order is paid.
const BEFORE = "contrafact.payment.";

export const payments = {
  get: (order) => read(BEFORE + order),
  keep: (payment) => localStorage.setItem(BEFORE + payment.order, JSON.stringify(payment)),
  drop: (order) => localStorage.removeItem(BEFORE + order),
  all: () =>
    Object.keys(localStorage)
      .filter((name) => name.startsWith(BEFORE))
      .map(read)
      .filter(Boolean),
};

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** 32 random bytes of the maker's own, so that nobody else can choose the piece. */
export function newSalt() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Milliseconds that an offer can still be paid in: it must be on the chain before it ends. */
export const timeLeft = (payment) => Date.parse(payment.offer.valid_until) - 30_000 - Date.now();

export const isOver = (payment) => timeLeft(payment) < 0;
