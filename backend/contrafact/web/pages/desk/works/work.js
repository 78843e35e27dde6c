// The page of one work: terms, split, confirmations, transfer. Each is prepared by the service and done by the wallet.
import { byId, h, named, plain, show } from "../../shared/dom.js";
import { copyButton } from "../../shared/format.js";
import { notice } from "../../shared/notices.js";
import { post } from "../../shared/api.js";
import { wallet } from "../../wallet/wallet.js";
import { draft } from "../draft.js";
import { MISTYPED, mistyped } from "../mistyped.js";
import { mountHolders } from "../holders_form.js";
import { typed } from "../split.js";
import { act, anew, ready, run } from "./actions.js";
import { confirmations, lineOf } from "./handing.js";
import { mountTerms } from "./terms_form.js";
import { indexed } from "./waiting.js";

const told = JSON.parse(byId("told").dataset.told);
const name = named(told.title);
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

const terms = byId("terms-form");
if (terms)
  mountTerms(terms, told, (chosen, button, done, words) =>
    run(
      button,
      async () => {
        const text = await act("set-terms", { work: told.work, terms: chosen }, name, { words });
        done();
        anew(text, "");
      },
      below(button),
    ),
  );

const split = byId("split-form");
if (split) mountSplit();

function mountSplit() {
  const kept = draft(`split:${told.work}`);
  const asTyped = ({ holder, share }) => ({ holder, share: typed(share), ...told.names[holder] });
  const rows = kept.get() ?? told.places.map(asTyped);
  const place = h("div"),
    button = h("button", { type: "button", class: "button" }, "Change who is paid");
  show(split, place, h("div", { class: "actions" }, button));
  const form = mountHolders(place, rows, kept.set, { named: true });
  button.addEventListener(
    "click",
    () =>
      form.complain() ||
      run(
        button,
        async () => {
          await wallet.signIn();
          const { steps } = await post(`/v1/works/${told.work}/splits`, { holders: form.value() });
          const { hashes } = await wallet.perform(steps, { title: ["Change who is paid for ", name] });
          await indexed(hashes);
          kept.clear();
          anew(
            "The new split is in force from the next order on. Invite its holders to confirm their shares.",
            "#holders",
          );
        },
        below(button),
        (error) => form.refused(error),
      ),
  );
}

byId("invite")?.addEventListener("click", async () => {
  const why = "Please confirm your share, so that what it earns is sent to your wallet automatically";
  const where = `${location.origin}/desk/works/${told.work}`;
  const text = `You are named as a rights holder of “${plain(told.title)}”. ${why}: ${where}`;
  try {
    await navigator.clipboard.writeText(text);
    byId("invited").textContent = "Copied: send it to them.";
  } catch {
    show(byId("invited"), h("span", null, text, copyButton(text, "invitation")));
  }
});

byId("sign-instead")?.addEventListener("click", (event) =>
  run(event.currentTarget, async () => {
    const sender = await wallet.connect();
    const { messages } = await post("/v1/transactions/confirm", { work: told.work, token: told.token, sender });
    const { signatures } = await wallet.perform(
      { transactions: [], messages },
      { title: ["Confirm your share of ", name] },
    );
    const text = messages.map((one) => lineOf(sender, signatures[one.name])).join("\n");
    show(
      byId("signed"),
      notice(
        "good",
        h("p", null, "Signed. Send this to the licensor, or to anybody who hands it in on this page:"),
        h("textarea", { readonly: true, rows: 3, "aria-label": "Your signed confirmation" }, text),
        copyButton(text, "confirmation"),
      ),
    );
  }),
);

byId("hand-in")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = confirmations(byId("signed-text").value, told.places);
  byId("signed-wrong").textContent = found.wrong;
  byId("signed-text").setAttribute("aria-invalid", String(Boolean(found.wrong)));
  if (found.wrong) return byId("signed-text").focus();
  await run(
    event.submitter,
    async () =>
      anew(
        await act("hand-in-confirmations", { work: told.work, token: told.token, confirmations: found.rows }, name),
        "#holders",
      ),
    below(event.submitter),
  );
});

byId("transfer")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const to = byId("to").value.trim();
  const wrong = (text) => {
    byId("to-wrong").textContent = text;
    byId("to").setAttribute("aria-invalid", String(Boolean(text)));
    if (text) byId("to").focus();
    return Boolean(text);
  };
  const fine = ADDRESS.test(to) && to !== told.nobody;
  if (wrong(fine ? "" : "This is no wallet's address: 0x and 40 characters.")) return;
  await run(
    event.submitter,
    async () => anew(await act("transfer-licensor", { work: told.work, to }, name)),
    below(event.submitter),
    (error) => mistyped(error).includes("body.to") && wrong(MISTYPED),
  );
});

/** A place for what goes wrong, below a button. */
function below(button) {
  const row = button.closest(".actions") ?? button.parentElement;
  if (!row.nextElementSibling?.matches("[data-problem]"))
    row.after(h("div", { "data-problem": true, "aria-live": "polite" }));
  return row.nextElementSibling;
}

// A link to the terms opens them.
if (location.hash === "#terms" && terms) {
  terms.closest("details").open = true;
}
ready();
