"""Training works to share a pool among, as the pool's tests draw them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contrafact.domain.digests import sha256
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.training_works import TrainingWork

OWNERS = tuple("0x" + f"{i + 1:02x}" * 20 for i in range(6))
"""Addresses of digits alone are their own checksum."""


def work(number: int, family: int, owner: str = OWNERS[0], split: Split | None = None) -> TrainingWork:
    """Work `number` of a family, which pays its owner unless it names a split."""
    content = sha256(f"content {number}".encode())
    name = sha256(f"family {family}".encode())
    paid = split or Split.of([(owner, PPM)])
    return TrainingWork(sha256(f"work {number}".encode()), owner, content, f"Tune {number}", name, paid)


def shared_by(*holders: tuple[str, int]) -> Split:
    return Split.of(holders)


@st.composite
def some_works(draw: st.DrawFn) -> tuple[TrainingWork, ...]:
    """One to twelve works of a few families, of a few owners, paid to one to three holders."""
    rows = draw(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(OWNERS)), min_size=1, max_size=12))
    return tuple(work(i, family, owner, draw(_splits)) for i, (family, owner) in enumerate(rows))


def scores_for(works: Sequence[TrainingWork]) -> SearchStrategy[list[int]]:
    """A score for each work, many of them 0, not all."""
    row = st.lists(st.integers(0, 3) | st.integers(0, 10**12), min_size=len(works), max_size=len(works))
    return row.filter(any)


_splits = st.sampled_from(
    [
        shared_by((OWNERS[0], PPM)),
        shared_by((OWNERS[1], 500_000), (OWNERS[2], 500_000)),
        shared_by((OWNERS[3], 333_333), (OWNERS[4], 333_333), (OWNERS[3], 333_334)),
        shared_by((OWNERS[5], 1), (OWNERS[0], PPM - 1)),
    ]
)
