"""One live piece in the making: a thread that makes bars while somebody listens."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from math import inf
from threading import Condition, Thread
from typing import Literal

from contrafact.domain import steering
from contrafact.errors import BoundsNotKept, Busy, ContrafactError
from contrafact.order.folder import OrderFolder
from contrafact.order.live import playing
from contrafact.order.live.book import LiveBook, PlayedBar
from contrafact.order.live.concluding import attempt_of
from contrafact.order.live.opening import Opened
from contrafact.order.live.pace import Pace, PlayClock

_log = logging.getLogger(__name__)
KEPT_SOUNDS = 64
"""Bars whose sound can still be had."""
OPEN_SECONDS = 120.0
"""How long a caller waits for a piece to be opened, and what was played of it to be played again."""
IDLE_SECONDS = 15.0
"""Whoever loads the page again is back sooner."""
_SIGN_SECONDS = 5.0

State = Literal["opening", "playing", "parked", "ended", "failed"]


class LiveSession:
    """Plays one order. Safe to share between threads; `open_piece` is called in its own, with the folder held.

    A session that is `parked` has left the piece to whoever opens it next; one that `ended`, to the order job.
    """

    def __init__(self, folder: OrderFolder, open_piece: Callable[[LiveBook], Opened], pace: Pace) -> None:
        self._book, self._open_piece, self._pace = LiveBook(folder), open_piece, pace
        self.state: State = "opening"
        self.error: Exception | None = None
        self.bars: list[PlayedBar] = []
        self._weights: tuple[int, ...] = ()
        self._under_way: tuple[int, ...] | None = None  # the weights of the bar that is being made
        self._clock: PlayClock | None = None
        self._sounds: dict[int, bytes] = {}
        self._listeners, self._held, self._asked = 0, False, ""
        self._heard = time.monotonic()
        self._changed = Condition()
        self._thread = Thread(target=self._run, name=f"live {folder.order_id.hex()[:8]}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def opened(self) -> None:
        """Waits until the piece can be heard. Raises what opening it raised, and Busy where that takes too long."""
        with self._changed:
            self._changed.wait_for(lambda: self.state != "opening", OPEN_SECONDS)
        if self.error is not None:
            raise self.error
        if self.state == "opening":
            raise Busy("The piece is still being prepared.", "Try again in a moment.")

    @property
    def is_open(self) -> bool:
        return self.state in ("opening", "playing")

    @property
    def is_idle(self) -> bool:
        """Whether it is open, and nobody hears it, nor did a moment ago."""
        return self.state == "playing" and self._is_quiet and time.monotonic() - self._heard > IDLE_SECONDS

    @property
    def lead(self) -> float:
        """Seconds before it sounds that a bar is made."""
        return self._clock.lead if self._clock else self._pace.lead

    @property
    def weights(self) -> tuple[int, ...]:
        """Those that the next bar is made with."""
        return self._weights

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Bars are made as long as somebody is inside."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def steer(self, weights: Sequence[int]) -> int:
        """Other weights from the next bar on, whose number is returned.

        Raises InvalidOrder for weights outside of the order's bounds, Busy where nothing is played.
        """
        steering.require_within(self._book.signed.quote, weights)
        with self._changed:
            if self.state != "playing":
                raise Busy("The piece is not being played.", "Begin it, or go on with it, first.")
            self._weights = tuple(weights)
            return len(self.bars) + (self._under_way is not None)

    def pause(self) -> None:
        """No bar is made until somebody begins to listen anew. Waits for the one that is under way.

        Raises Busy where that takes too long: it may still come.
        """
        with self._changed:
            self._held, self._heard = True, time.monotonic()
            if not self._changed.wait_for(lambda: self._under_way is None or not self.is_open, OPEN_SECONDS):
                raise Busy("A bar is still being made.", "It will count. Ask again in a moment.")

    def stop(self) -> None:
        """Ends the piece after the bars that were given out; at least one. Waits until it is written down."""
        self._leave("stopped")

    def park(self) -> None:
        """Leaves the piece as it is, to be gone on with."""
        self._leave("parked")

    def asked(self, bar: int, left: float) -> None:
        """A listener asks for the sound of a bar, and has `left` seconds of sound to spare until it must have it.

        To ask for a bar that is not made yet says nothing.
        """
        with self._changed:
            if self._clock is not None and bar < len(self.bars):
                self._clock.asked(bar, left)
                self._heard = time.monotonic()
                self._changed.notify_all()

    def sound(self, bar: int) -> bytes | None:
        """The FLAC file of a bar; of the bar after the last one, what still sounds. None where it is not kept here."""
        return self._sounds.get(bar)

    @property
    def _is_quiet(self) -> bool:
        """Whether nobody hears it: there is no listener, or only such as paused, or stopped asking for sounds."""
        unasked = self._clock is not None and self._clock.wait(len(self.bars)) == inf
        return not self._listeners or self._held or unasked

    def _leave(self, how: str) -> None:
        with self._changed:
            self._asked = self._asked or how
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self.is_open, OPEN_SECONDS)

    def _count(self, step: int) -> None:
        with self._changed:
            self._listeners += step
            self._heard = time.monotonic()
            if step > 0:
                self._held = False
                if self._clock is not None:
                    self._clock.joined()
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            with self._book.folder.held():
                self._play(self._open_piece(self._book))
        except Exception as error:  # told to its listeners, and here to the operator
            _log.warning("a live piece cannot go on: %s", error, exc_info=not isinstance(error, ContrafactError))
            self.error = error
            self._become("failed")

    def _play(self, piece: Opened) -> None:
        self._clock = clock = PlayClock(piece.music, self._pace)
        for bar in playing.again(piece.stream, self._book.played()):
            self._keep(bar, piece)
        self._weights = self.bars[-1].weights if self.bars else piece.order.weights
        self._become("playing")
        while not (how := self._turn(clock, piece)):
            self._make(clock, piece)
        if how == "parked":
            self._become("parked")
        else:
            self._end(how, piece)

    def _turn(self, clock: PlayClock, piece: Opened) -> str:
        """Waits until the next bar is due, and gives an empty string; or how the session is left."""
        signed = 0.0
        with self._changed:
            while True:
                now, bar = time.monotonic(), len(self.bars)
                if not signed or (now - signed > _SIGN_SECONDS and not self._is_quiet):
                    signed = now  # at first in any case: whoever has opened it is about to listen
                    self._book.touch()
                if how := self._way_out(now, piece):
                    return how
                heard = self._listeners and not self._held
                wait = clock.wait(bar) if heard or self._asked else 1.0
                if not wait:
                    self._under_way = self._weights
                    return ""
                self._changed.wait(min(wait, 1.0))

    def _way_out(self, now: float, piece: Opened) -> str:
        if len(self.bars) == piece.music.bars:
            return "whole"
        if self._asked == "parked" or (self._is_quiet and now - self._heard > self._pace.park):
            return "parked"
        if self.bars and (self._asked or now > piece.until):
            return self._asked or "late"
        return ""

    def _make(self, clock: PlayClock, piece: Opened) -> None:
        clock.begun(len(self.bars))
        made = playing.next_bar(piece.stream, len(self.bars), self._under_way or self._weights)
        self._book.add(made)
        self._keep(made, piece)
        with self._changed:
            clock.made(made.bar)

    def _keep(self, bar: PlayedBar, piece: Opened) -> None:
        self._sounds[bar.bar] = piece.sound.bar(bar.notes, (bar.bar + 1) * piece.music.bar_ticks)
        self._sounds.pop(bar.bar - KEPT_SOUNDS, None)
        with self._changed:
            self.bars.append(bar)
            self._under_way = None
            self._changed.notify_all()

    def _end(self, how: str, piece: Opened) -> None:
        """Writes down that the piece is over, and what it is settled with."""
        self._sounds[len(self.bars)] = piece.sound.finish()
        with suppress(BoundsNotKept):  # the order job says so
            attempt = attempt_of(piece.order, piece.stream)
            self._book.folder.once("attempt.json", attempt.to_bytes)
        self._book.end(len(self.bars), how)
        self._become("ended")

    def _become(self, state: State) -> None:
        with self._changed:
            self.state = state
            self._changed.notify_all()
