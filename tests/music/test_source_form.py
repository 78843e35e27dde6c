from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.digests import canonical_json
from contrafact.errors import InvalidScore
from contrafact.music import tokens as t
from contrafact.music.pack import load_pack
from contrafact.music.score import Bar, Key, Metre, Note, Score
from contrafact.music.source_form import MAX_TOKENS, SourceForm

JIG = Metre(6, 8)


def score(*bars: tuple[Note, ...], tonic: int = 2, mode: str = "major", metre: Metre = JIG) -> Score:
    return Score("A tune", Key(tonic, mode), metre, tuple(Bar(metre.ticks, bar) for bar in bars))


def test_bytes_and_back_for_every_tune_of_the_pack() -> None:
    forms = [SourceForm.from_score(tune.score) for tune in load_pack().tunes[::10]]
    assert [SourceForm.from_bytes(form.to_bytes()) for form in forms] == forms
    assert all(sum(e.duration for e in bar) == form.metre.ticks for form in forms for bar in form.body)


@given(st.integers(-30, 30))
def test_a_transposed_tune_has_the_same_form(by: int) -> None:
    notes = tuple(Note(12 * i, 12, 62 + p) for i, p in enumerate((0, 4, 7, 12, 7, 4)))
    moved = tuple(replace(note, pitch=note.pitch + by) for note in notes)
    assert SourceForm.from_score(score(notes)) == SourceForm.from_score(score(moved, tonic=(2 + by) % 12))


def test_rests_are_written_and_durations_fill_the_bar() -> None:
    form = SourceForm.from_score(score((Note(12, 12, 62), Note(48, 12, 66))))
    assert form.bars == ((t.Event(None, 12), t.Event(0, 12), t.Event(None, 24), t.Event(4, 12), t.Event(None, 12)),)


def test_a_note_across_the_bar_line_is_struck_again() -> None:
    form = SourceForm.from_score(score((Note(0, 100, 62),), ()))
    assert form.bars == ((t.Event(0, 72),), (t.Event(0, 28), t.Event(None, 44)))


def test_the_highest_note_of_a_chord_is_the_melody() -> None:
    form = SourceForm.from_score(score((Note(0, 72, 62), Note(0, 72, 74), Note(0, 72, 69))))
    assert [e.pitch for e in form.bars[0]] == [0]


def test_a_pick_up_is_kept_in_the_form_and_left_out_of_the_body() -> None:
    full = (Note(0, 72, 62),)
    tune = Score("", Key(2, "major"), JIG, (Bar(12, (Note(0, 12, 57),)), Bar(72, full), Bar(72, full)))
    form = SourceForm.from_score(tune)
    assert len(form.bars) == 3
    assert form.body == form.bars[1:]


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (score((Note(0, 12, 62),), mode="locrian"), "Mode"),
        (score((Note(0, 12, 62),), metre=Metre(7, 16)), "Metre"),
        (score(()), "no notes"),
        (score(*[tuple(Note(i, 1, 62) for i in range(72))] * (MAX_TOKENS // 145 + 1)), "tokens"),
    ],
)
def test_a_score_that_cannot_be_a_source_says_why(bad: Score, word: str) -> None:
    with pytest.raises(InvalidScore, match=word) as caught:
        SourceForm.from_score(bad)
    assert caught.value.hint


def document(**changes: object) -> bytes:
    good = json.loads(SourceForm.from_score(score((Note(0, 72, 62),))).to_bytes())
    return canonical_json({**good, **changes})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 200_000,
        document(schema="contrafact/source/2"),
        document(mode="locrian"),
        document(metre=[7, 16]),
        document(metre=[6]),
        document(tokens=[]),
        document(tokens=[t.BAR]),
        document(tokens=[t.BAR, t.pitch_token(0)]),
        document(tokens=[t.BAR, t.pitch_token(0), t.pitch_token(0)]),
        document(tokens=[t.pitch_token(0), t.duration_token(12)]),
        document(tokens=[t.BAR, t.pitch_token(0), t.duration_token(96)]),
        document(tokens=[t.BAR, t.REST, t.duration_token(72)]),
        document(tokens=[t.BAR, t.pitch_token(0), t.VOCABULARY]),
        document(tokens=[t.BAR, True, t.duration_token(72)]),
        document(tokens="notes"),
        document(more=1),
        document() + b" ",
    ],
)
def test_bytes_that_are_not_a_canonical_form_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidScore):
        SourceForm.from_bytes(data)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_form_or_a_clear_error(data: bytes) -> None:
    with pytest.raises(InvalidScore):
        SourceForm.from_bytes(data)
