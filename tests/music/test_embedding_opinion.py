"""The second opinion: a formula over likenesses, held beside the responsibilities of the notes."""

from __future__ import annotations

import numpy as np
import pytest
from tests.music import ears

from contrafact.domain.generation import EventLedger, EventNote
from contrafact.errors import InvalidInput
from contrafact.music.embedding.comparison import NOTHING, compare, exact_windows
from contrafact.music.embedding.index import Entry, Index
from contrafact.music.embedding.opinion import Estimate, estimate, shared


def _ledger(parts: list[tuple[int, ...]]) -> EventLedger:
    """Notes of a second each at 60 quarters a minute."""
    notes = tuple(EventNote(i, 24 * i, 24, 60 + i, part) for i, part in enumerate(parts))
    return EventLedger(("base", "a", "b", "c")[: len(parts[0])], notes, ())


def _estimate(windows: list[list[float]], starts: tuple[float, ...], length: float) -> Estimate:
    table = np.array(windows)
    return Estimate(("a", "b", "c")[: table.shape[1]], tuple(table.mean(0).tolist()), table, starts, length)


def test_shares_are_a_softmax_of_how_unusually_alike_the_sources_are() -> None:
    found = shared(("a", "b"), np.array([[0.8, 0.5], [0.5, 0.5]]), np.array([[0.2, 0.1], [0.2, 0.1]]), temperature=1.0)
    assert found.windows[0] == pytest.approx([1 / (1 + np.exp(-3)), 1 / (1 + np.exp(3))])
    assert found.windows[1] == pytest.approx([0.5, 0.5])
    assert sum(found.shares) == pytest.approx(1)


def test_exact_windows_count_sounding_seconds_times_responsibility() -> None:
    ledger = _ledger([(0, 1_000_000, 0), (400_000, 0, 600_000)])
    found = exact_windows(ledger, 60, (0.0, 0.5), 1.0, 2)
    assert found == pytest.approx(np.array([[1_000_000, 0], [500_000, 300_000]]))


def test_agreement_is_told_for_the_piece_and_for_its_windows() -> None:
    ledger = _ledger([(0, 900_000, 100_000, 0), (0, 0, 1_000_000, 0), (0, 800_000, 0, 200_000), (1_000_000, 0, 0, 0)])
    guess = _estimate([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.8, 0.1, 0.1], [0.3, 0.4, 0.3]], (0.0, 1.0, 2.0, 3.0), 1.0)
    found = compare(ledger, 60, guess)
    assert found.exact == pytest.approx((1.7 / 3, 1.1 / 3, 0.2 / 3))
    assert (found.same_top, found.rank_correlation) == (True, pytest.approx(1.0))
    assert (found.exact_tops, found.estimated_tops) == ((0, 1, 0, NOTHING), (0, 0, 0, 1))
    assert found.windows_agree == pytest.approx(2 / 3)


def test_a_wrong_opinion_is_told_so() -> None:
    ledger = _ledger([(0, 900_000, 100_000)])
    found = compare(ledger, 60, _estimate([[0.1, 0.9]], (0.0,), 1.0))
    assert (found.same_top, found.rank_correlation, found.windows_agree) == (False, None, 0.0)


def test_a_piece_that_is_one_source_is_credited_to_it() -> None:
    ear = ears.ear()
    entries = tuple(Entry(str(i), str(i), "w", str(i)) for i in range(3))
    vectors = np.eye(3, ears.CONFIG.size, dtype=np.float32)
    others = Index(entries, vectors, np.ones(3, np.int64), ear.digest, bytes(32))
    sources = {"a": ears.sound(1), "b": ears.sound(2)}
    found = estimate(ear, sources["b"], sources, others)
    assert found.sources == ("a", "b")
    assert found.shares[1] > found.shares[0]
    assert found.windows.shape == (len(found.starts), 2)


def test_an_opinion_needs_sources() -> None:
    with pytest.raises(InvalidInput, match="no sources"):
        estimate(ears.ear(), ears.sound(1), {}, None)  # type: ignore[arg-type]
