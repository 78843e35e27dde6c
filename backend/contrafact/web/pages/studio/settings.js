// What the piece is for, and what music it is.
import { byId, show } from "../shared/dom.js";
import { tempoOf } from "./facts.js";
import { takes, tell } from "./fields.js";
import { session, usual } from "./session.js";

const form = byId("settings");
const NUMBERS = new Set(["seconds", "tempo"]);
const { private: alone, encrypted } = byId("use-says").dataset; // what this service does with it, by its settings
const SAYS = {
  commercial: "Anybody may hear it here.",
  broadcast: "Anybody may hear it here.",
  live: "It begins once you paid, and you move the weights while it plays. You may end it at any time, and pay " +
    "for each half minute that was begun, by whose music it was; the rest comes back.",
};

export function mountSettings() {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    if (!target.name) return; // keys, which have their own button
    if (!isFine(target)) return;
    const value =
      target.type === "checkbox" ? target.checked : NUMBERS.has(target.name) ? Number(target.value) : target.value;
    session.set(target.name, value);
    if (target.name === "metre" && !session.touched.includes("tempo")) followTempo();
  });
  session.addEventListener("change", draw);
  mend();
  draw();
}

/** What a field does not take is said there, and what it had stands again: the field shows what is priced. */
function isFine(field) {
  const before = session.music[field.name],
    fine = field.checkValidity();
  tell(field, fine ? null : `${takes(field)} It is ${before}, as before.`);
  if (!fine) field.value = before;
  return fine;
}

/** What was kept, and no field of this page takes, is as it usually is. */
function mend() {
  for (const [name, value] of Object.entries(session.music)) {
    const field = form.elements[name];
    if (!field || field.type === "checkbox") continue;
    field.value = value;
    if (!field.checkValidity()) session.set(name, usual[name]);
  }
}

/** The usual tempo of a metre comes with it, until a tempo was chosen. */
function followTempo() {
  session.set("tempo", tempoOf(session.music.metre));
  session.touched = session.touched.filter((name) => name !== "tempo");
}

function draw() {
  form.elements.use.value = session.use;
  show(byId("use-says"), SAYS[session.use] ?? (session.readers.length ? encrypted : alone));
  for (const [name, value] of Object.entries(session.music)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value;
    else if (document.activeElement !== field || field.value !== String(value)) field.value = value;
  }
  for (const part of ["harmony", "bass"]) form.elements[`play-${part}`].disabled = !session.music[part];
}
