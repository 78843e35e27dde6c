"""Figures of the places where sources take turns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.domain.generation import EventLedger, EventNote, Generation
from contrafact.gallery.making import Made
from contrafact.gallery.seams import below_harmony, seam_figures
from contrafact.gallery.specs import SPECS
from contrafact.music.pack import load_pack

SPEC = replace(SPECS[1], seconds=8, tempo=120, metre="4/4")
FIRST, SECOND = (0, 900_000, 100_000), (0, 100_000, 900_000)


def note(bar: int, pitch: int, parts: tuple[int, ...], part: str = "melody") -> EventNote:
    return EventNote(bar, 96 * bar, 96, pitch, parts, part)


def made_of(*notes: EventNote) -> Made:
    ledger = EventLedger(("base", "a", "b"), notes, ())
    tunes = tuple(load_pack().tune(name) for name, _ in SPEC.sources)
    return Made(SPEC, tunes, Generation(ledger, (0, 0), bytes(32)))


def test_bars_led_and_leaps_where_the_source_changes_and_where_it_stays() -> None:
    made = made_of(note(0, 60, FIRST), note(1, 62, FIRST), note(2, 74, SECOND), note(3, 73, SECOND))
    found = {figure.key: figure.value for figure in seam_figures(made)}
    assert found["bars_led"] == 2
    assert found["leap_at_change"] == 12
    assert found["leap_within"] == pytest.approx(1.5)


def test_melody_below_the_harmony_is_counted_by_time_and_told() -> None:
    melody = (note(0, 60, FIRST), note(1, 72, FIRST), note(2, 50, FIRST))
    notes = (*melody, note(0, 64, FIRST, "harmony"), note(1, 64, FIRST, "harmony"))
    assert below_harmony(notes) == pytest.approx(1 / 2)
    assert seam_figures(made_of(*notes))[-1].flag == "the melody is covered by the harmony"
    assert below_harmony(melody) == 0
