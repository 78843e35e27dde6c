"""Files are recognised as what they are: copies, versions, or new."""

from __future__ import annotations

import numpy as np
import pytest

from contrafact.domain.recognition import Evidence, Likeness
from contrafact.errors import InvalidScore
from contrafact.evaluation.versions import worn
from contrafact.music.embedding.spectrum import RATE
from contrafact.music.identification.works import WorkIdentification

from .conftest import (
    JIG,
    PLAYED,
    SONG,
    STRANGER,
    file_of,
    form_of,
    notated,
    performance,
    recording,
    tune,
)


def test_the_registered_file_is_a_copy(works: WorkIdentification) -> None:
    found = works.identify(tune(JIG).file, tune(JIG).media_type)
    first = found.candidates[0]
    assert (found.likeness, first.work_id, first.evidence) == (Likeness.COPY, JIG.encode(), Evidence.FILE)


def test_another_file_with_the_same_tokens_is_a_copy(works: WorkIdentification) -> None:
    text = tune(JIG).file + b"\n%% typed by somebody else\n"
    first = works.identify(text, tune(JIG).media_type).candidates[0]
    assert (first.work_id, first.likeness, first.evidence) == (JIG.encode(), Likeness.COPY, Evidence.SOURCE_FORM)


def test_part_of_a_score_in_another_key_with_wrong_notes_is_a_version(works: WorkIdentification) -> None:
    found = works.identify(notated(JIG, higher=5, notes=slice(12, 72), wrong=12), "audio/midi")
    assert [one.work_id for one in found.candidates] == [JIG.encode()]
    first = found.candidates[0]
    assert (found.likeness, first.evidence, first.transposition) == (Likeness.VERSION, Evidence.MELODY, 5)
    assert first.tempo == pytest.approx(1.0)
    assert first.score > 0.9
    for one in first.bars:  # the same number of bars on both sides, and the right ones: twelve notes were left out
        assert one.file[1] - one.file[0] == one.work[1] - one.work[0]
        assert one.work[0] >= one.file[0]
    assert sum(one.file[1] - one.file[0] + 1 for one in first.bars) >= 6


@pytest.mark.parametrize(
    ("key", "tempo", "program"),
    [(7, 0.7, 68), (2, 1.4, 0)],
)
def test_a_recording_in_another_key_and_tempo_is_a_version(
    works: WorkIdentification, key: int, tempo: float, program: int
) -> None:
    found = works.identify(performance(SONG, key=key, tempo=tempo, program=program), "audio/wav")
    first = found.candidates[0]
    assert (found.likeness, first.work_id, first.transposition) == (Likeness.VERSION, SONG.encode(), key)
    assert first.bars


def test_what_is_of_no_work_is_new(works: WorkIdentification) -> None:
    for data, kind in (
        (tune(STRANGER).file, tune(STRANGER).media_type),
        (performance(STRANGER), "audio/wav"),
    ):
        found = works.identify(data, kind)
        assert (found.likeness, found.candidates) == (Likeness.NEW, ())


def test_an_excerpt_with_noise_through_mp3_is_a_copy_of_the_recording(works: WorkIdentification) -> None:
    excerpt = recording(PLAYED)[5_003 : 5_003 + 16 * RATE]
    found = works.identify(file_of(worn(excerpt, "noise", np.random.default_rng(1)), "MP3"), "audio/mpeg")
    first = found.candidates[0]
    assert (first.work_id, first.likeness, first.evidence) == (PLAYED.encode(), Likeness.COPY, Evidence.FINGERPRINT)


@pytest.mark.parametrize("manner", [{"program": 71}, {"program": 40, "key": 1}, {"program": 40, "tempo": 0.85}])
def test_another_performance_is_a_version_and_no_copy(works: WorkIdentification, manner: dict[str, float]) -> None:
    first = works.identify(performance(PLAYED, **manner), "audio/wav").candidates[0]
    assert (first.work_id, first.likeness) == (PLAYED.encode(), Likeness.VERSION)


def test_drums_that_are_no_copy_cannot_be_heard(works: WorkIdentification) -> None:
    clicks = np.zeros(8 * RATE, np.float32)
    clicks[:: RATE // 4] = 1.0
    with pytest.raises(InvalidScore):
        works.identify(file_of(clicks), "audio/wav")
    with pytest.raises(InvalidScore):
        works.identify(b"no music", "audio/midi")


def test_versions_of_one_tune_are_the_same_tune_and_others_are_not(works: WorkIdentification) -> None:
    from contrafact.music.reading import read_score
    from contrafact.music.source_form import SourceForm

    other = SourceForm.from_score(read_score(notated(JIG, higher=3, wrong=10), "audio/midi")).to_bytes()
    for one, two in ((form_of(JIG), other), (other, form_of(JIG))):
        found = works.same_tune(one, two)
        assert found is not None
        assert found.likeness is Likeness.VERSION
    assert works.same_tune(form_of(JIG), form_of(JIG)) is not None
    assert works.same_tune(form_of(JIG), form_of(SONG)) is None


def test_a_work_that_cannot_be_read_is_known_by_its_bytes_and_tokens() -> None:
    from contrafact.music.identification.index import Index

    found = WorkIdentification(Index(None))
    found.add(b"x", b"damaged", "audio/midi", form_of(JIG))
    assert found.identify(b"damaged", "audio/midi").candidates[0].evidence is Evidence.FILE
    assert [one.work_id for one in found.like(form_of(JIG))] == [b"x"]
    with pytest.raises(InvalidScore):
        found.add(b"y", b"damaged", "audio/midi", b"no form")
