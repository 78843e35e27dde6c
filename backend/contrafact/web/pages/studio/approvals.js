// Works whose owners want to approve each piece: how to ask them, and where their approvals go.
import { h } from "../shared/dom.js";
import { copyButton } from "../shared/format.js";
import { problem } from "../shared/notices.js";
import { approve } from "./approving.js";
import { payments } from "./kept.js";
import { waiting } from "./payment.js";
import { titled } from "./words.js";

const SIGNATURE = /^0x([0-9a-fA-F]{2}){65,}$/;

/** What hinders the payment; `done()` once an approval came in. */
export function approvals(payment, done) {
  const link = `${location.origin}/studio/approve/${payment.order}`;
  const rows = waiting(payment).map((work) => row(payment, work, done));
  return h(
    "div",
    { class: "notice warn" },
    h(
      "p",
      { class: "strong" },
      rows.length === 1 ? "One owner must approve this piece first." : "Owners must approve this piece first.",
    ),
    h(
      "p",
      null,
      "Send them this address. They open it, sign with their wallet, and send you what they get. ",
      h("code", null, link),
      " ",
      copyButton(link, "address of the request"),
    ),
    h("ul", null, rows),
  );
}

function row(payment, work, done) {
  const source = payment.offer.sources.find((one) => one.work === work);
  const field = h("input", {
    class: "paste",
    id: `approval-${work}`,
    placeholder: "0x…",
    autocomplete: "off",
    spellcheck: "false",
  });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const take = (signature) => {
    if (!SIGNATURE.test(signature)) {
      wrong.textContent = "That is no signature: it begins with 0x and is long. Copy all of it.";
      return;
    }
    payment.document = {
      ...payment.document,
      approvals: { ...payment.document.approvals, [work]: signature.toLowerCase() },
    };
    payments.keep({ ...payment, licence: undefined });
    done();
  };
  const mine = h(
    "button",
    {
      type: "button",
      class: "button quiet small",
      onclick: () => approve(payment, work).then(take, (error) => wrong.replaceChildren(problem(error))),
    },
    "I own it: approve",
  );
  return h(
    "li",
    null,
    h("label", { for: `approval-${work}` }, "Approval of the owner of “", titled(source), "”"),
    field,
    wrong,
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", class: "button small quiet", onclick: () => take(field.value.trim()) }, "Use it"),
      mine,
    ),
  );
}
