"""Shares of slices of a piece follow the rule of the whole, and add up to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain import events
from contrafact.domain.breakdown import BY, breakdown
from contrafact.domain.generation import EventLedger, EventNote
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput

from .strategies import ledgers

LEDGER = EventLedger(
    ("base", "a", "b"),
    (
        EventNote(0, 0, 48, 60, (0, PPM, 0)),
        EventNote(0, 0, 96, 40, (0, PPM, 0), "bass"),
        EventNote(1, 96, 96, 62, (100_000, 0, 900_000)),
    ),
    (),
)


@given(ledgers(silent=False), st.integers(30, 300), st.sampled_from(BY))
def test_every_slice_sums_to_one_and_their_times_to_the_whole(ledger: EventLedger, tempo: int, by: str) -> None:
    slices = breakdown(ledger, by, tempo)
    assert all(sum(one.shares) == PPM for one in slices)
    counted = ledger.notes if by in ("part", "note") else [n for n in ledger.notes if n.part == "melody"]
    assert sum(one.time for one in slices) == pytest.approx(sum(note.duration for note in counted))


@given(ledgers(silent=False))
def test_the_piece_in_one_slice_has_its_shares(ledger: EventLedger) -> None:
    (whole,) = breakdown(ledger, "piece", 120)
    base, shares = events.shares(ledger)
    assert whole.shares == (base, *shares)


@given(ledgers(silent=False), st.integers(30, 300), st.sampled_from(("bar", "second")))
def test_slices_weighted_by_their_time_give_the_whole(ledger: EventLedger, tempo: int, by: str) -> None:
    slices = breakdown(ledger, by, tempo)
    base, shares = events.shares(ledger)
    time = sum(one.time for one in slices)
    for k, share in enumerate((base, *shares)):
        assert sum(one.time * one.shares[k] for one in slices) / time == pytest.approx(share, abs=2)


def test_slices_are_named_and_counted_from_where_people_count() -> None:
    assert [(s.name, s.shares) for s in breakdown(LEDGER, "bar", 120)] == [
        ("1", (0, PPM, 0)),
        ("2", (100_000, 0, 900_000)),
    ]
    assert [(s.name, s.time) for s in breakdown(LEDGER, "part", 120)] == [("melody", 144), ("bass", 96)]
    assert [(s.name, s.time) for s in breakdown(LEDGER, "second", 60)] == [
        *((str(i), 24) for i in (0, 1, 4, 5, 6, 7)),
    ]


def test_another_kind_of_slice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="colour"):
        breakdown(LEDGER, "colour", 120)
