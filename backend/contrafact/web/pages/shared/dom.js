// Elements without innerHTML: whatever text comes from elsewhere stays text.
const SVG = "http://www.w3.org/2000/svg";
const LONG = 80; // letters of a title, of which lists and headings of windows then show the beginning

/** An element. `props`: attributes; functions (`onclick`) are listeners; true, false and null as HTML means it. */
export function h(tag, props, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** The same for a picture's elements. */
export function svg(tag, props, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

function filled(made, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.replace(/^on/, ""), value);
    else if (name === "style") for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...shownOf(children));
  return made;
}

/** Flat, without what stands for nothing. */
function shownOf(children) {
  return children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false);
}

export const byId = (id) => document.getElementById(id);

/** Puts `children` in the place of what is in `element`, and shows it. */
export function show(element, ...children) {
  element.replaceChildren(...shownOf(children));
  element.hidden = false;
  return element;
}

/** A title in quotes, as children of an element. */
export const named = (text) => ["“", title(text), "”"];

/** The text without what is not seen and would turn the text after it round: for where there are no elements. */
export const plain = (text) => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "");

/** A title, which is anybody's text in anybody's script, apart from the text around it. */
export const title = (text) =>
  h("bdi", text?.length > LONG ? { class: "cut", title: text } : null, text || "Untitled");
