"""Open event streams, which cost something as long as they last: so many, and so many of one client."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Annotated, Any

from fastapi import Header
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from contrafact.web.errors import Overloaded, TooManyRequests

FAREWELL = 2.0
"""Seconds that a stream has to end by itself when the service ends."""
LastEventId = Annotated[
    str | None, Header(max_length=20, description="Only what came after this event.", examples=["30007"])
]


class Streams:
    """Counts for one event loop."""

    def __init__(self, most: int = 100, most_of_one: int = 20) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._open: Counter[str] = Counter()

    def require_room(self, client: str) -> None:
        """Raises TooManyRequests or Overloaded where a further stream of the client's is one too many."""
        hint = "Close one, or ask for the order itself now and then."
        if self._open[client] >= self._most_of_one:
            raise TooManyRequests(f"You follow {self._most_of_one} orders already.", hint)
        if self._open.total() >= self._most:
            raise Overloaded("Too many orders are being followed.", "Ask for the order itself now and then.")

    @contextmanager
    def counted(self, client: str) -> Iterator[None]:
        """A stream that is open as long as the block runs."""
        self._open[client] += 1
        try:
            yield
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]


class CountedEvents(EventSourceResponse):
    """Is counted among its client's streams, inside of `meanwhile`, as long as it is sent."""

    def __init__(
        self,
        events: AsyncIterator[ServerSentEvent],
        streams: Streams,
        client: str,
        *,
        meanwhile: AbstractContextManager[None] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(events, **options)
        self._streams, self._client, self._meanwhile = streams, client, meanwhile or nullcontext()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._streams.counted(self._client), self._meanwhile:
            await super().__call__(scope, receive, send)


def farewell(retry: int) -> ServerSentEvent:
    """The last word of a stream whose service ends: in how many milliseconds to come back."""
    return ServerSentEvent(comment="the service ends", retry=retry)


def number_of(last_event_id: str | None, otherwise: int) -> int:
    """The number that a `Last-Event-ID` is; `otherwise` where it is none."""
    return int(last_event_id) if last_event_id and last_event_id.isdecimal() else otherwise
