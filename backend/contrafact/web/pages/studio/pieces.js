// The pieces of the wallet that has signed in, newest first, with the way back to one's money.
import { get, post } from "../shared/api.js";
import { byId, h, show, title } from "../shared/dom.js";
import { money, use, when } from "../shared/format.js";
import { busy, empty, problem } from "../shared/notices.js";
import { wallet } from "../wallet/wallet.js";

const place = byId("mine");
let rows = [],
  following = null;

export function mountPieces() {
  wallet.addEventListener("session", () => load());
  addEventListener("pageshow", ({ persisted }) => persisted && load());
  load();
}

async function load(further = false) {
  const maker = wallet.session;
  if (!maker)
    return show(
      place,
      h(
        "p",
        { class: "soft" },
        "Sign in with your wallet, and the pieces that you paid for are listed here. ",
        h(
          "button",
          {
            type: "button",
            class: "plain",
            onclick: () => wallet.signIn().catch((error) => place.append(problem(error))),
          },
          "Sign in",
        ),
      ),
    );
  if (!further) show(place, busy("Looking for your pieces …"));
  try {
    const found = await get(
      `/v1/orders?maker=${maker}&limit=10${further ? `&after=${encodeURIComponent(following)}` : ""}`,
    );
    if (maker !== wallet.session) return; // another account's come
    rows = further ? [...rows, ...found.rows] : found.rows;
    following = found.following;
    draw();
  } catch (error) {
    if (maker === wallet.session) show(place, problem(error, () => load()));
  }
}

function draw() {
  if (!rows.length) return show(place, empty("Nothing yet. Your first piece will stand here."));
  const head = h(
    "tr",
    null,
    ["Piece", "State", "For", "Paid in"].map((name) => h("th", { scope: "col" }, name)),
  );
  const more =
    following && h("button", { type: "button", class: "button quiet", onclick: () => load(true) }, "Show more");
  show(
    place,
    h(
      "div",
      { class: "scroll" },
      h(
        "table",
        null,
        h("caption", { class: "unseen" }, "Your pieces, newest first"),
        h("thead", null, head),
        h("tbody", null, rows.map(row)),
      ),
    ),
    more && h("p", null, more),
  );
}

/** What a piece is called: its songs. */
const called = ({ titles }) => titles.map((one, i) => [i ? " + " : null, title(one)]);

function row(order) {
  const address = `/${order.use === "live" && order.status === "funded" ? "live" : "orders"}/${order.order}`;
  return h(
    "tr",
    null,
    h(
      "td",
      null,
      h("a", { href: address }, called(order)),
      h("span", { class: "small moment" }, when(order.funded_at)),
    ),
    h("td", null, state(order)),
    h("td", null, `${use(order.use)}, ${order.played ?? order.seconds}\u00a0s`),
    h("td", { class: "figure" }, money(order.escrow)),
  );
}

function state(order) {
  if (order.status === "committed") return h("span", { class: "chip good" }, "ready");
  if (order.status === "refunded") return h("span", { class: "chip" }, "money came back");
  const isLate = Date.parse(order.deadline) < Date.now();
  const live = { class: "chip warn", href: `/live/${order.order}` };
  if (order.use === "live" && !isLate) return h("a", live, "waits for you");
  if (!isLate) return h("span", { class: "chip" }, "being made");
  const back = h("button", { type: "button", class: "button quiet small" }, "Get the money back");
  const cell = h("span", null, h("span", { class: "chip warn" }, "not delivered in time"), " ", back);
  back.addEventListener("click", () => refund(order, cell));
  return cell;
}

async function refund(order, cell) {
  try {
    const steps = await post("/v1/transactions/refund", { sender: await wallet.connect(), order: order.order });
    await wallet.perform(steps, { title: "Get the money back" });
    show(cell, busy("It comes back as soon as the service has seen it."));
    setTimeout(() => load(), 2000);
  } catch (error) {
    cell.append(problem(error));
  }
}
