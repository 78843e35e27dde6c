// Registering: drop a file, see what it is like, say what it is, sign. A reload goes on where it was.
import { byId, h, named, plain, show } from "../../shared/dom.js";
import { ApiError, get, post } from "../../shared/api.js";
import { busy, notice, problem } from "../../shared/notices.js";
import { wallet } from "../../wallet/wallet.js";
import { draft as kept } from "../draft.js";
import { run } from "../works/actions.js";
import { indexed } from "../works/waiting.js";
import { blank, isWritten, mistakes, mountFields, requestOf } from "./fields.js";
import { isSound, kindOf, titleOf } from "./files.js";
import { MELODY, head, intro, listen, notCompared, piece, resemblance, unsaid } from "./verdict.js";

const owner = byId("wallet").dataset.session;
const store = kept(`register:${owner.toLowerCase()}`);
let draft = owner ? store.get() : null,
  latest = 0;
const save = () => store.set(draft);

if (owner) begin();

function begin() {
  const drop = byId("drop"),
    input = byId("file");
  const chosen = () => {
    if (input.files.length) take(input.files[0]);
    input.value = ""; // the same file may be chosen again
  };
  input.addEventListener("change", chosen);
  for (const name of ["dragenter", "dragover"])
    addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
  });
  if (draft && !draft.upload) waitForFile();
  else if (draft && Date.parse(draft.upload.kept_until) < Date.now()) {
    show(
      byId("status"),
      notice(
        "warn",
        `The file ${draft.name} was kept for a day, and that is over. What you wrote is here: give the file again.`,
      ),
    );
  } else if (draft?.sent) resume();
  else if (draft) draw();
  chosen(); // what was chosen before this script was there
}

async function take(file) {
  const mine = ++latest,
    kind = kindOf(file.name);
  show(byId("verdict")).hidden = true;
  show(byId("form")).hidden = true;
  if (!kind)
    return show(
      byId("status"),
      problem({
        message: `${file.name} is no score or recording that can be read here.`,
        hint: "Give a MIDI, MusicXML or ABC file, or a WAV, FLAC, MP3 or Ogg recording.",
      }),
    );
  show(byId("status"), busy(`Looking at ${file.name} …`));
  try {
    const upload = await post("/v1/uploads", file, { type: kind });
    if (mine !== latest) return;
    const before = draft ?? blank(owner);
    const read = { title: upload.title || titleOf(file.name), credits: upload.credits.join("\n") };
    const title = before.title || read.title,
      credits = before.credits || read.credits;
    draft = { ...before, title, credits, read, name: file.name, upload, said: {}, sent: null };
    save();
    show(byId("status"));
    await draw();
    byId("verdict").focus();
  } catch (error) {
    if (mine !== latest) return;
    const other = () => byId("file").click();
    const button = h("button", { type: "button", class: "button quiet small", onclick: other }, "Choose another file");
    if (error.status === 422) show(byId("status"), problem(error), h("p", null, button));
    else
      show(
        byId("status"),
        problem(error, () => take(file)),
      );
  }
}

async function draw() {
  const { verdict } = draft.upload,
    like = verdict?.resemblances ?? [],
    pieces = verdict?.pieces ?? [];
  const works = new Map(
    await Promise.all(like.map(async ({ work }) => [work, await get(`/v1/works/${work}`).catch(() => null)])),
  );
  const own = new Set(
    like
      .filter(({ work }) => works.get(work)?.licensor.toLowerCase() === owner.toLowerCase())
      .map(({ work }) => work),
  );
  const mine = like.find((one) => own.has(one.work) && one.evidence === "file" && one.likeness === "copy");
  const state = (work) => (value) => {
    draft.said[work] = value;
    save();
    for (const note of byId("verdict").querySelectorAll("[data-contest]"))
      note.hidden = note.closest("fieldset").querySelector("[value=contests]:checked") === null;
    block();
  };
  const block = () => {
    const blocked =
      like.some((one) => one.likeness === "copy" && !own.has(one.work) && !draft.said[one.work]) ||
      pieces.some((one) => !draft.said[one.order]);
    byId("form").hidden = blocked;
    byId("blocked").hidden = !blocked;
  };
  show(
    byId("verdict"),
    h("h2", { id: "verdict-name" }, head(verdict)),
    h("p", null, h("span", { class: "strong" }, h("bdi", null, draft.name)), intro(verdict, mine)),
    h("p", { class: "small" }, isSound(draft.upload.media_type) ? "Your recording:" : MELODY),
    listen(`/v1/uploads/${draft.upload.upload}/sound`, `Listen to ${draft.name}`),
    notCompared(verdict),
    pieces.map((one) => piece(one, { said: draft.said[one.order] ?? "", state: state(one.order) })),
    like.map((one) =>
      resemblance(one, {
        licensor: works.get(one.work)?.licensor,
        own: own.has(one.work),
        said: draft.said[one.work] ?? "",
        state: state(one.work),
      }),
    ),
    h("p", { id: "blocked", class: "actions", hidden: true }, another()),
  );
  byId("drop").hidden = true;
  if (mine)
    return show(
      byId("form"),
      h(
        "p",
        { class: "actions" },
        h("a", { class: "button", href: `/desk/works/${mine.work}` }, "Go to your work"),
        another(),
      ),
    );
  const form = mountFields(byId("form"), draft, save, (button) => register(button, form, own));
  byId("form").querySelector("[data-drop-draft]").replaceWith(another());
  block();
}

