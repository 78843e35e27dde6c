"""Another rights split of a work: its document published here, put in force by the licensor's own transaction."""

from __future__ import annotations

import json
from dataclasses import replace

from fastapi import APIRouter

from contrafact.domain.digests import from_hex, to_hex
from contrafact.errors import NotFound, NotPermitted
from contrafact.read_model import WorkRow
from contrafact.web.auth.sessions import SignedIn
from contrafact.web.describing import told
from contrafact.web.documents import Documents
from contrafact.web.errors import answers
from contrafact.web.routing import IDEMPOTENT, IdempotentRoute
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.schemas.uploads import NewSplit, SplitRequest
from contrafact.web.services import Given, Services
from contrafact.web.splitting import confirmations_of, named, split_of

router = APIRouter(prefix="/v1/works", tags=["works"], route_class=IdempotentRoute)


@router.post("/{work}/splits", status_code=201, responses=answers(401, 403, 404, 409, 451), dependencies=IDEMPOTENT)
def prepare_split(work: Digest, asked: SplitRequest, caller: SignedIn, services: Given) -> NewSplit:
    """Publishes a work's document with another rights split, and prepares the transaction that puts it in force."""
    row = _own(services, work, caller.wallet)
    found = Documents(services.published).work(row.metadata)
    if found is None:
        raise NotFound("The work's document cannot be had here.", "Register what it says again, or ask its store.")
    split = split_of(asked.holders)
    credits, ipi = named(asked.holders, found.credits, found.identifiers.ipi)
    numbers = replace(found.identifiers, ipi=ipi)
    confirmed = confirmations_of(asked.holders)
    metadata = replace(found, split=split, credits=credits, confirmations=confirmed, identifiers=numbers)
    services.store.put(metadata.to_bytes())
    call = services.preparer.calls.works.change_split(row.work_id, metadata, row.terms)
    return NewSplit(
        split_root=to_hex(split.root),
        metadata=to_hex(metadata.digest()),
        document=json.loads(metadata.to_bytes()),
        steps=WalletSteps.of(told(services.preparer.steps(call, caller.wallet), metadata)),
    )


def _own(services: Services, work: str, wallet: str) -> WorkRow:
    row = services.read_model.work(from_hex(work))
    if row.licensor.lower() != wallet.lower():
        raise NotPermitted(f"{wallet} is not the licensor of this work.", "Its licensor alone changes its split.")
    return row
