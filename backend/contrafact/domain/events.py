"""The event ledger as a document (`contrafact/events/2`), and the shares that follow from it.

Share of a component = Σ duration × responsibility over the notes that the model wrote ÷ Σ duration, each note
counted by its sounding duration, in exact integer arithmetic; only the last step rounds, to parts per million.
Parts added by rule carry responsibilities but do not count, so that no arrangement moves money.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import canonical_json
from contrafact.domain.documents import natural, parse, text
from contrafact.domain.generation import PARTS, WRITTEN_PARTS, Draw, EventLedger, EventNote, WeightChange
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/events/2"
_PARTS = [{"name": name, "by": "model" if name in WRITTEN_PARTS else "rule"} for name in PARTS]


def to_bytes(ledger: EventLedger) -> bytes:
    """Canonical bytes of the ledger. A note is part, bar, onset, duration, pitch, velocity, responsibilities."""
    index = {name: i for i, name in enumerate(PARTS)}
    notes = [
        [index[n.part], n.bar, n.onset, n.duration, n.pitch, n.velocity, list(n.responsibilities)] for n in ledger.notes
    ]
    document = {
        "schema": SCHEMA,
        "components": list(ledger.components),
        "parts": _PARTS,
        "notes": notes,
        "draws": [[d.token, d.drawn, d.margin] for d in ledger.draws],
        "changes": [[change.bar, list(change.weights)] for change in ledger.changes],
        **({} if ledger.stopped is None else {"stopped": ledger.stopped}),
    }
    return canonical_json(document)


def from_bytes(data: bytes) -> EventLedger:
    """The ledger in `data`. Raises InvalidInput when it is malformed, not canonical, or does not add up."""
    document = parse(data, SCHEMA, _Document.from_fields)
    _require_sound(document.ledger)
    return document.ledger


def shares(ledger: EventLedger) -> tuple[int, tuple[int, ...]]:
    """(base share, shares of the sources) in ppm, summing to 10⁶. Raises InvalidInput for a silent piece."""
    return shares_of(ledger.notes, len(ledger.components))


def shares_of(notes: Iterable[EventNote], width: int) -> tuple[int, tuple[int, ...]]:
    """Shares of some notes of a piece with `width` components: of a bar, or of what has played so far.

    Raises InvalidInput where the model wrote none of them.
    """
    written = [note for note in notes if note.part in WRITTEN_PARTS]
    if not written:
        raise InvalidInput("The piece has no notes that a model wrote, so it has no shares.")
    parts = [sum(n.duration * n.responsibilities[k] for n in written) for k in range(width)]
    base, *sources = largest_remainder(parts)
    return base, tuple(sources)


@dataclass(frozen=True, slots=True)
class _Document:
    ledger: EventLedger

    def to_bytes(self) -> bytes:
        return to_bytes(self.ledger)

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> _Document:
        if fields["parts"] != _PARTS:
            raise ValueError(f"its parts are {fields['parts']!r}")
        components = tuple(text(name) for name in fields["components"])
        notes, draws = tuple(map(_note, fields["notes"])), tuple(map(_draw, fields["draws"]))
        stopped = natural(fields["stopped"]) if "stopped" in fields else None
        return cls(EventLedger(components, notes, draws, tuple(map(_change, fields["changes"])), stopped))


def _note(row: list[Any]) -> EventNote:
    part, bar, onset, duration, pitch, velocity, responsibilities = row
    parts = tuple(natural(value) for value in responsibilities)
    place = natural(bar), natural(onset), natural(duration), natural(pitch)
    return EventNote(*place, parts, PARTS[natural(part)], natural(velocity))


def _draw(row: list[Any]) -> Draw:
    token, drawn, margin = (natural(value) for value in row)
    return Draw(token, drawn, margin)


def _change(row: list[Any]) -> WeightChange:
    bar, weights = row
    return WeightChange(natural(bar), tuple(natural(weight) for weight in weights))


def _require_sound(ledger: EventLedger) -> None:
    for i, note in enumerate(ledger.notes):
        if note.duration == 0:
            raise InvalidInput(f"Note {i} of the event ledger has no duration.")
        if len(note.responsibilities) != len(ledger.components) or sum(note.responsibilities) != PPM:
            raise InvalidInput(f"The responsibilities of note {i} do not sum to {PPM}.")
    if ledger.stopped is not None and ledger.stopped <= max((note.bar for note in ledger.notes), default=0):
        raise InvalidInput("There are notes after the bar at which the piece ended.")
    bars = [change.bar for change in ledger.changes]
    if bars != sorted(set(bars)):
        raise InvalidInput("The changes of weights are not in the order of their bars.")
    for change in ledger.changes:
        if len(change.weights) != len(ledger.components) - 1 or sum(change.weights) != PPM:
            raise InvalidInput(f"The weights from bar {change.bar} on do not sum to {PPM}.")
