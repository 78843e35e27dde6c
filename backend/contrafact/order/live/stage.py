"""The live pieces that are played in this process: few at once, since each takes a processor while it is heard."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from contrafact.errors import Busy
from contrafact.order.folder import OrderFolder
from contrafact.order.live.book import LiveBook
from contrafact.order.live.opening import Players, open_piece
from contrafact.order.live.pace import Pace
from contrafact.order.live.session import LiveSession

REMEMBERED = 8
"""Sessions that are over, whose last bars can still be heard."""


class LiveStage:
    """`players` are called for when the first piece is opened. Thread-safe."""

    def __init__(self, players: Callable[[], Players], most: int = 2, pace: Pace | None = None) -> None:
        self._players, self._most, self.pace = players, most, pace or Pace()
        self._sessions: dict[bytes, LiveSession] = {}
        self._lock = Lock()

    def open(self, order_id: bytes) -> LiveSession:
        """The session that plays an order, begun or gone on with where there is none.

        Raises Busy where too many are played, or another process has the order, and what `open_piece` raises.
        """
        with self._lock:
            session = self._sessions.get(order_id)
            if session is None or not session.is_open:
                session = self._begun(order_id)
        session.opened()
        return session

    def resumed(self, order_id: bytes) -> LiveSession:
        """The session of a piece that was begun. Raises Busy for one that was not, and what `open` raises."""
        if self.book(order_id).salt is None:
            raise Busy("The piece was not begun.", "Begin it first.")
        return self.open(order_id)

    def steered(self, order_id: bytes) -> LiveSession:
        """The session that plays an order now. Raises Busy where there is none."""
        session = self._sessions.get(order_id)
        if session is None or not session.is_open:
            raise Busy("The piece is not being played.", "Begin it, or go on with it, first.")
        return session

    def find(self, order_id: bytes) -> LiveSession | None:
        """The session that plays an order, or played it last."""
        return self._sessions.get(order_id)

    def pause(self, order_id: bytes) -> None:
        """No more bars of a piece are made until somebody begins to listen anew; nor is one under way afterwards.

        Raises Busy where that takes too long.
        """
        session = self._sessions.get(order_id)
        if session is not None and session.is_open:
            session.pause()

    def stop(self, order_id: bytes) -> None:
        """Ends a piece after the bars that were given out. Raises Busy where none was, or another process has it."""
        session = self._sessions.get(order_id)
        if session is not None and session.is_open:
            session.stop()
            return
        book = self.book(order_id)
        with book.folder.held():
            if book.ended is None and not (played := book.played()):
                raise Busy("The piece was not begun.", "Begin it; an order that nobody begins is settled near its end.")
            if book.ended is None:
                book.end(len(played), "stopped")

    def book(self, order_id: bytes) -> LiveBook:
        """What was played of an order."""
        return LiveBook(OrderFolder(self._players().home, order_id))

    def close(self) -> None:
        """Leaves all pieces as they are, to be gone on with."""
        for session in list(self._sessions.values()):
            if session.is_open:
                session.park()

    def _begun(self, order_id: bytes) -> LiveSession:
        self._make_room()
        players = self._players()
        folder = OrderFolder(players.home, order_id)
        session = LiveSession(folder, lambda book: open_piece(players, book), self.pace)
        self._sessions.pop(order_id, None)
        self._sessions[order_id] = session
        session.start()
        return session

    def _make_room(self) -> None:
        """Raises Busy. A piece that nobody listens to makes room for one that somebody wants to hear."""
        playing = [session for session in self._sessions.values() if session.is_open]
        if len(playing) >= self._most:
            quiet = next((one for one in playing if one.is_idle), None)
            if quiet is None:
                text = f"{len(playing)} live pieces are being played already."
                raise Busy(text, "Try again in a few minutes; nothing of your order is used up meanwhile.")
            quiet.park()
        over = [order_id for order_id, session in self._sessions.items() if not session.is_open]
        for order_id in over[:-REMEMBERED]:
            del self._sessions[order_id]
