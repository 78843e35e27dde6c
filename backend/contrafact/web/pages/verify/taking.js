// Takes an audio file by drop or choice, sends it, and shows the answer: on /verify, and wherever a page has
// `#file`, `#status` and `#result`.
import { shown } from "./report.js";

const input = document.getElementById("file");
const status = document.getElementById("status");
const result = document.getElementById("result");
let latest = 0;

/** Listens; `target` gets the class `over` while a file is held above the page. */
export function takeFiles(target, over) {
  input.addEventListener("change", () => {
    if (input.files.length) verify(input.files[0]);
    input.value = ""; // the same file may be chosen again
  });
  for (const name of ["dragenter", "dragover"]) {
    addEventListener(name, (event) => { event.preventDefault(); target.classList.add(over); });
  }
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) target.classList.remove(over); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove(over);
    if (event.dataTransfer.files.length) verify(event.dataTransfer.files[0]);
  });
}

async function verify(file) {
  const mine = ++latest; // of two files, the answer to the later one is shown
  result.hidden = true;
  say(`Verifying ${file.name} …`, true);
  const found = await answer(file);
  if (mine !== latest) return;
  say(found.verdict ? `${file.name}: ${found.verdict}.` : "");
  result.replaceChildren(...shown(file.name, found));
  result.hidden = false;
  result.focus();
}

async function answer(file) {
  try {
    const response = await fetch("/v1/verify", {
      method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }, credentials: "omit",
    });
    return await response.json();
  } catch {
    const hint = "Check that you are online, and that the file is smaller than the service takes; then try again.";
    return { code: "unreachable", message: "The service could not be asked.", hint };
  }
}

function say(text, busy = false) {
  status.textContent = text;
  status.classList.toggle("busy", busy);
  status.classList.toggle("told", !busy); // the result says it to those who see
}
