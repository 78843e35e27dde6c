"""The index keeps what was added, in a file that several may use, and takes no other file."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.errors import StoreError
from contrafact.evaluation.identification_scale import spliced
from contrafact.evaluation.retrieval_sounds import generator
from contrafact.music.identification.index import Index
from contrafact.music.identification.matching import matches
from contrafact.music.identification.melody import Melody
from contrafact.music.pack import load_pack
from contrafact.music.source_form import SourceForm


@pytest.fixture(scope="module")
def melodies() -> list[Melody]:
    """One of each family."""
    tunes = {tune.family: tune for tune in load_pack().by_role("validation")}
    return [Melody.of(SourceForm.from_score(tune.score)) for tune in tunes.values()]


def add(index: Index, name: bytes, melody: Melody) -> None:
    index.add(name, name, name, melody, 120)


def first(index: Index, melody: Melody) -> bytes | None:
    found = matches(melody, index)
    return found[0].work.work_id if found else None


def test_what_was_added_is_found_after_reopening_and_by_others_meanwhile(
    tmp_path: Path, melodies: list[Melody]
) -> None:
    path = tmp_path / "folder" / "index.sqlite"
    one = Index(path)
    for number, melody in enumerate(melodies[:30]):
        add(one, b"%d" % number, melody)
    other = Index(path)
    add(one, b"late", melodies[40])
    assert (len(other), first(other, melodies[40])) == (31, b"late")
    one.close()
    other.close()
    again = Index(path)
    assert [first(again, melodies[n]) for n in range(30)] == [b"%d" % n for n in range(30)]


def test_adding_again_changes_nothing_and_what_is_forgotten_is_found_no_more(melodies: list[Melody]) -> None:
    index = Index(None)
    for _ in range(2):
        add(index, b"a", melodies[0])
        add(index, b"b", melodies[1])
    assert index.ids() == [b"a", b"b"]
    index.forget(b"a")
    assert (index.has(b"a"), first(index, melodies[0])) == (False, None)
    add(index, b"a", melodies[0])
    assert first(index, melodies[0]) == b"a"


def test_a_file_that_is_no_index_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(StoreError, match="cannot be used"):
        Index(path)
    assert path.read_bytes() == b"something else entirely" * 100


def test_a_query_reads_the_entries_of_its_own_keys_alone(melodies: list[Melody]) -> None:
    """Nothing is read of a work that shares no run, however many works there are."""
    index = Index(None)
    rng = generator(0, "test")
    for number in range(200):
        add(index, b"%d" % number, spliced(melodies[:60], rng))
    keys, _ = melodies[80].keys()
    entries = index.runs(keys.tolist())
    assert len(set(entries.works.tolist())) < 200
    assert len(index.runs([1, 2, 3]).works) == 0
