// Who else may hear a private piece: people's reading keys (age recipients), checked where they are pasted.
import { byId, h, show } from "../shared/dom.js";
import { code } from "../shared/format.js";
import { session } from "./session.js";

const MOST = 8;
const LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l", FORM = /^age1[02-9ac-hj-np-z]{58}$/; // bech32
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const field = byId("reader"), wrong = byId("reader-wrong"), list = byId("readers"), more = byId("more-readers");

/** Where the service can encrypt; elsewhere the page has no such fields, and nobody is named. */
export function mountReaders() {
  if (!field) return session.readers.length && session.name([]);
  byId("add-reader").addEventListener("click", add);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  });
  field.addEventListener("input", () => tell(null));
  session.addEventListener("change", ({ detail }) => detail !== "weights" && draw());
  byId("hearing").open = session.readers.length > 0;
  draw();
}

function add() {
  const key = field.value.trim(), problem = wrongIn(key);
  tell(problem);
  if (problem) return field.focus();
  field.value = "";
  session.name([...session.readers, key]);
  field.focus();
}

function tell(problem) {
  field.setAttribute("aria-invalid", String(Boolean(problem)));
  show(wrong, problem).hidden = !problem;
}

function wrongIn(key) {
  if (session.readers.includes(key)) return "This key is named already.";
  if (/^age-secret-key/i.test(key)) return "That is a secret, its owner’s alone. Ask for the key that begins with age1.";
  if (/^0x/i.test(key)) return "That is a wallet’s address. Ask its owner for a reading key: it begins with age1.";
  if (!FORM.test(key)) return "A reading key is age1 and 58 small letters and digits. Copy all of it.";
  return checksum(key) === 1 ? null : "A letter of this key is mistyped. Copy it again, all of it.";
}

/** As bech32 has it: 1 for a key without a slip. */
function checksum(key) {
  const name = [...key.slice(0, 3)].map((one) => one.charCodeAt(0));
  const data = [...key.slice(4)].map((one) => LETTERS.indexOf(one));
  const values = [...name.map((one) => one >> 5), 0, ...name.map((one) => one & 31), ...data];
  return values.reduce((sum, value) => {
    const top = sum >>> 25, next = ((sum & 0x1ffffff) << 5) ^ value;
    return GENERATOR.reduce((found, one, i) => ((top >> i) & 1 ? found ^ one : found), next);
  }, 1);
}

function draw() {
  const { readers, use } = session;
  byId("hearing").hidden = use !== "private"; // anybody may hear the others
  byId("named").textContent = readers.length ? ` · you and ${readers.length}` : "";
  more.hidden = readers.length >= MOST;
  show(list, readers.map(row)).hidden = !readers.length;
}

function row(key) {
  const drop = () => {
    session.name(session.readers.filter((one) => one !== key));
    field.focus();
  };
  const label = `Take out the key that ends with ${key.slice(-4)}`;
  const button = h("button", { type: "button", class: "plain", "aria-label": label, onclick: drop }, "Take out");
  return h("li", null, code(key, "reader’s key"), " ", button);
}

/** Who may hear a private piece, before it is paid; `readers` of the request. */
export function hearers(readers = []) {
  if (!readers.length) return null;
  const keys = readers.map((one, i) => [i ? ", " : "", code(one, "reader’s key")]);
  const who = readers.length === 1 ? "the one whose key you named: " : `the ${readers.length} whose keys you named: `;
  const says = ["You may hear it, and ", who, keys, ". It stays encrypted for all others."];
  return h("p", { id: "hearers", class: "small" }, says);
}
