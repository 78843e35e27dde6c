"""What the domain's tests draw from."""

from __future__ import annotations

import itertools
from typing import TypeVar

from eth_utils import to_checksum_address
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contrafact.domain.allow_list import AllowList
from contrafact.domain.generation import PARTS, Draw, EventLedger, EventNote, MusicRequest, Voice, WeightChange
from contrafact.domain.orders import Commit, Quote, Source
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use

T = TypeVar("T")

digests = st.binary(min_size=32, max_size=32)
addresses = st.binary(min_size=20, max_size=20).map(to_checksum_address)
amounts = st.integers(0, 2**128 - 1)
texts = st.text(max_size=20).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
naturals = st.integers(0, 2**53 - 1)
uses = st.sampled_from(Use)


def up_to(bits: int) -> SearchStrategy[int]:
    """Numbers of so many bits, the extremes often."""
    return st.sampled_from([0, 1, 2**bits - 1]) | st.integers(0, 2**bits - 1)


def positive_parts(size: SearchStrategy[int]) -> SearchStrategy[list[int]]:
    """Lists of positive integers that sum to one million, of a drawn length."""

    def divide(n: int) -> SearchStrategy[list[int]]:
        cuts = st.lists(st.integers(1, PPM - 1), min_size=n - 1, max_size=n - 1, unique=True)
        return cuts.map(lambda inner: _gaps([0, *sorted(inner), PPM]))

    return size.flatmap(divide)


def parts(length: int) -> SearchStrategy[list[int]]:
    """Lists of `length` non-negative integers that sum to one million; zeros are common."""
    raw = st.lists(st.integers(0, 5) | st.integers(0, PPM), min_size=length, max_size=length)
    return raw.filter(any).map(lambda values: list(largest_remainder(values)))


splits = positive_parts(st.integers(1, 64)).flatmap(
    lambda shares: st.lists(addresses, min_size=len(shares), max_size=len(shares)).map(
        lambda holders: Split.of(list(zip(holders, shares, strict=True)))
    )
)

music_requests = st.builds(
    MusicRequest,
    seconds=naturals,
    tempo=naturals,
    tonic=naturals,
    mode=texts,
    metre=st.tuples(naturals, naturals),
    voices=st.lists(st.builds(Voice, texts, naturals), min_size=1, max_size=3).map(tuple),
)

allow_lists = st.builds(
    AllowList.of,
    st.lists(addresses, max_size=5, unique=True),
    st.lists(digests, max_size=5, unique=True),
)
terms = st.builds(
    Terms,
    training=st.booleans(),
    inference=st.booleans(),
    uses=st.frozensets(uses),
    combinable=st.booleans(),
    max_weight=up_to(24),
    valid_from=up_to(40),
    valid_until=up_to(40),
    training_price=up_to(72),
    prices=st.lists(st.builds(TokenPrice, addresses, st.tuples(*[up_to(80)] * 4)), max_size=4).map(tuple),
    approval=st.booleans(),
    downstream=up_to(24),
    sunset=up_to(40),
    allow=allow_lists,
)

sources = st.builds(
    Source,
    work_id=digests,
    terms_version=up_to(32),
    split_root=digests,
    weight=up_to(24),
    min_share=up_to(24),
    price=up_to(96),
    downstream=up_to(24),
    through=up_to(8),
)
quotes = st.builds(
    Quote,
    maker=addresses,
    operator=addresses,
    model_id=digests,
    pool_root=digests,
    token=addresses,
    use=uses,
    duration=up_to(32),
    drift=up_to(24),
    request_digest=digests,
    seed_commitment=digests,
    base_rate=up_to(96),
    operator_fee=up_to(96),
    max_base_share=up_to(24),
    valid_until=up_to(40),
    deadline=up_to(40),
    nonce=up_to(64),
    sources=st.lists(sources, max_size=16).map(tuple),
)
commits = st.builds(
    Commit,
    order_id=digests,
    record_digest=digests,
    output_digest=digests,
    evidence_root=digests,
    duration=up_to(32),
    base_share=up_to(24),
    shares=st.lists(up_to(24), min_size=1, max_size=8).map(tuple),
)


confirmations = st.dictionaries(st.integers(0, 63), st.binary(min_size=1, max_size=65), max_size=3)


def of_holders(signatures: dict[int, bytes], split: Split) -> dict[int, bytes]:
    """Those signatures that belong to a place in the split."""
    return {index: signature for index, signature in signatures.items() if index < len(split.leaves)}


@st.composite
def ledgers(draw: st.DrawFn, silent: bool = True) -> EventLedger:
    """Event ledgers of one to four components; `silent` ones have no notes."""
    width = draw(st.integers(1, 4))
    small = st.integers(0, 1000)
    place = (small, small, st.integers(1, 10_000), st.integers(0, 127), parts(width).map(tuple))
    written = st.builds(EventNote, *place)
    note = st.builds(EventNote, *place, st.sampled_from(PARTS), st.integers(0, 127))
    notes = draw(st.lists(note, max_size=6)) + ([] if silent else [draw(written)])
    draws = draw(st.lists(st.builds(Draw, small, naturals, naturals), max_size=6))
    names = draw(st.lists(texts, min_size=width, max_size=width))
    weights = parts(width - 1).map(tuple) if width > 1 else st.nothing()
    bars = sorted(draw(st.sets(small, max_size=0 if width == 1 else 3)))
    changes = tuple(WeightChange(bar, draw(weights)) for bar in bars)
    after = max((note.bar for note in notes), default=0) + 1
    stopped = draw(st.none() | st.integers(after, 2000))
    return EventLedger(tuple(names), tuple(notes), tuple(draws), changes, stopped)


def _gaps(points: list[int]) -> list[int]:
    return [b - a for a, b in itertools.pairwise(points)]
