"""The index finds what it holds, through the graph too, and is refused when it is stale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.music import ears

from contrafact.errors import NotFound, StoreError
from contrafact.music.embedding.catalogue import build, kept_index, works_of
from contrafact.music.embedding.index import Entry, Index
from contrafact.music.embedding.listening import Heard, hear
from contrafact.music.embedding.sounds import sound_of_tune
from contrafact.music.pack import PackedTune, load_pack


def _vectors(count: int, size: int = 16, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, size)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _index(works: int = 40, excerpts: int = 3) -> Index:
    entries = tuple(Entry(f"w/{i}", f"Tune {i}", "w", f"w/{i}") for i in range(works))
    counts = np.full(works, excerpts, np.int64)
    vectors = _vectors(works * excerpts).astype(np.float16).astype(np.float32)
    return Index(entries, vectors, counts, b"e" * 32, b"w" * 32)


@pytest.fixture(scope="module")
def tunes() -> tuple[PackedTune, ...]:
    return load_pack().by_role("validation")[:4]


@pytest.mark.parametrize("exact", [True, False])
def test_a_work_is_most_like_its_own_excerpt_whatever_others_were_heard(exact: bool) -> None:
    index = _index()
    heard = Heard((0.5, 1.0), (_vectors(1, seed=9), index.vectors[[31, 32]]))  # two excerpts of work 10
    best = index.search(heard, 3, exact=exact)[0]
    assert (best.entry.id, best.tempo) == ("w/10", 1.0)
    assert best.similarity == pytest.approx(1, abs=1e-3)


def test_likeness_is_the_best_excerpt_of_each_window_then_the_mean_then_the_best_tempo() -> None:
    index = _index(works=5)
    heard = Heard((1.0, 2.0), (_vectors(2, seed=3), _vectors(3, seed=4)))
    expected = [
        max(float((v @ index.vectors[3 * i : 3 * i + 3].T).max(1).mean()) for v in heard.vectors) for i in range(5)
    ]
    assert index.scores(heard) == pytest.approx(expected, abs=1e-6)
    found = index.search(heard, 5)
    assert [m.similarity for m in found] == pytest.approx(sorted(expected, reverse=True), abs=1e-6)


def test_an_index_comes_back_from_its_file(tmp_path: Path) -> None:
    index, file = _index(), tmp_path / "works.index"
    index.save(file)
    again = Index.load(file, b"e" * 32, b"w" * 32)
    assert again.entries == index.entries
    assert np.array_equal(again.vectors, index.vectors)
    assert np.array_equal(again.counts, index.counts)


def test_a_stale_damaged_or_missing_index_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "works.index"
    with pytest.raises(NotFound):
        Index.load(file, b"e" * 32)
    _index().save(file)
    with pytest.raises(StoreError, match="encoder"):
        Index.load(file, b"f" * 32, b"w" * 32)
    with pytest.raises(StoreError, match="other works"):
        Index.load(file, b"e" * 32, b"v" * 32)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(StoreError, match="not an index"):
        Index.load(file, b"e" * 32, b"w" * 32)


def test_the_digest_of_works_follows_their_files_and_their_order(tunes: tuple[PackedTune, ...]) -> None:
    assert works_of(tunes) != works_of(tunes[:-1])
    assert works_of(tunes) != works_of(tunes[::-1])


def test_an_index_is_built_once_and_anew_for_another_encoder(tmp_path: Path, tunes: tuple[PackedTune, ...]) -> None:
    file, told = tmp_path / "works.index", []
    first = kept_index(ears.ear(), tunes, file, lambda done, of: told.append((done, of)))
    assert told == [(i + 1, 4) for i in range(4)]
    again = kept_index(ears.ear(), tunes, file, lambda *_: told.append("again"))
    assert told[-1] == (4, 4)
    assert np.array_equal(first.vectors, again.vectors)
    other = kept_index(ears.ear(seed=8), tunes, file)
    assert not np.array_equal(first.vectors, other.vectors)


def test_an_interrupted_build_goes_on_where_it_was(
    tmp_path: Path, tunes: tuple[PackedTune, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contrafact.music.embedding.catalogue._KEPT_EVERY", 2)
    partial, done = tmp_path / "works.partial", []

    def interrupt(count: int, of: int) -> None:
        if count == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(ears.ear(), tunes, partial, interrupt)
    index = build(ears.ear(), tunes, partial, lambda count, of: done.append(count))
    assert done == [3, 4]
    assert np.array_equal(index.vectors, build(ears.ear(), tunes, tmp_path / "none").vectors)


def test_a_work_is_its_own_nearest(tunes: tuple[PackedTune, ...], tmp_path: Path) -> None:
    index = build(ears.ear(), tunes, tmp_path / "none")
    found = index.search(hear(ears.ear(), sound_of_tune(tunes[2])), 1)
    assert found[0].entry.id == tunes[2].id
