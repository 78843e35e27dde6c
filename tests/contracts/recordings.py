"""Orders over works with prices of their own, recordings and their compositions among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contrafact.domain.prices import TokenPrice
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms

from .world import Catalogued, Deal, World, account

Prices = tuple[int, int, int, int]


def work_at(
    world: World, content: int, prices: Prices, recording_of: Catalogued | None = None, **terms: Any
) -> Catalogued:
    """A work with these prices by use, in each token; a recording where it is one of another work."""
    split = Split.of([(world.holders[0], 250_000), (world.holders[1], 750_000)])
    song = recording_of.work_id if recording_of else bytes(32)
    work_id = world.register(content, split, world.licensor, song)
    priced = terms_at(world, prices, **terms)
    return world.set_terms(Catalogued(work_id, world.licensor, split, priced, 0), priced)


def terms_at(world: World, prices: Prices, **more: Any) -> Terms:
    """Terms that permit everything at these prices by use, in each token."""
    return world.terms(prices=tuple(TokenPrice(row.token, prices) for row in world.terms().prices), **more)


def order_over(
    world: World, works: Sequence[Catalogued], songs: Mapping[bytes, Catalogued] | None = None, **changes: Any
) -> Deal:
    """A signed order over `works`, without lowest shares; `songs` are the compositions of recordings by their id."""
    works = sorted(works, key=lambda work: work.work_id)
    quote = world.quote(works, **changes)
    sources = [replace(source, min_share=0) for source in quote.sources]
    paid = list(works)
    for place, work in enumerate(works):
        if song := (songs or {}).get(work.work_id):
            sources.append(world.source(song, 0, quote.use, quote.token, through=place + 1))
            paid.append(song)
    return world.deal(replace(quote, sources=tuple(sources)), [work.terms for work in paid])


def received(world: World, work: Catalogued, token: str) -> int:
    """What the account of a work's present split has received."""
    return int(world.escrow.get("received", account(work, world.escrow, token)))


def pool_received(world: World, token: str) -> int:
    """What the training pool of the world's model has received."""
    pool = world.escrow.get("accountId", (world.model_id, world.pool.root, token))
    return int(world.escrow.get("received", pool))


def earn_again(world: World, work: Catalogued, token: str | None = None, units: int = 1) -> int:
    """One more order over a work of `World.earn`; what it brings in."""
    changes = {"duration": 30 * units, "base_rate": 0, "operator_fee": 0}
    deal = world.deal(world.quote([work], token, **changes), [work.terms])
    world.fund(deal)
    world.commit(deal, world.commit_of(deal, 0, [PPM]))
    return deal.quote.escrow
