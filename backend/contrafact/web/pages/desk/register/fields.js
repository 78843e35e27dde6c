// What is said of a work when it is registered. The draft holds everything as it was typed.
import { h, show } from "../../shared/dom.js";
import { mountHolders } from "../holders_form.js";
import { compositionField } from "./compositions.js";

/** A draft in which nothing is written yet. */
export const blank = (owner) => ({
  title: "",
  credits: "",
  catalogue_id: "",
  collection: "",
  iswc: "",
  isrc: "",
  kind: "composition",
  composition: null,
  holders: [{ holder: owner, share: "100", name: "", ipi: "" }],
});

/** Whether the draft has something that somebody wrote. */
export const isWritten = (draft, owner) =>
  Object.entries(blank(owner)).some(([name, value]) => JSON.stringify(draft[name]) !== JSON.stringify(value));

/** Mounts the form for `draft`; `changed()` at each change, `submit(button)` at the end. → {wrong(texts), holders} */
export function mountFields(place, draft, changed, submit) {
  const split = h("div"),
    recording = h("div", { hidden: draft.kind !== "recording" });
  const set = (name) => (event) => {
    draft[name] = event.target.value;
    changed();
  };
  const field = (name, label, { hint, ...more } = {}) =>
    h(
      "div",
      null,
      h("label", { for: `f-${name}` }, label),
      hint && h("p", { class: "hint", id: `hint-${name}` }, hint),
      h("input", {
        type: "text",
        id: `f-${name}`,
        name,
        value: draft[name] ?? "",
        autocomplete: "off",
        oninput: set(name),
        "aria-describedby": `${hint ? `hint-${name} ` : ""}wrong-${name}`,
        ...more,
      }),
      h("p", { class: "wrong", id: `wrong-${name}`, "data-wrong": name }),
    );
  const kind = (value, label) =>
    h(
      "label",
      { class: "inline" },
      h("input", {
        type: "radio",
        name: "kind",
        value,
        checked: draft.kind === value,
        onchange: () => {
          draft.kind = value;
          recording.hidden = value !== "recording";
          changed();
        },
      }),
      label,
    );
  recording.append(
    compositionField(draft.composition, (work) => {
      draft.composition = work;
      changed();
    }),
    field("isrc", "ISRC, if it has one", { hint: "Such as US-RC1-76-07839.", maxlength: 32 }),
  );
  const form = h(
    "form",
    { novalidate: true },
    h("h2", { id: "form-name" }, "What it is"),
    field("title", "Title", { maxlength: 300, required: true }),
    h(
      "div",
      null,
      h("label", { for: "f-credits" }, "Credits"),
      h("p", { class: "hint", id: "hint-credits" }, "Who wrote, arranged or played it; one on each line."),
      h(
        "textarea",
        { id: "f-credits", name: "credits", rows: 2, oninput: set("credits"), "aria-describedby": "hint-credits" },
        draft.credits ?? "",
      ),
    ),
    h(
      "fieldset",
      null,
      h("legend", null, "Kind"),
      h("div", { class: "row kinds" }, kind("composition", "A composition"), kind("recording", "A recording of one")),
      recording,
    ),
    h(
      "div",
      { class: "fields" },
      field("iswc", "ISWC, if it has one", { hint: "Such as T-034.524.680-1.", maxlength: 32 }),
      field("catalogue_id", "Your own reference", { hint: "A number or a name.", maxlength: 100 }),
      field("collection", "Collection", { hint: "A name to find it under.", maxlength: 200 }),
    ),
    h("h2", null, "Who is paid"),
    h(
      "p",
      { class: "soft" },
      "Each holder's wallet address and its share of what the work earns. Together they make 100 %.",
    ),
    split,
    h(
      "p",
      { class: "small" },
      "Registering publishes the file, and all that is said here, for good. You become its licensor: ",
      "you set its terms, and nobody may use it before you do.",
    ),
    h(
      "div",
      { class: "actions" },
      h("button", { class: "button" }, "Register it"),
      h("button", { type: "button", class: "button quiet", "data-drop-draft": true }, "Choose another file"),
    ),
  );
  const holders = mountHolders(split, draft.holders, changed, { named: true });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.submitter);
  });
  show(place, form);
  return {
    holders,
    /** Shows texts beside their fields, by name, and goes to the first; whether there were any. */
    wrong: (texts) => {
      for (const mark of form.querySelectorAll("[data-wrong]")) {
        const text = texts[mark.dataset.wrong] ?? "",
          input = form.elements[mark.dataset.wrong];
        if (["holder", "share", "name", "ipi"].includes(mark.dataset.wrong)) continue;
        mark.textContent = text;
        input?.setAttribute("aria-invalid", String(Boolean(text)));
      }
      const [first] = Object.keys(texts);
      if (first) (form.elements[first] ?? document.getElementById("composition"))?.focus();
      return Boolean(first);
    },
  };
}

/** What `POST /v1/registrations` takes, of a draft with its upload and the holders' rows. */
export function requestOf(draft, holders) {
  const stated = (value) =>
    Object.entries(draft.said)
      .filter(([, said]) => said === value)
      .map(([work]) => work);
  const isRecording = draft.kind === "recording";
  return {
    upload: draft.upload.upload,
    title: draft.title.trim(),
    credits: draft.credits
      .split("\n")
      .map((one) => one.trim())
      .filter(Boolean),
    catalogue_id: draft.catalogue_id.trim(),
    collection: draft.collection.trim(),
    holders,
    iswc: draft.iswc.trim(),
    recording_of: isRecording ? (draft.composition?.work ?? null) : null,
    isrc: isRecording ? draft.isrc.trim() : "",
    contests: stated("contests"),
    version_of: stated("version_of"),
    not_version_of: stated("not_version_of"),
  };
}

/** What is wrong before the service is asked, by field. */
export function mistakes(draft) {
  const wrong = {};
  if (!draft.title.trim()) wrong.title = "Give it a title.";
  if (draft.kind === "recording" && !draft.composition)
    wrong.recording_of = "Find the composition that it is a recording of.";
  return wrong;
}
