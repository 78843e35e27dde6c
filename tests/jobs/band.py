"""A fake of generator and renderer: it makes pieces that are nobody's music, at once, by the ports' rules."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from contrafact.compute.tasks import Instruments
from contrafact.domain import events
from contrafact.domain.digests import sha256
from contrafact.domain.generation import Draw, EventLedger, EventNote, Generation, GenerationRequest, MusicRequest
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.ports import Rendered

BARS = 4
WEIGHTS = sha256(b"the weights of a fake model")


@dataclass(frozen=True, slots=True)
class FakeBand:
    """The recipe; a bar takes so many `seconds`."""

    seconds: float = 0.0

    def open(self) -> Instruments:
        return Instruments(FakeGenerator(self.seconds), FakeRenderer())


class FakeGenerator:
    """A note a bar, whose pitch follows from the seed; every share is what was asked for, the base has a tenth."""

    def __init__(self, seconds: float = 0.0, model_digest: bytes = WEIGHTS) -> None:
        self._seconds, self.model_digest = seconds, model_digest

    @property
    def identity(self) -> dict[str, object]:
        return {"generator": "fake"}

    def generate(self, request: GenerationRequest, on_bar: Callable[[int, int], None] | None = None) -> Generation:
        parts = (PPM // 10, *(source.weight * 9 // 10 for source in request.sources))
        responsibilities = largest_remainder(parts, PPM)
        notes = []
        for bar in range(BARS):
            time.sleep(self._seconds)
            notes.append(EventNote(bar, bar * 96, 96, 48 + request.seed[bar] % 24, responsibilities))
            if on_bar is not None:
                on_bar(bar + 1, BARS)
        draws = tuple(Draw(0, byte, 1) for byte in request.seed[:BARS])
        components = ("base", *(source.work_id for source in request.sources))
        ledger = EventLedger(components, tuple(notes), draws)
        return Generation(ledger, (0,) * len(request.sources), self.model_digest)


class FakeRenderer:
    """Files that are the events' digest."""

    @property
    def identity(self) -> dict[str, object]:
        return {"renderer": "fake"}

    def render(self, ledger: EventLedger, music: MusicRequest) -> Rendered:
        heard = sha256(events.to_bytes(ledger) + music.digest())
        stems = tuple(sha256(heard + bytes([i])) for i in range(len(ledger.components)))
        return Rendered(heard, stems, heard + b"midi", sha256(heard), tuple(sha256(stem) for stem in stems))
