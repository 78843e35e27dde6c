// A verification as elements of the page. All text is set as text: titles and names come from strangers.
import { h, title } from "../shared/dom.js";
import { code, percent, use, when } from "../shared/format.js";
import { problem } from "../shared/notices.js";
import { colourOf } from "../shared/sources.js";

const LOOKS = {
  certified: ["good", "✓ Certified"], altered: ["warn", "△ Altered"], "re-encoded": ["warn", "△ Re-encoded"],
  stripped: ["warn", "△ Stripped"], transplanted: ["bad", "✕ Transplanted"], forged: ["bad", "✕ Forged"],
  unknown: ["none", "? Unknown"], unchecked: ["none", "? Could not be decided"],
};

/** The elements that show an answer of /v1/verify, or an error of it. */
export function shown(name, found) {
  if (!found.verdict) return [failure(found)];
  return [verdict(name, found), ...(found.order ? order(found) : []), ...certificate(found.certificate), ...fine(found)];
}

function failure(error) {
  return h("div", null, h("h2", { id: "verdict-name" }, "The file was not verified"), problem(error));
}

function verdict(name, found) {
  const [look, words] = LOOKS[found.verdict];
  return h("div", { class: `notice verdict ${look}` }, [
    h("p", { class: "kicker" }, title(name)),
    h("h2", { id: "verdict-name" }, words),
    h("p", null, found.meaning),
    h("ul", null, found.reasons.map((reason) => h("li", null, reason))),
    h("p", null, [h("strong", null, "What to do: "), ...advice(found.advice)]),
  ]);
}

/** The command by which others see the licence is a link here. */
function advice(text) {
  const [before, order, after] = text.split(/contrafact licence (0x[0-9a-f]{64})/);
  return order ? [before, h("a", { href: `/orders/${order}#licence` }, "on the order’s page"), after] : [text];
}

function order(found) {
  const { order } = found;
  const by = { certificate: "its certificate", samples: "its exact samples", sound: "its sound" }[found.found_by];
  return [
    h("h2", null, "Whose music is in it"),
    h("p", { class: "small" }, "The share is how much of the piece’s notes came from a song, the amount what the chain credited to it for this piece."),
    h("ul", { class: "sources" }, [...order.sources.map(source), base(order)]),
    order.is_settled ? "" : h("p", { class: "notice warn" }, "The chain credits less than the settlement gives. Run: contrafact audit"),
    h("h2", null, "The piece"),
    list([
      ["Found by", by],
      ["Made for", `${use(order.use)}, ${order.seconds} seconds`],
      ["When", ["paid ", when(order.paid_at), ", settled ", when(order.committed_at)]],
      ["Licence", [order.licence_cid ? link(`/v1/content/${order.licence_cid}`, "licence text", "LICENCE.txt") : "no licence text is named", ", for the maker alone"]],
      ["Attribution record", link(`/v1/records/${order.record}`, "record")],
      ["Maker", code(order.maker)], ["Operator", code(order.operator)],
      ["Order", page("order", order.id)],
      ["Model", [title(order.model_name), " ", page("model", order.model)]],
      ["Paid in", `${order.escrowed.text}, of which ${order.operator_fee.text} to the operator and ${order.returned.text} back to the maker`],
      ["Transactions", [code(order.paid_in), " paid; ", code(order.committed_in), " settled"]],
    ]),
  ];
}

function source(row, place) {
  return h("li", null, [
    h("div", { class: "row" }, [
      h("a", { class: "title strong", href: `/works/${row.work}` }, title(row.title ?? "A work without a published title")),
      h("span", { class: "end strong figure" }, row.paid.text),
    ]),
    bar(row.share, colourOf(place + 1)),
    h("div", { class: "small" }, [`${percent(row.share)} of the piece · `, code(row.work)]),
    row.credits.length
      ? h("div", { class: "small" }, row.credits.map((credit, i) => [i ? " · " : "", title(credit)]))
      : "",
    row.contested ? h("div", { class: "held" }, "This work is contested: its money is held until that is settled.") : "",
    ...row.waiting.map((one) =>
      h("div", { class: "held" }, [`${one.amount.text} of `, code(one.holder), ` ${one.reason} (of all orders).`])),
  ]);
}

function base(order) {
  return h("li", null, [
    h("div", { class: "row" }, [
      h("a", { class: "title strong", href: `/models/${order.model}` }, "The model itself"),
      h("span", { class: "end strong figure" }, order.training_pool.text),
    ]),
    bar(order.base_share, colourOf(0)),
    h("div", { class: "small" }, `${percent(order.base_share)} of the piece, paid to the pool of the works that the model learnt from`),
  ]);
}

/** A bar that repeats the percentage beside it, so it is hidden from screen readers. */
function bar(share, colour) {
  const fill = h("span", { class: colour, style: { width: `${share / 10_000}%` } });
  return h("span", { class: "meter bar", "aria-hidden": "true" }, fill);
}

function certificate(found) {
  if (!found) return [];
  const claims = found.claims;
  return [h("details", null, [
    h("summary", null, "The certificate in the file"),
    h("p", { class: "small" }, "What it claims is its own word: whether that holds is what the verdict says."),
    list([
      ["It says", found.problem ?? (claims ? `${use(claims.use)}, ${claims.sources.length} sources` : "nothing of Contrafact")],
      ["Bytes", found.bytes_untouched ? "as they were signed" : "not as they were signed"],
      ["Signature", found.signature_holds ? "holds" : "does not hold"],
      ["Signed by", found.subject ? title(found.subject) : "nobody named"],
      ["Issued by", found.issuer ? title(found.issuer) : "nobody named"],
      ["Vouched for by", found.account ? code(found.account) : "no account on the chain"],
      ["Signed at", found.signed_at ? [when(found.signed_at), ", by its own word"] : "not said"],
      ...(claims ? [["Order", code(claims.order)], ["Record", code(claims.record)], ["Sound", code(claims.pcm_sha256)]] : []),
    ]),
  ])];
}

function fine(found) {
  const { file } = found;
  const sound = file.seconds ? `${file.seconds} s, ${file.sample_rate} Hz, ${file.channels === 1 ? "mono" : "stereo"}` : "not heard";
  return [
    h("details", { open: found.not_checked.length > 0 }, [
      h("summary", null, "What was not checked"),
      found.not_checked.length
        ? h("ul", null, found.not_checked.map((gap) => h("li", null, `${gap.what}: ${gap.why} ${gap.hint}`)))
        : h("p", null, "Nothing was left out."),
    ]),
    h("details", null, [
      h("summary", null, "What this rests on"),
      h("ul", null, found.trust.map((line) => h("li", null, line))),
      list([["File", `${file.media_type}, ${sound}`], ["SHA-256", code(file.sha256)]]),
    ]),
  ];
}

/** An order, a work or a model that leads to its page. */
function page(kind, id) {
  return [h("a", { href: `/${kind}s/${id}` }, "see its page"), " ", code(id, `${kind} id`)];
}

function list(rows) {
  return h("dl", { class: "facts" }, rows.flatMap(([name, value]) => [h("dt", null, name), h("dd", null, value)]));
}

function link(href, text, download) { return h("a", { href, download }, text); }
