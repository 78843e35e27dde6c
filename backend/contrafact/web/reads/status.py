"""How far the index is."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Response

from contrafact.domain.digests import to_hex
from contrafact.web.errors import answers
from contrafact.web.schemas.fields import time
from contrafact.web.schemas.records import Status
from contrafact.web.services import Given

router = APIRouter(prefix="/v1", tags=["status"])


@router.get("/status", responses=answers(404))
def get_status(response: Response, services: Given) -> Status:
    """The newest block that is indexed, and the contracts that are followed."""
    found, deployment = services.read_model.status(), services.preparer.deployment
    response.headers["Cache-Control"] = "no-store"
    return Status(
        chain_id=deployment.chain_id,
        contracts=dict(deployment.contracts),
        block=found.block,
        block_hash=to_hex(found.block_hash),
        block_time=time(found.block_time),
        head=found.head,
        lag=found.lag,
        confirmed=found.confirmed,
        events=found.events,
        undescribed=found.undescribed,
        version=version("contrafact"),
    )
