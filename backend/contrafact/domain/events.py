"""The event ledger as a document (`contrafact/events/1`), and the shares that follow from it.

Share of a component = Σ duration × responsibility over the notes ÷ Σ duration, each note counted by its
sounding duration, in exact integer arithmetic; only the last step rounds, to parts per million.
"""

from __future__ import annotations

import json

from contrafact.domain.digests import canonical_json
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
    try:
        document = json.loads(data)
        if document["schema"] != SCHEMA:
            raise ValueError(f"schema {document['schema']!r}")
        notes = tuple(EventNote(row[0], row[1], row[2], row[3], tuple(row[4])) for row in document["notes"])
        draws = tuple(Draw(*row) for row in document["draws"])
        ledger = EventLedger(tuple(document["components"]), notes, draws)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InvalidInput(f"The event ledger cannot be read: {error}.", f"Expected {SCHEMA}.") from error
    _require_sound(ledger)
    if to_bytes(ledger) != data:
        raise InvalidInput("The event ledger is not canonical JSON.", "It must be RFC 8785 bytes of its content.")
    return ledger


def shares(ledger: EventLedger) -> tuple[int, tuple[int, ...]]:
    """(base share, shares of the sources) in ppm, summing to 10⁶. Raises InvalidInput for a silent piece."""
    if not ledger.notes:
        raise InvalidInput("The piece has no notes, so it has no shares.")
    width = len(ledger.components)
    parts = [sum(n.duration * n.responsibilities[k] for n in ledger.notes) for k in range(width)]
    base, *sources = largest_remainder(parts)
    return base, tuple(sources)


def _require_sound(ledger: EventLedger) -> None:
    for i, note in enumerate(ledger.notes):
        fields = (note.bar, note.onset, note.duration, note.pitch, *note.responsibilities)
        if any(type(value) is not int or value < 0 for value in fields) or note.duration == 0:
            raise InvalidInput(f"Note {i} of the event ledger has a value that is not a natural number.")
        if len(note.responsibilities) != len(ledger.components) or sum(note.responsibilities) != PPM:
            raise InvalidInput(f"The responsibilities of note {i} do not sum to {PPM}.")
    if any(type(v) is not int or v < 0 for d in ledger.draws for v in (d.token, d.drawn, d.margin)):
        raise InvalidInput("A draw of the event ledger is not a natural number.")
