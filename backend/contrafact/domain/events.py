"""The event ledger as a document (`contrafact/events/1`), and the shares that follow from it.

Share of a component = Σ duration × responsibility over the notes ÷ Σ duration, each note counted by its
sounding duration, in exact integer arithmetic; only the last step rounds, to parts per million.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import canonical_json
from contrafact.domain.documents import natural, parse, text
from contrafact.domain.generation import Draw, EventLedger, EventNote
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/events/1"


def to_bytes(ledger: EventLedger) -> bytes:
    """Canonical bytes of the ledger."""
    notes = [[n.bar, n.onset, n.duration, n.pitch, list(n.responsibilities)] for n in ledger.notes]
    draws = [[d.token, d.drawn, d.margin] for d in ledger.draws]
    document = {"schema": SCHEMA, "components": list(ledger.components), "notes": notes, "draws": draws}
    return canonical_json(document)


def from_bytes(data: bytes) -> EventLedger:
    """The ledger in `data`. Raises InvalidInput when it is malformed, not canonical, or does not add up."""
    document = parse(data, SCHEMA, _Document.from_fields)
    _require_sound(document.ledger)
    return document.ledger


def shares(ledger: EventLedger) -> tuple[int, tuple[int, ...]]:
    """(base share, shares of the sources) in ppm, summing to 10⁶. Raises InvalidInput for a silent piece."""
    if not ledger.notes:
        raise InvalidInput("The piece has no notes, so it has no shares.")
    width = len(ledger.components)
    parts = [sum(n.duration * n.responsibilities[k] for n in ledger.notes) for k in range(width)]
    base, *sources = largest_remainder(parts)
    return base, tuple(sources)


@dataclass(frozen=True, slots=True)
class _Document:
    ledger: EventLedger

    def to_bytes(self) -> bytes:
        return to_bytes(self.ledger)

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> _Document:
        components = tuple(text(name) for name in fields["components"])
        return cls(EventLedger(components, tuple(map(_note, fields["notes"])), tuple(map(_draw, fields["draws"]))))


def _note(row: list[Any]) -> EventNote:
    bar, onset, duration, pitch, responsibilities = row
    parts = tuple(natural(value) for value in responsibilities)
    return EventNote(natural(bar), natural(onset), natural(duration), natural(pitch), parts)


def _draw(row: list[Any]) -> Draw:
    token, drawn, margin = (natural(value) for value in row)
    return Draw(token, drawn, margin)


def _require_sound(ledger: EventLedger) -> None:
    for i, note in enumerate(ledger.notes):
        if note.duration == 0:
            raise InvalidInput(f"Note {i} of the event ledger has no duration.")
        if len(note.responsibilities) != len(ledger.components) or sum(note.responsibilities) != PPM:
            raise InvalidInput(f"The responsibilities of note {i} do not sum to {PPM}.")
