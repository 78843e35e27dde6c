"""A live piece in the making, and who it is made for. Model and sound are fakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any

import pytest

from contrafact.domain.generation import MusicRequest
from contrafact.domain.shares import PPM
from contrafact.errors import Busy
from contrafact.order.folder import OrderFolder
from contrafact.order.live import session as sessions
from contrafact.order.live.book import LiveBook
from contrafact.order.live.opening import Opened
from contrafact.order.live.pace import UNHEARD, Pace
from contrafact.order.live.session import LiveSession

MUSIC = MusicRequest(240, 240, 0, "major", (4, 4))


class FakeStream:
    """Bars without notes, at once; where it `goes` no more, it makes one that takes for ever."""

    def __init__(self) -> None:
        self.goes = Event()
        self.goes.set()

    def steer(self, weights: tuple[int, ...]) -> None: ...

    def __next__(self) -> tuple[()]:
        self.goes.wait()
        return ()

    def shares(self) -> tuple[int, tuple[int, ...]]:
        return 0, (PPM,)


class FakeSound:
    """Of silence."""

    def bar(self, notes: object, end: int) -> bytes:
        return b"a bar"

    def finish(self) -> bytes:
        return b""


@contextmanager
def played(folder: Path, park: float = 1000.0, stream: FakeStream | None = None) -> Iterator[LiveSession]:
    order: Any = SimpleNamespace(signed=SimpleNamespace(music=MUSIC), weights=(PPM,))
    made: Any = stream or FakeStream()
    orders = OrderFolder(folder, bytes(32))
    opened = Opened(order, made, FakeSound(), monotonic() + 1000)
    session = LiveSession(orders, lambda book: opened, Pace(park=park))
    session.start()
    session.opened()
    yield session
    session.park()


def wait_for(true: Callable[[], bool]) -> None:
    end = monotonic() + 60
    while not true():
        assert monotonic() < end
        sleep(0.01)


def test_a_listener_who_stopped_asking_holds_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "IDLE_SECONDS", 0.0)
    with played(tmp_path) as session, session.listening():
        wait_for(lambda: len(session.bars) > 0)
        session.asked(0, 0.0)
        wait_for(lambda: session.is_idle)
        made = len(session.bars)
        session.asked(made - 1, 0.0)
        wait_for(lambda: len(session.bars) == made + UNHEARD)
        wait_for(lambda: session.is_idle)
        session.asked(99_999, 0.0)
        assert session.is_idle  # a bar that there is not
        with session.listening():  # somebody who may never ask
            assert not session.is_idle


@pytest.mark.parametrize("how", ["stopped asking", "paused"])
def test_a_piece_that_is_followed_and_not_heard_leaves_memory_and_says_no_more_that_it_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    signs: list[LiveBook] = []
    monkeypatch.setattr(LiveBook, "touch", lambda book: signs.append(book))
    monkeypatch.setattr(sessions, "IDLE_SECONDS", 0.0)
    with played(tmp_path, park=2.0) as session, session.listening():
        wait_for(lambda: len(session.bars) > 0)
        if how == "paused":
            session.pause()
        else:
            session.asked(0, 0.0)
        wait_for(lambda: session.is_idle and len(signs) > len(session.bars))  # one with each bar that it waits for
        monkeypatch.setattr(sessions, "_SIGN_SECONDS", 0.0)
        before = len(signs)
        wait_for(lambda: session.state == "parked")
        assert len(signs) == before


def test_a_pause_does_not_say_that_no_bar_is_under_way_while_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = FakeStream()
    stream.goes.clear()
    with played(tmp_path, stream=stream) as session, session.listening():
        wait_for(lambda: session._under_way is not None)
        monkeypatch.setattr(sessions, "OPEN_SECONDS", 0.0)
        with pytest.raises(Busy):
            session.pause()
        stream.goes.set()
        monkeypatch.undo()
        session.pause()
        assert len(session.bars) == 1
