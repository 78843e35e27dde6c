// The wallets of this browser: those that announce themselves (EIP-6963), else the one at `window.ethereum` (EIP-1193).
// Which one the reader chose is remembered in this browser by its `rdns`, and forgotten when it is disconnected.
const CHOICE = "contrafact.wallet";
const OLD = { name: "The wallet of this browser", icon: null, rdns: "window.ethereum", own: false, note: "" };
const LATE = 400; // ms: extensions may come after the page

export class Providers {
  #found = new Map();
  #waiting = new Set();

  constructor() {
    addEventListener("eip6963:announceProvider", ({ detail }) => {
      this.add({ info: detail?.info, provider: detail?.provider }); // `own` is only what we add ourselves
    });
    dispatchEvent(new Event("eip6963:requestProvider"));
  }

  /** Takes a wallet in. What it says of itself is anybody's text; its icon counts only as a `data:` picture. */
  add(detail) {
    const { info, provider } = detail ?? {};
    if (typeof provider?.request !== "function" || typeof info?.uuid !== "string") return;
    if (this.#found.has(info.uuid)) return;
    const icon = /^data:image\//i.test(info.icon ?? "") ? info.icon : null;
    const name = String(info.name ?? "").slice(0, 60) || "A wallet without a name";
    const { own = false, note = "", label = "" } = detail;
    const made = { provider, name, icon, rdns: String(info.rdns ?? info.uuid).slice(0, 100), own, note, label };
    this.#found.set(info.uuid, made);
    for (const one of this.#waiting) one(made);
  }

  /** All wallets; the browser's old way only where none announces itself. `own` ones are ours, and come last. */
  list() {
    const all = [...this.#found.values()], theirs = all.filter((one) => !one.own).map((one) => doubted(one, all));
    const old = !theirs.length && typeof window.ethereum?.request === "function";
    if (old) theirs.push({ ...OLD, provider: window.ethereum });
    return [...theirs, ...all.filter((one) => one.own)];
  }

  /**
   * The wallet that was chosen before, once it is there; null where none was, where it does not come, and where several
   * say that they are it.
   */
  async remembered() {
    const rdns = read();
    if (!rdns) return null;
    const now = () => {
      const [found = null, other] = this.list().filter((one) => one.rdns === rdns);
      return other ? null : found;
    };
    return now() ?? new Promise((resolve) => {
      const done = (one) => { this.#waiting.delete(hear); resolve(one); };
      const hear = (one) => one.rdns === rdns && done(now());
      this.#waiting.add(hear);
      setTimeout(() => done(now()), LATE);
    });
  }
}

/** Wallets go by their `rdns`, which nothing proves: two with the same one are pointed out. */
function doubted(one, all) {
  const same = all.filter(({ rdns }) => rdns === one.rdns);
  return same.length > 1 ? { ...one, note: `One of ${same.length} that call themselves ${one.rdns}.` } : one;
}

export const chosen = () => read();
export const remember = (one) => write(one.rdns);
export const forget = () => write(null);

function read() {
  try { return localStorage.getItem(CHOICE); } catch { return null; } // storage may be forbidden
}

function write(rdns) {
  try {
    if (rdns === null) localStorage.removeItem(CHOICE);
    else localStorage.setItem(CHOICE, rdns);
  } catch { /* it is asked for again on the next page */ }
}
