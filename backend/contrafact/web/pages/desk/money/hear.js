// "Hear what you were paid for": the piece with only the notes of one work, and how the money follows from them.
import { h, show } from "../../shared/dom.js";
import { busy, problem } from "../../shared/notices.js";
import { mountPlayer } from "../../player/player.js";
import { load } from "../../player/loading.js";
import { wallet } from "../../wallet/wallet.js";
import { componentOf, heardOf, paidBy } from "./heard.js";
import { money, percent, use } from "../../shared/format.js";

/** Opens it in `place` for a line of earnings; `close()` ends it. */
export function hear(place, line) {
  const title = h("h3", { tabindex: "-1" }, "What you were paid for");
  const words = h("div", null, busy("Reading the notes …")),
    playing = h("div");
  show(
    place,
    title,
    playing,
    words,
    h(
      "p",
      null,
      h("a", { href: `/orders/${line.order}` }, "All of this piece: its receipt, its evidence, who else was paid"),
    ),
  );
  title.focus({ preventScroll: true });
  const player = mountPlayer(playing, { order: line.order, only: line.work });
  explain(words, line);
  return {
    close: () => {
      player.destroy();
      place.replaceChildren();
    },
  };
}

async function explain(words, line) {
  try {
    const found = await load(line.order, wallet.session);
    show(words, follows(found, line));
  } catch (error) {
    show(
      words,
      problem(error, () => explain(words, line)),
    );
  }
}

function follows(found, line) {
  const source = found.order.sources.find((one) => one.work === line.work);
  if (!source) return h("p", null, "This line is not for notes of the piece: see what brought it in the order.");
  const steps = [notes(found, line, source), price(found, line, source), part(line)];
  return h(
    "ol",
    { class: "follows" },
    steps.filter(Boolean).map((step) => h("li", null, step)),
  );
}

function notes({ order, record, piece }, line, source) {
  const share = percent(source.share);
  if (!piece)
    return [
      `Your work’s share of the piece is `,
      h("strong", null, share),
      ". The notes are not open to you, since the piece is its maker’s alone; the share is in its record, which ",
      "anybody can check.",
    ];
  const found = heardOf(piece, componentOf({ order, record }, line.work), record.request.tempo);
  return [
    `The model wrote ${found.written} notes of melody, ${found.whole} seconds together. `,
    `${found.notes} of them come from your work in part or whole: by 1 % or more. `,
    "Each note counted by how long it sounds and how much of it is yours, they make ",
    h("strong", null, `${found.seconds} seconds`),
    ": ",
    h("strong", null, share),
    " of the piece.",
  ];
}

function price({ order, record }, line, source) {
  const paid = paidBy(source, record.request.seconds);
  const isRaise = line.kind !== order.use && line.use === line.kind;
  if (line.kind !== order.use)
    return [
      isRaise
        ? `The finished piece was raised to ${use(line.use)}: the difference between your two prices, times the same ` +
          "share, brought your work "
        : `This came later than the piece itself, by the same share: your work got `,
      h("strong", null, money(line.amount)),
      ".",
    ];
  const sum = [money(source.price), ` for each started 30 seconds × ${paid.units} × ${share(source)} `];
  if (paid.amount !== BigInt(line.amount.units))
    return [
      `Your price was `,
      money(source.price),
      ` for each started 30 seconds of a piece made wholly of your work; by its share, your work got `,
      h("strong", null, money(line.amount)),
      ".",
    ];
  return ["Your price for this use: ", sum, "= ", h("strong", null, money(line.amount)), " for your work."];
}

const share = (source) => `${(source.share / 10_000).toFixed(4).replace(/0+$/, "").replace(/\.$/, "")} %`;

function part(line) {
  const own =
    line.share === 1_000_000 ? "All of it is yours: " : `Your part of the work’s split is ${percent(line.share)}: `;
  return [
    own,
    h("strong", null, money(line.due)),
    line.share === 1_000_000
      ? "."
      : ", rounded down to the token’s smallest unit; what is left over counts with what comes next.",
  ];
}
