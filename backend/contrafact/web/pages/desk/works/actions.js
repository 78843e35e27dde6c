// Buttons that have the wallet do one thing about a work: `data-act` is the action of `/v1/transactions/…`.
import { named, show } from "../../shared/dom.js";
import { notice, problem } from "../../shared/notices.js";
import { post } from "../../shared/api.js";
import { wallet } from "../../wallet/wallet.js";
import { inWords } from "../mistyped.js";
import { indexed } from "./waiting.js";

const ASKED = {
  confirm: {
    title: (name) => ["Confirm your share of ", name],
    said: "Confirmed. What you earn there is sent to your wallet automatically from now on.",
  },
  "accept-licensor": { title: (name) => ["Take over ", name], said: "It is yours to license now." },
  "opt-out": { title: (name) => ["Take ", name, " out of use"], said: "Nobody may use it in a new order from now on." },
  "transfer-licensor": {
    title: (name) => ["Offer ", name, " to another licensor"],
    said: "It is offered. Nothing changes until the other one accepts.",
  },
  "set-terms": { title: (name) => ["Set the terms of ", name], said: "The new terms are in force." },
  "hand-in-confirmations": {
    title: (name) => ["Hand in confirmations for ", name],
    said: "The confirmations are on record.",
  },
};

/**
 * Prepares an action, has the wallet do it, waits until the index has it. Raises ApiError; resolves to what to say.
 * `name` is what the heading calls the work, as children of an element; `words`: [question, answer] of what it means,
 * which the window shows first.
 */
export async function act(action, body, name, { message = false, words } = {}) {
  const sender = await wallet.connect();
  const steps = await post(`/v1/transactions/${action}`, { ...body, sender });
  const { hashes } = await wallet.perform(
    { transactions: steps.transactions, messages: message ? steps.messages : [] },
    { title: ASKED[action].title(name), words, action },
  );
  await indexed(hashes);
  return ASKED[action].said;
}

/** Loads the page anew, which then says `text`. */
export function anew(text, hash = location.hash) {
  sessionStorage.setItem("desk-said", text);
  if (hash !== location.hash) history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
  location.reload();
}

function said() {
  const text = sessionStorage.getItem("desk-said"),
    place = document.getElementById("said");
  sessionStorage.removeItem("desk-said");
  if (text && place) show(place, notice("good", text));
}

/**
 * Runs what a button stands for; it is busy meanwhile, and what goes wrong is said in `place`, or above all. `atField`
 * gets the error first: true where it has said it at a field.
 */
export async function run(button, work, place, atField = () => false) {
  const words = button.textContent,
    target = place ?? document.getElementById("said");
  button.disabled = true;
  button.textContent = "Waiting for your wallet …";
  target.replaceChildren();
  try {
    await work();
  } catch (error) {
    if (!atField(error)) {
      show(target, error.code === "cancelled" ? notice("", error.message, " ", error.hint) : problem(inWords(error)));
      target.scrollIntoView({ block: "nearest" });
    }
  }
  button.disabled = false;
  button.textContent = words;
}

for (const button of document.querySelectorAll("[data-act]")) {
  const { act: action, title, works, waits: _, ...of } = button.dataset;
  const several = works?.split(" "),
    body = several ? { ...of, works: several } : of,
    name = several ? `${several.length} works` : title ? named(title) : "the work";
  button.addEventListener("click", () => run(button, async () => anew(await act(action, body, name))));
}
said();

/** What a page's buttons do is there now: before, a click would be lost. */
export function ready() {
  for (const button of document.querySelectorAll("[data-waits]")) button.disabled = false;
}
if (!document.getElementById("told")) ready(); // the page of a work says so itself
