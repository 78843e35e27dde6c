"""An order's way as server-sent events: the stages that it has come to, then each new one, until there is no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import anyio
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from sse_starlette import EventSourceResponse, ServerSentEvent

from contrafact.domain.digests import from_hex
from contrafact.errors import ContrafactError
from contrafact.web.clients import asking
from contrafact.web.errors import answers
from contrafact.web.orders import order_row
from contrafact.web.progress import event_id, stages
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.orders import Progress
from contrafact.web.services import Given, Services
from contrafact.web.streams import FAREWELL, CountedEvents, LastEventId, farewell, number_of

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
_COME_BACK = 2_000
"""Milliseconds after which a client comes back when the service ends, or its stream gives way to another one."""
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Events named after their stage.", "content": {"text/event-stream": {"schema": _EVENT}}}
}


@router.get("", responses={**answers(404), **_STREAM}, response_class=EventSourceResponse)
async def follow_order(
    order: Digest,
    services: Given,
    request: Request,
    last_event_id: LastEventId = None,
) -> EventSourceResponse:
    """Follows an order until it is delivered, refunded, expired or stopped."""
    client = asking(request)
    services.streams.require_room(client)
    order_id, known = from_hex(order), number_of(last_event_id, -1)
    first = await run_in_threadpool(_stages, services, order_id)  # an order that does not exist is a plain 404
    ending = anyio.Event()
    events = _events(services, order_id, first, known, ending)
    ping, grace = int(services.settings.heartbeat_seconds) or 1, services.settings.poll_seconds + FAREWELL
    options: dict[str, Any] = {"ping": ping, "shutdown_grace_period": grace}
    return CountedEvents(events, services.streams, client, ending, **options)


async def _events(
    services: Services, order_id: bytes, found: tuple[Progress, ...], after: int, ending: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """Each stage once, those up to the event `after` left out; ends with a final one, or where asking fails.

    Where it has to end before, it says when to come back, with the id of what the client has.
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
            yield farewell(_COME_BACK)
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
