"""What a verdict does not say, and its reader must know: challenges of the order, titles that are others by now, and
that a file is an excerpt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contrafact.domain.certificates import Certificate
from contrafact.domain.challenges import Challenge, Outcome
from contrafact.domain.pieces import Alike
from contrafact.verifying.orders import Order

_LONGEST = 100
_SLACK = 0.5
"""Seconds that may lack at either end of a whole piece: encoders add and cut a little."""

UPHELD = (
    "But the order was challenged, and the arbiter upheld that: what its operator signed of its sources or its sound"
    " does not hold."
)
OPEN = "The order is challenged, and the arbiter has not ruled yet."


def of_challenges(challenges: Sequence[Challenge]) -> Iterator[str]:
    """An upheld or an open challenge; a rejected or lapsed one says nothing against an order."""
    outcomes = {one.outcome for one in challenges}
    if Outcome.UPHELD in outcomes:
        yield UPHELD
    if Outcome.OPEN in outcomes:
        yield OPEN


def of_excerpt(alike: Alike, seconds: float, whole: float) -> Iterator[str]:
    """A copy of `seconds` that lacks more than a little of the `whole` piece, in seconds, at its beginning or end."""
    begin, end = max(0.0, alike.offset), min(whole, alike.offset + seconds)
    if alike.is_copy and (begin > _SLACK or end < whole - _SLACK):
        yield f"It is an excerpt: seconds {begin:.1f} to {end:.1f} of the piece's {whole:.1f}."


def of_titles(claims: Certificate, order: Order) -> Iterator[str]:
    """Titles in a certificate that the works' documents of now do not have.

    It is no fault of the certificate: a work may be renamed after a piece of it was delivered.
    """
    titles = {work.work_id: work.title for work in order.works}
    for source in claims.sources:
        now = titles.get(source.work_id)
        if now is not None and now != source.title:
            said = f"The certificate calls a source {_quoted(source.title)}, and the work's document {_quoted(now)}"
            yield f"{said}: the document counts."


def _quoted(title: str) -> str:
    """A stranger's words, on one line."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in title[: _LONGEST + 1])
    return f"“{clean}”" if len(clean) <= _LONGEST else f"“{clean[:_LONGEST]}…”"
