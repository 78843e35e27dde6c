"""What was played of a live order, bar by bar, in its folder: enough to play it again, note for note."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contrafact.domain.digests import canonical_json, from_hex, to_hex
from contrafact.domain.generation import EventNote
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput
from contrafact.order.folder import OrderFolder

QUIET_SECONDS = 300.0
"""A piece that nobody has listened to for so long is over, and settled for what was played."""
LAST_CALL = 1800
"""Seconds before an order's deadline from which on it is settled, so that its operator never fails to deliver."""
_BEGUN, _ENDED = "live/begun.json", "live/ended.json"


@dataclass(frozen=True, slots=True)
class PlayedBar:
    """A bar that was given out, the weights that it was made with, and the shares (ppm) from the first bar to it."""

    bar: int
    weights: tuple[int, ...]
    notes: tuple[EventNote, ...]
    base_share: int
    shares: tuple[int, ...]

    def to_bytes(self) -> bytes:
        notes = [[n.part, n.onset, n.duration, n.pitch, n.velocity, list(n.responsibilities)] for n in self.notes]
        head = {"bar": self.bar, "weights": list(self.weights), "notes": notes}
        return canonical_json({**head, "base_share": self.base_share, "shares": list(self.shares)})

    @classmethod
    def from_bytes(cls, data: bytes) -> PlayedBar:
        d = json.loads(data)
        notes = tuple(_note(d["bar"], row) for row in d["notes"])
        return cls(d["bar"], tuple(d["weights"]), notes, d["base_share"], tuple(d["shares"]))


def _note(bar: int, row: list[Any]) -> EventNote:
    part, onset, duration, pitch, velocity, responsibilities = row
    return EventNote(bar, onset, duration, pitch, tuple(responsibilities), part, velocity)


@dataclass(frozen=True, slots=True)
class Ended:
    """After how many bars a piece ended, and why: `whole`, `stopped`, `left` by its listener, `late`, or
    `unplayed`, which nobody began."""

    bars: int
    why: str


@dataclass(frozen=True)
class LiveBook:
    """Of one order. Only whoever holds the order's folder writes."""

    folder: OrderFolder

    @cached_property
    def signed(self) -> SignedQuote:
        """Raises NotFound for an order that was not quoted here."""
        return SignedQuote.from_bytes(self.folder.read("quote.json"))

    @property
    def is_live(self) -> bool:
        return self.signed.quote.use is Use.LIVE

    @property
    def salt(self) -> bytes | None:
        """The salt of the payment that the piece was begun for; None before."""
        if not self.folder.has(_BEGUN):
            return None
        return from_hex(json.loads(self.folder.read(_BEGUN))["maker_salt"])

    def begin(self, salt: bytes) -> None:
        self.folder.once(_BEGUN, lambda: canonical_json({"maker_salt": to_hex(salt)}))

    def played(self) -> Sequence[PlayedBar]:
        """All bars that were given out, in their order."""
        paths = sorted((self.folder.path / "live").glob("bar-*.json"))
        return [PlayedBar.from_bytes(path.read_bytes()) for path in paths]

    def add(self, bar: PlayedBar) -> None:
        self.folder.once(f"live/bar-{bar.bar:05d}.json", bar.to_bytes)

    @property
    def ended(self) -> Ended | None:
        if not self.folder.has(_ENDED):
            return None
        d = json.loads(self.folder.read(_ENDED))
        return Ended(d["bars"], d["why"])

    def end(self, bars: int, why: str) -> None:
        self.folder.once(_ENDED, lambda: canonical_json({"bars": bars, "why": why}))

    def touch(self) -> None:
        """A sign that somebody listens, or may come back at any moment."""
        with suppress(FileNotFoundError):
            os.utime(self.folder.path / _BEGUN)

    def is_quiet(self) -> bool:
        """Whether the last sign is longer ago than a listener may stay away."""
        try:
            last = (self.folder.path / _BEGUN).stat().st_mtime
        except FileNotFoundError:
            return False
        return time.time() - last > QUIET_SECONDS

    def waits_until(self) -> float:
        """When it is settled although nobody ended it, as seconds since 1970, if nobody listens from now on."""
        late = self.signed.quote.deadline - LAST_CALL
        try:
            return min(late, (self.folder.path / _BEGUN).stat().st_mtime + QUIET_SECONDS)
        except FileNotFoundError:
            return late

    def is_due(self, now: int) -> bool:
        """Whether it is time to settle, by the chain's time `now`: it ended, its listener left, or it is late."""
        over = self.folder.has("attempt.json") or self.ended is not None or self.is_quiet()
        return over or now > self.signed.quote.deadline - LAST_CALL


def is_makers(folder: OrderFolder, now: Callable[[], int]) -> bool:
    """Whether a paid order is its maker's to play, so that there is no work yet; `now` gives the chain's time.

    One whose quote cannot be read is nobody's to play: whoever works on it says what is wrong with it.
    """
    book = LiveBook(folder)
    try:
        return book.is_live and not book.is_due(now())
    except InvalidInput:
        return False
