"""Registering an upload as a work: checked and published here, registered by the wallet's own transaction."""

from __future__ import annotations

import json

from fastapi import APIRouter

from contrafact.domain.digests import from_hex, sha256, to_hex
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.works import Identifiers, WorkMetadata
from contrafact.registration import Statement
from contrafact.web.auth.sessions import SignedIn
from contrafact.web.describing import told
from contrafact.web.errors import answers
from contrafact.web.routes.uploads import uploads_of
from contrafact.web.routing import IDEMPOTENT, IdempotentRoute
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.schemas.uploads import Registration, RegistrationRequest
from contrafact.web.services import Given
from contrafact.web.splitting import confirmations_of, named, split_of
from contrafact.web.verdicts import recognised, stated, verdict

router = APIRouter(prefix="/v1/registrations", tags=["uploads"], route_class=IdempotentRoute)


@router.post("", status_code=201, responses=answers(401, 403, 404, 409, 451), dependencies=IDEMPOTENT)
def prepare_registration(asked: RegistrationRequest, caller: SignedIn, services: Given) -> Registration:
    """Publishes the documents of a work, and prepares the transaction that registers it. A copy is refused (409),
    and a version while nothing is stated about it."""
    kept = uploads_of(services).get(caller.wallet, from_hex(asked.upload))
    with services.gate.passed():
        data = kept.read()
        form = services.derive(data, kept.media_type)
        recognition = recognised(services, data, kept.media_type)
    note = stated(services, recognition, caller.wallet, _statement(asked))
    metadata = _metadata(asked, caller.wallet, kept.media_type, sha256(form), note)
    metadata.check()
    for document in (data, form, metadata.to_bytes()):
        services.store.put(document)
    preparer = services.preparer
    return Registration(
        work=to_hex(services.ledger.work_id_of(caller.wallet, metadata.content)),
        content=to_hex(metadata.content),
        source_form=to_hex(metadata.source_form),
        metadata=to_hex(metadata.digest()),
        split_root=to_hex(metadata.split.root),
        document=json.loads(metadata.to_bytes()),
        verdict=verdict(services, recognition),
        steps=WalletSteps.of(told(preparer.steps(preparer.calls.works.register(metadata), caller.wallet), metadata)),
    )


def _statement(asked: RegistrationRequest) -> Statement:
    kinds = (asked.contests, asked.version_of, asked.not_version_of)
    return Statement(*(frozenset(map(from_hex, works)) for works in kinds))


def _metadata(asked: RegistrationRequest, wallet: str, media_type: str, form: bytes, said: str) -> WorkMetadata:
    """The work's document. Raises InvalidInput for shares that are no split, and numbers that are none."""
    credits, numbers = named(asked.holders, asked.credits, {})
    return WorkMetadata(
        title=asked.title,
        catalogue_id=asked.catalogue_id,
        collection=asked.collection,
        credits=credits,
        media_type=media_type,
        content=from_hex(asked.upload),
        source_form=form,
        split=split_of(asked.holders) if asked.holders else Split.drafted([(wallet, PPM)]),
        note=" ".join(filter(None, (asked.note, said))),
        recording_of=from_hex(asked.recording_of) if asked.recording_of else None,
        identifiers=Identifiers.from_dict({"isrc": asked.isrc, "iswc": asked.iswc, "ipi": numbers}),
        confirmations=confirmations_of(asked.holders),
    )
