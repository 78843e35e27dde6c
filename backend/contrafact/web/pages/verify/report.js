// A verification as elements of the page. All text is set as text: titles and names come from strangers.

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
  return make("div", { class: "verdict bad" }, [
    make("h2", { id: "verdict-name" }, "The file was not verified"),
    make("p", {}, error.message), error.hint ? make("p", {}, error.hint) : "",
  ]);
}

function verdict(name, found) {
  const [look, words] = LOOKS[found.verdict];
  return make("div", { class: `verdict ${look}` }, [
    make("p", { class: "kicker" }, name),
    make("h2", { id: "verdict-name" }, words),
    make("p", {}, found.meaning),
    make("ul", {}, found.reasons.map((reason) => make("li", {}, reason))),
    make("p", {}, [make("strong", {}, "What to do: "), found.advice]),
  ]);
}

function order(found) {
  const { order } = found;
  const by = { certificate: "its certificate", samples: "its exact samples", sound: "its sound" }[found.found_by];
  return [
    make("h2", {}, "Whose music is in it"),
    make("p", { class: "small" }, "The share is how much of the piece’s notes came from a song, the amount what the chain credited to it for this piece."),
    make("ul", { class: "sources" }, [...order.sources.map(source), base(order)]),
    order.is_settled ? "" : make("p", { class: "notice" }, "The chain credits less than the settlement gives. Run: contrafact audit"),
    make("h2", {}, "The piece"),
    list([
      ["Found by", by],
      ["Made for", `${order.use} use, ${order.seconds} seconds`],
      ["When", `paid ${when(order.paid_at)}, settled ${when(order.committed_at)}`],
      ["Licence", [order.licence_cid ? link(`/v1/content/${order.licence_cid}`, "licence text", "LICENCE.txt") : "no licence text is named", ", for the maker alone"]],
      ["Attribution record", link(`/v1/records/${order.record}`, "record")],
      ["Maker", id(order.maker)], ["Operator", id(order.operator)],
      ["Order", id(order.id)],
      ["Model", [order.model_name ?? "", " ", id(order.model)]],
      ["Paid in", `${order.escrowed.text}, of which ${order.operator_fee.text} to the operator and ${order.returned.text} back to the maker`],
      ["Transactions", [id(order.paid_in), " paid; ", id(order.committed_in), " settled"]],
    ]),
  ];
}

function source(row, place) {
  return make("li", {}, [
    make("div", { class: "row" }, [
      make("span", { class: "title" }, row.title ?? "A work without a published title"),
      make("span", { class: "paid" }, row.paid.text),
    ]),
    bar(row.share, `s${(place % 8) + 1}`),
    make("div", { class: "small" }, [`${percent(row.share)} of the piece · `, id(row.work)]),
    row.credits.length ? make("div", { class: "small" }, row.credits.join(" · ")) : "",
    row.contested ? make("div", { class: "held" }, "This work is contested: its money is held until that is settled.") : "",
    ...row.waiting.map((one) =>
      make("div", { class: "held" }, [`${one.amount.text} of `, id(one.holder), ` ${one.reason} (of all orders).`])),
  ]);
}

function base(order) {
  return make("li", {}, [
    make("div", { class: "row" }, [
      make("span", { class: "title" }, "The model itself"),
      make("span", { class: "paid" }, order.training_pool.text),
    ]),
    bar(order.base_share, "s0"),
    make("div", { class: "small" }, `${percent(order.base_share)} of the piece, paid to the pool of the works that the model learnt from`),
  ]);
}

/** A bar that repeats the percentage beside it, so it is hidden from screen readers. */
function bar(share, colour) {
  const fill = make("span", { class: colour });
  fill.style.width = `${share / 10_000}%`;
  return make("span", { class: "bar", "aria-hidden": "true" }, fill);
}

function certificate(found) {
  if (!found) return [];
  const claims = found.claims;
  return [make("details", {}, [
    make("summary", {}, "The certificate in the file"),
    make("p", { class: "small" }, "What it claims is its own word: whether that holds is what the verdict says."),
    list([
      ["It says", found.problem ?? (claims ? `${claims.use} use, ${claims.sources.length} sources` : "nothing of Contrafact")],
      ["Bytes", found.bytes_untouched ? "as they were signed" : "not as they were signed"],
      ["Signature", found.signature_holds ? "holds" : "does not hold"],
      ["Signed by", found.subject ?? "nobody named"],
      ["Issued by", found.issuer ?? "nobody named"],
      ["Vouched for by", found.account ? id(found.account) : "no account on the chain"],
      ["Signed at", found.signed_at ? `${when(found.signed_at)}, by its own word` : "not said"],
      ...(claims ? [["Order", id(claims.order)], ["Record", id(claims.record)], ["Sound", id(claims.pcm_sha256)]] : []),
    ]),
  ])];
}

function fine(found) {
  const { file } = found;
  const sound = file.seconds ? `${file.seconds} s, ${file.sample_rate} Hz, ${file.channels === 1 ? "mono" : "stereo"}` : "not heard";
  return [
    make("details", found.not_checked.length ? { open: "" } : {}, [
      make("summary", {}, "What was not checked"),
      found.not_checked.length
        ? make("ul", {}, found.not_checked.map((gap) => make("li", {}, `${gap.what}: ${gap.why} ${gap.hint}`)))
        : make("p", {}, "Nothing was left out."),
    ]),
    make("details", {}, [
      make("summary", {}, "What this rests on"),
      make("ul", {}, found.trust.map((line) => make("li", {}, line))),
      list([["File", `${file.media_type}, ${sound}`], ["SHA-256", id(file.sha256)]]),
    ]),
  ];
}

/** A long id, short, with a button that copies it whole. */
function id(text) {
  const button = make("button", { type: "button", class: "copy", "aria-label": `Copy ${text}` }, "copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  });
  return make("span", { class: "id" }, [make("code", { title: text }, `${text.slice(0, 8)}…${text.slice(-4)}`), button]);
}

function list(rows) {
  return make("dl", {}, rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

function link(href, text, download) { return make("a", download ? { href, download } : { href }, text); }
function percent(ppm) { return `${(ppm / 10_000).toFixed(2)} %`; }
function when(time) { return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }); }

function make(tag, attributes, content = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat());
  return element;
}
