"""Live orders: begun, heard bar by bar, steered and stopped by their makers, and by nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sse_starlette import EventSourceResponse, ServerSentEvent

from contrafact.domain.digests import from_hex
from contrafact.errors import ContrafactError, NotFound
from contrafact.order.live.session import LiveSession
from contrafact.web.auth.sessions import SignedIn
from contrafact.web.clients import asking
from contrafact.web.errors import answers
from contrafact.web.live import Performed, performed
from contrafact.web.routing import IDEMPOTENT, IdempotentRoute
from contrafact.web.schemas.errors import Error
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.live import LiveSteered, LiveView, LiveWeights
from contrafact.web.services import Given
from contrafact.web.streams import FAREWELL, CountedEvents, LastEventId, farewell, number_of

router = APIRouter(prefix="/v1/orders/{order}/live", tags=["live"], route_class=IdempotentRoute)
_LOOK = 0.05
"""Seconds between two looks for a new bar."""
_COME_BACK = 1_000
"""Milliseconds after which a client comes back when the service ends, or its stream gives way to another one."""
_EVENT: dict[str, Any] = {
    "type": "object",
    "title": "LiveEvent",
    "description": "`bar` with its number as id, then `ended`; or `error`.",
    "required": ["event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"type": "string", "enum": ["bar", "ended", "error"]},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {
                "anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("LiveBar", "LiveEnd", "Error")]
            },
        },
    },
    "examples": [{"id": "12", "event": "ended", "data": '{"bars":13,"why":"stopped","cost":{}}'}],
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Bars as they are made.", "content": {"text/event-stream": {"schema": _EVENT}}}
}
_SOUND: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bar's sound: FLAC, stereo, 48,000 Hz.",
        "content": {"audio/flac": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_MAKERS = (401, 403, 404)
After = Annotated[int | None, Query(ge=-1, description="Only bars after this one; as Last-Event-ID.", examples=[11])]

Left = Annotated[
    float | None,
    Query(ge=0, le=3600, description="Seconds by which you could have asked later without a gap.", examples=[0.4]),
]


@router.get("", responses=answers(*_MAKERS))
def get_live(order: Digest, caller: SignedIn, services: Given) -> LiveView:
    """How a live order stands: what it has played, what it costs so far, and how far its weights may move."""
    return performed(services, from_hex(order), caller).view()


@router.post("", responses=answers(402, *_MAKERS, 409), dependencies=IDEMPOTENT)
def begin_live(order: Digest, caller: SignedIn, services: Given) -> LiveView:
    """Begins a live order that is paid and confirmed, or goes on with it. Bars are made while it is listened to."""
    found = performed(services, from_hex(order), caller)
    found.require_playable()
    found.stage.open(found.row.order_id)
    return found.view()


@router.post("/weights", responses=answers(*_MAKERS, 409), dependencies=IDEMPOTENT)
def steer_live(order: Digest, asked: LiveWeights, caller: SignedIn, services: Given) -> LiveSteered:
    """Moves the weights, within the order's bounds, from the next bar on that is made."""
    found = performed(services, from_hex(order), caller)
    session = found.stage.steered(found.row.order_id)
    return LiveSteered(bar=session.steer(asked.weights), weights=asked.weights)


@router.post("/pause", responses=answers(*_MAKERS, 409), dependencies=IDEMPOTENT)
def pause_live(order: Digest, caller: SignedIn, services: Given) -> LiveView:
    """No more bars are made until somebody begins to follow the events anew: it says what ending now costs."""
    found = performed(services, from_hex(order), caller)
    found.stage.pause(found.row.order_id)
    return found.view()


@router.post("/stop", responses=answers(*_MAKERS, 409), dependencies=IDEMPOTENT)
def stop_live(order: Digest, caller: SignedIn, services: Given) -> LiveView:
    """Ends the piece after the bars that were given out; it is settled for those."""
    found = performed(services, from_hex(order), caller)
    found.require_playable()
    found.stage.stop(found.row.order_id)
    return found.view()


@router.get("/bars/{bar}", responses={**answers(*_MAKERS), **_SOUND}, response_class=Response)
def get_live_bar(
    order: Digest,
    bar: Annotated[int, Path(ge=0, le=100_000, examples=[7])],
    caller: SignedIn,
    services: Given,
    left: Left = None,
) -> Response:
    """The sound of a bar; after the last one, what still sounds. Played one after another, they make one sound.

    Who says each time how much later it could have asked hears other weights sooner: bars are made no earlier than
    they must be for it, and none where it stopped asking.
    """
    session = performed(services, from_hex(order), caller).session
    if session is not None and left is not None:
        session.asked(bar, left)
    data = session.sound(bar) if session is not None else None
    if data is None:
        raise NotFound(
            "The sound of this bar is not kept.", "Go on with the next one; the whole piece comes at the end."
        )
    if not data:
        return Response(status_code=204)
    return Response(data, media_type="audio/flac", headers={"Cache-Control": "private, max-age=600"})


@router.get("/events", responses={**answers(402, *_MAKERS, 409), **_STREAM}, response_class=EventSourceResponse)
async def follow_live(
    order: Digest,
    caller: SignedIn,
    services: Given,
    request: Request,
    after: After = None,
    last_event_id: LastEventId = None,
) -> EventSourceResponse:
    """The bars of a piece that was begun, each as soon as it is made. While nobody follows, no bar is made."""
    client = asking(request)
    services.streams.require_room(client)
    found = await run_in_threadpool(performed, services, from_hex(order), caller)
    session = await run_in_threadpool(_heard, found)
    known = number_of(last_event_id, -1 if after is None else after)
    ending = anyio.Event()
    events = _events(found, session, known, ending)
    options: dict[str, Any] = {"ping": 15, "shutdown_grace_period": FAREWELL}
    listening = None if session is None else session.listening()
    return CountedEvents(events, services.streams, client, ending, meanwhile=listening, **options)


def _heard(found: Performed) -> LiveSession | None:
    """The session to listen to; None for a piece that is over. Raises as `begin_live` does, and Busy before that."""
    if found.ended() is not None:
        return None
    found.require_playable()
    return found.stage.resumed(found.row.order_id)


async def _events(
    found: Performed, session: LiveSession | None, known: int, ending: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """Each bar after `known`, then the end. Where it has to end before, it says when to come back."""
    bars = session.bars if session is not None else await run_in_threadpool(found.played)
    while True:
        over = session is None or not session.is_open
        for bar in bars[known + 1 :]:
            known = bar.bar
            yield ServerSentEvent(found.bar(bar).model_dump_json(), event="bar", id=str(bar.bar))
        if over:
            yield await run_in_threadpool(_last, found, session, known)
            return
        await asyncio.sleep(_LOOK)
        if ending.is_set():
            yield farewell(_COME_BACK)
            return


def _last(found: Performed, session: LiveSession | None, known: int) -> ServerSentEvent:
    """That the piece is over; or why it is not, so that the client comes back with what it has."""
    if (ended := found.ended()) is not None:
        return ServerSentEvent(found.end(ended).model_dump_json(), event="ended", id=str(max(known, 0)))
    error = session.error if session is not None else None
    if not isinstance(error, ContrafactError):
        return ServerSentEvent(comment="nothing is played any more", retry=_COME_BACK)
    return ServerSentEvent(Error(**error.to_dict()).model_dump_json(), event="error")
