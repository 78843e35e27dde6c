// What is wrong with a field of the page, told below it, and what it takes.
import { byId, h, plain } from "../shared/dom.js";
import { session } from "./session.js";

const form = byId("settings");

/** Marks the field, and says what is wrong; null takes that back. */
export function tell(field, text) {
  const id = `${field.id}-wrong`;
  field.setAttribute("aria-invalid", String(Boolean(text)));
  field.setAttribute("aria-errormessage", id);
  byId(id)?.remove();
  if (text) field.after(h("p", { id, class: "wrong", role: "alert" }, text));
}

/** What a field takes, as an order to the reader. */
export const takes = ({ type, min, max }) =>
  type === "number" ? `Write a whole number from ${min} to ${max}.` : "Choose one of the list.";

/** An error of the API's about fields of the request, in the words of this page; any other as it is. */
export function plainly(error) {
  const said = error.fields?.map(({ at }) => told(at.split(".").slice(1)));
  if (!said?.length || said.includes(null)) return error;
  return { ...error, message: "This piece cannot be priced yet.", hint: said.join(" ") };
}

function told([part, place, name]) {
  if (part === "music") return ofMusic(place);
  if (part === "sources" && name === "weight")
    return `How much of “${plain(session.sources[place]?.title ?? "Untitled")}”: choose 0 to 100 %.`;
  return part === "readers" ? "Who else may hear it: a reading key is none. Take it out, and paste it again." : null;
}

function ofMusic(name) {
  if (name === "parts") return "Who plays: choose other instruments.";
  const field = form.elements[name];
  if (!field) return null;
  tell(field, takes(field));
  return `${field.labels[0].textContent}: ${takes(field)}`;
}
