"""Open event streams, which cost something as long as they last: so many, and so many of one client.

Where all are taken, a client's further stream takes the place of the oldest one of whoever holds most, so that a few
clients shut nobody out; one that plays a live piece goes last. Whose stream ends so asks again with what it has, and
gets 503 as long as all places are taken: a browser's EventSource gives up then, so that pages begin a new one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from operator import itemgetter
from typing import Annotated, Any, Protocol

import anyio
from fastapi import Header
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from contrafact.web.errors import Overloaded, TooManyRequests

FAREWELL = 2.0
"""Seconds that a stream has to end by itself when the service ends."""
STALLED = 60.0
"""Seconds after which a client that takes nothing is given up: it would not hear that it has to give way."""
LastEventId = Annotated[
    str | None, Header(max_length=20, description="Only what came after this event.", examples=["30007"])
]


class Ending(Protocol):
    """What a stream looks at, and ends once it is set."""

    def set(self) -> None: ...


class Streams:
    """Counts for one event loop."""

    def __init__(self, most: int = 100, most_of_one: int = 20) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._open: dict[str, list[tuple[bool, Ending]]] = {}
        """Those of each client, the oldest ahead, and whether it plays."""

    def require_room(self, client: str) -> None:
        """Raises TooManyRequests or Overloaded where a further stream of the client's is one too many."""
        hint = "Close one, or ask for the order itself now and then."
        if self._held(client) >= self._most_of_one:
            raise TooManyRequests(f"You follow {self._most_of_one} orders already.", hint)
        if self._is_full() and self._to_give_way(client) is None:
            raise Overloaded("Too many orders are being followed.", "Ask for the order itself now and then.")

    @contextmanager
    def counted(self, client: str, ending: Ending, plays: bool = False) -> Iterator[None]:
        """A stream that is open as long as the block runs; `ending` is set where it has to give way to another one.

        One that `plays` does so only where its client has no other.
        """
        if self._is_full() and (other := self._to_give_way(client)) is not None:
            oldest = min(self._open[other], key=itemgetter(0))
            self._close(other, oldest)
            oldest[1].set()
        stream = (plays, ending)
        self._open.setdefault(client, []).append(stream)
        try:
            yield
        finally:
            self._close(client, stream)

    def _to_give_way(self, client: str) -> str | None:
        """Who holds most, if that is more than the client would hold then: else the two would displace each other."""
        most = max(self._open, key=self._held, default=client)
        return most if self._held(most) > self._held(client) + 1 else None

    def _close(self, client: str, stream: tuple[bool, Ending]) -> None:
        """Counts a stream no more, unless that was done already."""
        held = self._open.get(client, [])
        if stream in held:
            held.remove(stream)
        if not held:
            self._open.pop(client, None)

    def _is_full(self) -> bool:
        return sum(map(len, self._open.values())) >= self._most

    def _held(self, client: str) -> int:
        return len(self._open.get(client, ()))


class CountedEvents(EventSourceResponse):
    """Is counted among its client's streams, inside of `meanwhile`, as long as it is sent.

    `ending` is set where the service ends, and where the stream gives way; the events end then.
    """

    def __init__(
        self,
        events: AsyncIterator[ServerSentEvent],
        streams: Streams,
        client: str,
        ending: anyio.Event,
        *,
        meanwhile: AbstractContextManager[None] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(events, shutdown_event=ending, send_timeout=STALLED, **options)
        self._streams, self._client, self._ending = streams, client, ending
        self._meanwhile = meanwhile

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given_up = suppress(SendTimeoutError)  # the server closes what was not sent to its end
        counted = self._streams.counted(self._client, self._ending, plays=self._meanwhile is not None)
        with counted, self._meanwhile or nullcontext(), given_up:
            await super().__call__(scope, receive, send)


def farewell(retry: int) -> ServerSentEvent:
    """The last word of a stream that ends before its time: in how many milliseconds to come back."""
    return ServerSentEvent(comment="come back", retry=retry)


def number_of(last_event_id: str | None, otherwise: int) -> int:
    """The number that a `Last-Event-ID` is; `otherwise` where it is none."""
    return int(last_event_id) if last_event_id and last_event_id.isdecimal() else otherwise
