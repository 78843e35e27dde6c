"""An order's way as server-sent events: the stages that it has come to, then each new one, until there is no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from contrafact.domain.digests import from_hex
from contrafact.errors import ContrafactError
from contrafact.web.clients import client_of
from contrafact.web.errors import answers
from contrafact.web.orders import order_row
from contrafact.web.progress import event_id, stages
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.orders import Progress
from contrafact.web.services import Given, Services
from contrafact.web.streams import STALLED, Streams

router = APIRouter(prefix="/v1/orders/{order}/progress", tags=["orders"])
_EVENT: dict[str, Any] = {
    "type": "object",
    "title": "ProgressEvent",
    "description": "One event of the stream: its id, its stage's name, and the stage in JSON.",
    "required": ["event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"type": "string"},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/Progress"},
        },
    },
    "examples": [
        {
            "id": "30007",
            "event": "generating",
            "data": '{"stage":"generating","bar":7,"bars":16,"error":null,"is_final":false}',
        }
    ],
}
_FAREWELL = 2.0
"""Seconds that a stream has to end by itself when the service ends."""
_COME_BACK = 2_000
"""Milliseconds after which a client comes back then."""
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Events named after their stage.", "content": {"text/event-stream": {"schema": _EVENT}}}
}


class _Counted(EventSourceResponse):
    """Is counted among its client's streams as long as it is sent."""

    def __init__(
        self,
        events: AsyncIterator[ServerSentEvent],
        streams: Streams,
        client: str,
        ending: anyio.Event,
        **options: Any,
    ) -> None:
        super().__init__(events, shutdown_event=ending, send_timeout=STALLED, **options)
        self._streams, self._client, self._ending = streams, client, ending

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._streams.counted(self._client, self._ending):
            await super().__call__(scope, receive, send)


@router.get("", responses={**answers(404), **_STREAM}, response_class=EventSourceResponse)
async def follow_order(
    order: Digest,
    services: Given,
    request: Request,
    last_event_id: Annotated[
        str | None, Header(max_length=20, description="Only what came after this event.", examples=["30007"])
    ] = None,
) -> EventSourceResponse:
    """Follows an order until it is delivered, refunded, expired or stopped."""
    client = client_of(request.client.host if request.client else None)
    services.streams.require_room(client)
    order_id, after = from_hex(order), int(last_event_id) if last_event_id and last_event_id.isdecimal() else -1
    first = await run_in_threadpool(_stages, services, order_id)  # an order that does not exist is a plain 404
    ending = anyio.Event()
    events = _events(services, order_id, first, after, ending)
    ping, grace = int(services.settings.heartbeat_seconds) or 1, services.settings.poll_seconds + _FAREWELL
    return _Counted(events, services.streams, client, ending, ping=ping, shutdown_grace_period=grace)


async def _events(
    services: Services, order_id: bytes, found: tuple[Progress, ...], after: int, ending: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """Each stage once, those up to the event `after` left out; ends with a final one, or where asking fails.

    Where the service ends, or the stream gives way to another one, it says when to come back, with the id of what the
    client has.
    """
    said: set[str] = set()
    while True:
        for progress in found:
            written = progress.model_dump_json()
            if written not in said and event_id(progress) > after:
                yield ServerSentEvent(written, event=progress.stage, id=str(event_id(progress)))
            said.add(written)
        if found[-1].is_final:
            return
        await asyncio.sleep(services.settings.poll_seconds)
        if ending.is_set():
            yield ServerSentEvent(comment="come back", retry=_COME_BACK)
            return
        try:
            found = await run_in_threadpool(_stages, services, order_id)
        except ContrafactError as error:  # the client comes back, with the id of what it has
            yield ServerSentEvent(
                Progress.model_validate({"stage": found[-1].stage, "error": error.to_dict()}).model_dump_json(),
                event="error",
            )
            return


def _stages(services: Services, order_id: bytes) -> tuple[Progress, ...]:
    return stages(order_row(services, order_id), services.jobs.get(order_id), services.clock())
