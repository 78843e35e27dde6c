"""The event ledger as a document, and the shares that follow from it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain import events
from contrafact.domain.digests import canonical_json, sha256
from contrafact.domain.generation import Draw, EventLedger, EventNote, WeightChange
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput

from .strategies import ledgers

LEDGER = EventLedger(
    components=("base", "0xab"),
    notes=(
        EventNote(0, 0, 96, 60, (400_000, 600_000)),
        EventNote(0, 0, 48, 43, (400_000, 600_000), "bass", 70),
        EventNote(1, 96, 48, 64, (0, PPM)),
    ),
    draws=(Draw(7, 123_456, 12), Draw(0, 0, 0)),
    changes=(WeightChange(1, (PPM,)),),
)
DATA = events.to_bytes(LEDGER)


@given(ledgers())
def test_a_ledger_comes_back_from_its_document(ledger: EventLedger) -> None:
    assert events.from_bytes(events.to_bytes(ledger)) == ledger


@given(ledgers())
def test_the_document_is_canonical_json_under_its_schema(ledger: EventLedger) -> None:
    data = events.to_bytes(ledger)
    assert canonical_json(json.loads(data)) == data
    assert json.loads(data)["schema"] == "contrafact/events/2"


@given(ledgers(silent=False))
def test_each_share_is_within_a_millionth_of_the_duration_weighted_mean(ledger: EventLedger) -> None:
    base, sources = events.shares(ledger)
    assert base + sum(sources) == PPM
    written = [note for note in ledger.notes if note.part == "melody"]
    whole = sum(note.duration for note in written)
    for k, share in enumerate([base, *sources]):
        exact = Fraction(sum(note.duration * note.responsibilities[k] for note in written), whole)
        assert abs(share - exact) < 1


def test_longer_notes_count_for_more() -> None:
    assert events.shares(LEDGER) == (266_667, (733_333,))


def test_accompaniment_moves_no_share() -> None:
    loud = EventNote(0, 0, 10_000, 40, (PPM, 0), "harmony", 127)
    assert events.shares(replace(LEDGER, notes=(*LEDGER.notes, loud))) == events.shares(LEDGER)


def test_a_piece_without_melody_has_no_shares() -> None:
    for notes in ((), (EventNote(0, 0, 96, 40, (PPM,), "drums"),)):
        with pytest.raises(InvalidInput, match="no notes"):
            events.shares(EventLedger(("base",), notes, ()))


@pytest.mark.parametrize("at", range(len(DATA)))
def test_every_altered_byte_is_refused_or_changes_ledger_and_digest(at: int) -> None:
    for value in range(256):
        altered = DATA[:at] + bytes([value]) + DATA[at + 1 :]
        if altered == DATA:
            continue
        try:
            ledger = events.from_bytes(altered)
        except InvalidInput:
            continue
        assert ledger != LEDGER
        assert events.to_bytes(ledger) == altered
        assert sha256(altered) != sha256(DATA)


@pytest.mark.parametrize("at", range(len(DATA) + 1))
def test_a_document_cut_off_anywhere_or_with_anything_added_is_refused(at: int) -> None:
    if at < len(DATA):
        with pytest.raises(InvalidInput):
            events.from_bytes(DATA[:at])
    for added in (b"\t", b"\n", b"\0"):
        with pytest.raises(InvalidInput):
            events.from_bytes(DATA[:at] + added + DATA[at:])


def altered(**fields: Any) -> bytes:
    return canonical_json({**json.loads(DATA), **fields})


NOTE = [0, 0, 0, 96, 60, 90, [400_000, 600_000]]


@pytest.mark.parametrize("wrong", [True, 1.5, -1, "1", None, [], {}, 2**60])
@pytest.mark.parametrize("field", range(6))
def test_a_note_field_that_is_not_a_natural_number_is_refused(field: int, wrong: object) -> None:
    data = json.dumps({**json.loads(DATA), "notes": [[*NOTE[:field], wrong, *NOTE[field + 1 :]]]}, sort_keys=True)
    with pytest.raises(InvalidInput):
        events.from_bytes(data.replace(" ", "").encode())


@pytest.mark.parametrize(
    "responsibilities",
    [[PPM], [PPM, 0, 0], [], [400_000, 600_001], [PPM + 1, -1], [True, 999_999], [0.5, 999_999.5], "ab", None, 5],
)
def test_responsibilities_that_are_not_one_million_in_whole_parts_are_refused(responsibilities: object) -> None:
    with pytest.raises(InvalidInput):
        events.from_bytes(altered(notes=[[*NOTE[:6], responsibilities]]))


@pytest.mark.parametrize("draw", [[1, 2], [1, 2, 3, 4], [True, 2, 3], [1, -2, 3], [1, 2, 3.5], "123", {"a": 1}, None])
def test_a_draw_that_is_not_three_natural_numbers_is_refused(draw: object) -> None:
    with pytest.raises(InvalidInput):
        events.from_bytes(altered(draws=[draw]))


@pytest.mark.parametrize(
    "fields",
    [
        {"schema": "contrafact/events/1"},
        {"schema": None},
        {"parts": ["melody"]},
        {"parts": [{"name": "melody", "by": "rule"}]},
        {"changes": None},
        {"changes": [[1, [PPM]], [1, [PPM]]]},
        {"changes": [[2, [PPM]], [1, [PPM]]]},
        {"changes": [[1, [PPM + 1]]]},
        {"changes": [[1, [PPM, 0]]]},
        {"components": "ab"},
        {"components": [1, 2]},
        {"components": ["base"]},
        {"components": None},
        {"notes": [NOTE[:6]]},
        {"notes": [[*NOTE, 1]]},
        {"notes": {"0": NOTE}},
        {"notes": [[0, 0, 0, 0, 60, 90, [400_000, 600_000]]]},
        {"draws": None},
        {"extra": 1},
    ],
)
def test_other_fields_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        events.from_bytes(altered(**fields))


@pytest.mark.parametrize("missing", ["schema", "components", "parts", "notes", "draws", "changes"])
def test_a_missing_field_is_refused(missing: str) -> None:
    document = json.loads(DATA)
    del document[missing]
    with pytest.raises(InvalidInput):
        events.from_bytes(canonical_json(document))


@given(st.randoms())
def test_another_order_of_keys_is_refused(random: Any) -> None:
    items = list(json.loads(DATA).items())
    random.shuffle(items)
    data = json.dumps(dict(items), separators=(",", ":")).encode()
    if data == DATA:
        assert events.from_bytes(data) == LEDGER
    else:
        with pytest.raises(InvalidInput):
            events.from_bytes(data)
