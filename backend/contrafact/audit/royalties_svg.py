"""A picture of one order's money: from its maker, through works and pool, to the holders. Exact amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contrafact.audit.amounts import amount, percent, short
from contrafact.audit.pages import environment
from contrafact.audit.summary import OrderSummary, Payment
from contrafact.domain.money import Currency

WIDTH = 980
MAKER_X, MAKER_WIDTH = 24, 20
CARD_X, CARD_WIDTH, CARD_HEIGHT = 330, 270, 52
ENDS_X, ROW_HEIGHT = 720, 24
TOP, GAP, FLOW_HEIGHT = 92, 16, 260
MAX_ROWS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """Money that leaves a card: to a holder, the operator or the maker, or left by rounding."""

    label: str
    full: str
    amount: int


@dataclass(frozen=True, slots=True)
class Card:
    """One payee of the order; `colour` is the number of a palette entry."""

    name: str
    note: str
    colour: str
    amount: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """A band of money, as an SVG path."""

    path: str
    colour: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A card with its place; `rows` are its lines with the middle of each."""

    card: Card
    y: float
    height: float
    rows: tuple[tuple[Line, float], ...]


def royalties_svg(order: OrderSummary, tokens: Mapping[str, Currency], *, standalone: bool = True) -> str:
    """The picture as SVG text; `standalone` carries its own style sheet, for light and dark."""
    scale = FLOW_HEIGHT / max(order.escrowed, 1)
    placed, bottom = _place(list(_cards(order)), scale)
    return (
        environment()
        .get_template("royalties.svg.j2")
        .render(
            order=order,
            placed=placed,
            flows=list(_flows(placed, scale)),
            height=max(bottom, TOP + FLOW_HEIGHT) + 16,
            maker_height=FLOW_HEIGHT,
            standalone=standalone,
            money=lambda units: amount(units, order.token, tokens),
            place=_PLACE,
        )
    )


_PLACE = {
    "width": WIDTH,
    "maker_x": MAKER_X,
    "maker_width": MAKER_WIDTH,
    "card_x": CARD_X,
    "card_width": CARD_WIDTH,
    "ends_x": ENDS_X,
    "top": TOP,
}


def _cards(order: OrderSummary) -> Iterator[Card]:
    for number, payment in enumerate(order.payments):
        colour = "base" if payment.kind == "base" else f"c{number % 8}"
        yield Card(payment.name, percent(payment.share), colour, payment.amount, _lines(payment))
    operator = (Line(short(order.operator), order.operator, order.operator_fee),)
    if order.payments:
        yield Card("Operator", "fee", "operator", order.operator_fee, operator)
    if order.waiting:
        yield Card("In escrow", "not delivered yet", "maker", order.waiting, ())
    else:
        maker = (Line(short(order.maker), order.maker, order.returned),)
        yield Card("Back to the maker", "not used", "maker", order.returned, maker)


def _lines(payment: Payment) -> tuple[Line, ...]:
    """The largest parts one by one, the others as one line, and what rounding leaves."""
    parts = sorted(payment.holders, key=lambda part: -part.amount)
    lines = [Line(short(part.holder), part.holder, part.amount) for part in parts[:MAX_ROWS]]
    if rest := parts[MAX_ROWS:]:
        label = f"{len(rest)} more holders"
        lines.append(Line(label, label, sum(part.amount for part in rest)))
    if payment.rounding:
        lines.append(Line("left by rounding", "stays in the account until more comes in", payment.rounding))
    return tuple(lines)


def _place(cards: list[Card], scale: float) -> tuple[list[Placed], float]:
    """The cards from top to bottom, each tall enough for its text and its lines, and each line for its band."""
    placed, y = [], float(TOP)
    for card in cards:
        heights = [max(ROW_HEIGHT, line.amount * scale + 4) for line in card.lines]
        height = max(CARD_HEIGHT, card.amount * scale, sum(heights))
        placed.append(Placed(card, y, height, tuple(_rows(card.lines, heights, y + (height - sum(heights)) / 2))))
        y += height + GAP
    return placed, y


def _rows(lines: tuple[Line, ...], heights: list[float], top: float) -> Iterator[tuple[Line, float]]:
    for line, height in zip(lines, heights, strict=True):
        yield line, top + height / 2
        top += height


def _flows(placed: list[Placed], scale: float) -> Iterator[Flow]:
    start = float(TOP)
    for place in placed:
        thick = place.card.amount * scale
        top = place.y + (place.height - thick) / 2
        if thick:
            yield Flow(_band(MAKER_X + MAKER_WIDTH, start, CARD_X, top, thick), place.card.colour)
        yield from _leaving(place, top, scale)
        start += thick


def _leaving(place: Placed, top: float, scale: float) -> Iterator[Flow]:
    for line, row in place.rows:
        part = line.amount * scale
        if part:
            yield Flow(_band(CARD_X + CARD_WIDTH, top, ENDS_X, row - part / 2, part), place.card.colour)
        top += part


def _band(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    """A band of constant height between two points; a hair line at least, so that no money is invisible."""
    thick, bend = max(thick, 1.0), (x0 + x1) / 2
    there = f"M{x0:.1f},{y0:.1f} C{bend:.1f},{y0:.1f} {bend:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    back = f"C{bend:.1f},{y1 + thick:.1f} {bend:.1f},{y0 + thick:.1f} {x0:.1f},{y0 + thick:.1f}"
    return f"{there} L{x1:.1f},{y1 + thick:.1f} {back} Z"
