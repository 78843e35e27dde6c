"""Copies are refused, versions are acknowledged, and what came in anyway is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.recognition import AlignedBars, Candidate, Evidence, Likeness, Recognition
from contrafact.domain.works import Work
from contrafact.errors import NotFound, NotPermitted
from contrafact.music.identification.index import Index
from contrafact.music.identification.works import WorkIdentification
from contrafact.recognising import duplicates, recognise
from contrafact.records.folder import FolderStore
from contrafact.registration import Statement, require_new

from .conftest import JIG, SONG, STRANGER, form_of, notated, performance, tune

ANN, BEN = "0x" + "aA" * 20, "0x" + "bB" * 20
WORK, OTHER = sha256(b"work"), sha256(b"other")
BARS = (AlignedBars((1, 8), (5, 12)),)
COPY = Recognition(Likeness.COPY, (Candidate(WORK, Likeness.COPY, Evidence.SOURCE_FORM, 1.0),))
VERSION = Recognition(
    Likeness.VERSION, (Candidate(WORK, Likeness.VERSION, Evidence.MELODY, 0.98, BARS, transposition=5, tempo=0.7),)
)
NOTHING = Statement()


def required(found: Recognition, registrant: str, said: Statement = NOTHING) -> str:
    return require_new(found, {WORK: ANN, OTHER: ANN}.__getitem__, registrant, said)


def test_a_copy_is_refused_and_its_licensor_named_unless_it_is_contested() -> None:
    with pytest.raises(NotPermitted, match=ANN) as refused:
        required(COPY, BEN)
    assert f"--contest {to_hex(WORK)}" in refused.value.hint
    with pytest.raises(NotPermitted):
        required(COPY, BEN, Statement(version_of=frozenset({WORK})))
    assert required(COPY, BEN, Statement(contests=frozenset({WORK}))).endswith(f"contests {to_hex(WORK)}.")


def test_a_version_is_shown_with_its_bars_until_the_registrant_says_what_it_is() -> None:
    with pytest.raises(NotPermitted, match="bars 1–8 as its bars 5–12") as refused:
        required(VERSION, BEN)
    assert "at 70% of its tempo" in refused.value.message
    with pytest.raises(NotPermitted):
        required(VERSION, BEN, Statement(version_of=frozenset({OTHER})))
    assert f"is a version of {to_hex(WORK)}" in required(VERSION, BEN, Statement(version_of=frozenset({WORK})))
    assert f"is no version of {to_hex(WORK)}" in required(VERSION, BEN, Statement(not_version_of=frozenset({WORK})))


def test_ones_own_works_and_new_ones_need_no_statement() -> None:
    for found in (COPY, VERSION):
        assert required(found, ANN.lower()) == ""
    assert required(Recognition(Likeness.NEW), BEN) == ""


def test_a_file_stands_for_the_work_that_it_is_recognised_as(works: WorkIdentification) -> None:
    assert recognise(works, performance(SONG, key=4), "audio/wav").work_id == SONG.encode()
    with pytest.raises(NotFound, match="no work of the catalogue") as refused:
        recognise(works, tune(STRANGER).file, tune(STRANGER).media_type)
    assert "works register" in refused.value.hint


def test_later_works_of_other_licensors_that_equal_earlier_ones_are_found(tmp_path: Path) -> None:
    """The same file, the same tokens, and another version; one's own second version is none of it."""
    from contrafact.music.reading import read_score
    from contrafact.music.source_form import SourceForm

    store, known = FolderStore(tmp_path), WorkIdentification(Index(None))
    altered = SourceForm.from_score(read_score(notated(JIG, higher=3, wrong=9), "audio/midi")).to_bytes()
    made = [
        ("first", ANN, b"file", form_of(JIG)),
        ("song", BEN, b"song", form_of(SONG)),
        ("own version", ANN, b"own", altered),
        ("same file", BEN, b"file", form_of(JIG)),
        ("same tokens", BEN, b"typed again", form_of(JIG)),
        ("version", BEN, b"altered", altered),
        ("unpublished", BEN, b"secret", b"secret form"),
    ]
    works = []
    for block, (name, licensor, content, form) in enumerate(made):
        store.put(form) if name != "unpublished" else None
        work_id = sha256(name.encode())
        works.append(Work(work_id, licensor, sha256(content), sha256(form), bytes(32), bytes(32), block))
        if name != "unpublished":
            known.add(work_id, content, "audio/midi", form)
    names = {sha256(name.encode()): name for name, *_ in made}
    found = [
        (names[d.work.work_id], names[d.earlier.work_id], d.evidence) for d in duplicates(works, store, known.like)
    ]
    assert found == [
        ("same file", "first", Evidence.FILE),
        ("same tokens", "first", Evidence.SOURCE_FORM),
        ("version", "own version", Evidence.SOURCE_FORM),
    ]
