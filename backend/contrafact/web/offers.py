"""From a request to the order's request, and from a quote to what people see of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from contrafact.domain import pitch
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.generation import MusicRequest
from contrafact.domain.instruments import BAND, voices
from contrafact.domain.licence_text import licence_text
from contrafact.domain.orders import Quote, Source
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.settlement import units
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.steering import DEFAULT_DRIFT, ranges
from contrafact.domain.terms import Terms, Use
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.order.licensing import licence_to_come
from contrafact.order.quoting import OrderRequest
from contrafact.web.money import Purse
from contrafact.web.schemas.fields import Money, time
from contrafact.web.schemas.quotes import ExpectedSource, HolderPart, Music, Offered, PreviewRequest
from contrafact.web.services import Services
from contrafact.web.works import pinned_split, row_of


def order_request(asked: PreviewRequest, maker: str, services: Services) -> OrderRequest:
    """What the operator's desk is asked. Raises InvalidInput for names that are none."""
    choices = tuple((from_hex(choice.work), choice.weight) for choice in asked.sources)
    music, token, readers = _music(asked.music), asked.token or services.token, tuple(asked.readers)
    use = Use.parse(asked.use)
    return OrderRequest(maker, choices, use, music, token, readers, _drift(asked, use))


def _drift(asked: PreviewRequest, use: Use) -> int:
    """How far weights may move. One source alone has nothing to be weighed against."""
    if asked.drift is not None:
        return asked.drift
    return DEFAULT_DRIFT if use is Use.LIVE and len(asked.sources) > 1 else 0


def _music(asked: Music) -> MusicRequest:
    band = voices(asked.parts) if asked.parts else BAND
    return MusicRequest(asked.seconds, asked.tempo, pitch.tonic(asked.key), asked.mode, pitch.metre(asked.metre), band)


def offered(quote: Quote, terms: Sequence[Terms], services: Services) -> Offered:
    """A quote as people see it; the split that it expects is that of shares as they were asked for."""
    money = Purse(quote.token, services.currency)
    expected = quote.settle(0, [source.weight for source in quote.inference_set])
    asking = dict.fromkeys(s.work_id for s, one in zip(quote.sources, terms, strict=True) if one.approval)
    return Offered(
        escrow=money(quote.escrow),
        operator_fee=money(quote.operator_fee),
        base_rate=money(quote.base_rate),
        max_base_share=quote.max_base_share,
        drift=quote.drift,
        valid_until=time(quote.valid_until),
        deadline=time(quote.deadline),
        sources=[
            _source(source, amounts, bounds, money, services)
            for source, amounts, bounds in zip(
                quote.sources, zip(expected.sources, _least(quote), strict=True), _ranges(quote), strict=True
            )
        ],
        expected_pool=money(expected.pool),
        most_pool=money(_paid(quote.base_rate, quote.max_base_share, quote)),
        expected_refund=money(expected.refunded),
        approvals=[to_hex(work_id) for work_id in asking],
    )


def licence_offered(signed: SignedQuote, services: Services) -> str | None:
    """What the offer will license; None where a document that the text quotes cannot be had."""
    with suppress(NotFound, StoreError, InvalidInput):
        return licence_text(
            licence_to_come(signed.quote, signed.terms, services.ledger, services.store), paid=False
        ).decode()
    return None


def _paid(rate: int, share: int, quote: Quote) -> int:
    return rate * units(quote.duration) * share // PPM


def _least(quote: Quote) -> list[int]:
    """What each source is paid at its lowest share; a composition has its recording's."""
    own = [source.min_share for source in quote.inference_set]
    shares = [*own, *(own[place - 1] for place in quote.through)]
    return [_paid(source.price, share, quote) for source, share in zip(quote.sources, shares, strict=True)]


def _ranges(quote: Quote) -> list[tuple[int, int]]:
    """The lowest and highest weight of each source; a composition has none of its own."""
    return [*ranges(quote), *((0, 0) for _ in quote.through)]


def _source(
    source: Source, amounts: tuple[int, int], bounds: tuple[int, int], money: Purse, services: Services
) -> ExpectedSource:
    (expected, least), (lowest, highest) = amounts, bounds
    row = row_of(services, source.work_id)
    split = pinned_split(services, row, source.split_root) if row else None
    return ExpectedSource(
        work=to_hex(source.work_id),
        title=row.title if row else None,
        weight=source.weight,
        lowest_weight=lowest,
        highest_weight=highest,
        min_share=source.min_share,
        price=money(source.price),
        terms_version=source.terms_version,
        through=source.through,
        expected=money(expected),
        least=money(least),
        holders=_parts(split, expected, money) if split else [],
    )


def _parts(split: Split, amount: int, money: Purse) -> list[HolderPart]:
    """Each holder's part, rounded down; what that leaves stays in the work's account."""

    def part(share: int) -> Money:
        return money(amount * share // PPM)

    return [HolderPart(holder=leaf.holder, share=leaf.share, amount=part(leaf.share)) for leaf in split.leaves]