const another = () => h("button", { type: "button", class: "button quiet", onclick: forget }, "Choose another file");

/** The file goes, what was written stays; a title or credits that were the file's own go with it. */
function forget() {
  for (const [name, text] of Object.entries(draft.read ?? {})) if (draft[name] === text) draft[name] = "";
  draft.upload = null;
  if (isWritten(draft, owner)) save();
  else drop();
  for (const name of ["verdict", "form", "said"]) show(byId(name)).hidden = true;
  byId("drop").hidden = false;
  waitForFile();
  byId("file").focus();
}

function drop() {
  store.clear();
  draft = null;
}

/** Says that what was written stands ready for another file, if anything was. */
function waitForFile() {
  show(byId("status"));
  if (!draft) return;
  const clear = () => {
    drop();
    waitForFile();
    byId("file").focus();
  };
  const button = h("button", { type: "button", class: "button quiet small", onclick: clear }, "Begin anew");
  const text = "What you wrote is kept here, and stands in the form again with the other file.";
  show(byId("status"), notice("", h("p", null, text), h("p", null, button)));
}

async function register(button, form, own) {
  show(byId("said"));
  const open = unsaid(draft.upload.verdict, own, draft.said),
    wrong = mistakes(draft);
  if (form.wrong(wrong) || form.holders.complain()) return;
  if (open.length) return refuse(open[0]);
  await run(
    button,
    async () => {
      await wallet.signIn();
      const made = await post("/v1/registrations", requestOf(draft, form.holders.value()));
      draft.sent = made.work;
      save();
      try {
        const { hashes } = await wallet.perform(made.steps, { title: ["Register ", named(draft.title.trim())] });
        await indexed(hashes);
      } catch (error) {
        if (error.code === "cancelled") {
          draft.sent = null;
          save();
        }
        throw error;
      }
      done(made.work);
    },
    byId("said"),
    (error) => form.holders.refused(error),
  );
}

function refuse(one) {
  const message = `It is like “${plain(one.title ?? "a work")}”, and you have not said what yours is to it.`;
  const hint = "Choose above: a version of it, another work, or yours by right.";
  show(byId("said"), problem({ message, hint }));
  document.getElementsByName(`said-${one.work}`)[0]?.focus();
}

/** After a reload: was it sent? */
async function resume() {
  show(byId("status"), busy(`Looking whether “${plain(draft.title)}” was registered …`));
  for (let tries = 0; tries < 8; tries += 1) {
    try {
      await get(`/v1/works/${draft.sent}`);
      return done(draft.sent);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) return show(byId("status"), problem(error, resume));
      await new Promise((go) => setTimeout(go, 1000));
    }
  }
  draft.sent = null;
  save();
  show(
    byId("status"),
    notice(
      "",
      "It is not registered yet. Everything that you wrote is here: register it below. ",
      "If your wallet did send it, wait until it says so.",
    ),
  );
  await draw();
}

function done(work) {
  store.clear();
  sessionStorage.setItem("desk-said", "Registered. Now set its terms, and confirm your share; both are here.");
  location.assign(`/desk/works/${work}`);
}
