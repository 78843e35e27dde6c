"""Licence terms as options: what `terms set` and `collections anchor` take, and the terms that they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from contrafact.cli import options
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.errors import InvalidInput
from contrafact.wiring import Site

Prices = Annotated[
    list[str],
    typer.Option(
        "--price",
        metavar="USE=PRICE",
        help="A use that is permitted (private, commercial, broadcast, live) and its price per started 30 s,"
        " private=0.20; repeat. Other uses are refused.",
        show_default=False,
    ),
]
Training = Annotated[bool, typer.Option(help="Models may learn from the work.")]
MaxWeight = Annotated[str, typer.Option(metavar="PART", help="Highest weight in an order.")]
Combinable = Annotated[bool, typer.Option(help="May stand beside works of other licensors.")]
ValidFrom = Annotated[str, typer.Option(metavar="TIME", help="A date such as 2030-12-31, or seconds since the epoch.")]
ValidUntil = Annotated[str, typer.Option(metavar="TIME", help="The same; 0 is without end.")]
Sunset = Annotated[
    str,
    typer.Option(
        metavar="TIME",
        help="From then on, models that learnt from the work under these terms take no new orders; 0 is never.",
    ),
]


def built(
    site: Site,
    price: Sequence[str],
    training: bool,
    max_weight: str,
    combinable: bool,
    valid_from: str,
    valid_until: str,
    sunset: str,
) -> Terms:
    """The terms that the options say. Raises InvalidInput, also for terms that would permit nothing."""
    if not (price or training):
        raise InvalidInput("These terms would permit nothing.", "Give a --price for each use, or say --opt-out.")
    asked, weight = _prices(site, price), options.fraction(max_weight)
    start, end = options.moment(valid_from), options.moment(valid_until)
    terms = Terms(training, bool(asked), frozenset(asked), combinable, weight, start, end, 0, _row(site, asked))
    return replace(terms, sunset=options.moment(sunset))


def _prices(site: Site, texts: Sequence[str]) -> dict[Use, int]:
    """The price of each use named. Raises InvalidInput."""
    found: dict[Use, int] = {}
    for text in texts:
        name, separator, amount = text.partition("=")
        if not separator:
            raise InvalidInput(f"{text!r} has no '='.", "Write for example private=0.20.")
        use = Use.parse(name)
        if use in found:
            raise InvalidInput(f"The price of {name} use is given twice.", "Give each use one price.")
        found[use] = options.price(site.currency(site.token()), amount)
    return found


def _row(site: Site, asked: dict[Use, int]) -> tuple[TokenPrice, ...]:
    private, commercial, broadcast, live = (asked.get(use, 0) for use in Use)
    return (TokenPrice(site.token(), (private, commercial, broadcast, live)),) if asked else ()
