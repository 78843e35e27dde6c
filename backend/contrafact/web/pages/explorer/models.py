"""Pages of models: what each learnt from, and where its training pool's money went."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.domain.digests import from_hex
from contrafact.domain.manifests import Manifest
from contrafact.web.documents import Documents
from contrafact.web.pages.explorer.views import money
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.reads import models as reads
from contrafact.web.schemas.fields import Digest
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
CLAIMS = 50
_EPOCHS = ("EpochClaimed",)


@router.get("/models")
def models(request: Request, services: Given) -> Response:
    """All models."""
    found = [reads.model_of(row, services) for row in services.read_model.models()]
    return page(request, "explorer/models.html.j2", area="explorer", title="Models", models=found)


@router.get("/models/{model}")
def model(model: Digest, request: Request, services: Given) -> Response:
    """A model: its training works, its pool, and who got what of it."""
    row = services.read_model.model(from_hex(model))
    manifest = Documents(services.published).manifest(row.model)
    found = reads.detail_of(row, services)
    return page(
        request, "explorer/model.html.j2", area="explorer", title=found.name or "A model without a published name",
        model=found, pools=reads.pools_of(row, services), manifest=manifest,
        registrants=_registrants(manifest), claims=_claims(services, row.model.model_id), most=CLAIMS,
    )  # fmt: skip


def _registrants(manifest: Manifest | None) -> list[tuple[str, int]]:
    """Who registered how many of the training works, most first."""
    return Counter(leaf.registrant for leaf in manifest.leaves).most_common() if manifest else []


def _claims(services: Services, model_id: bytes) -> list[dict[str, object]]:
    """What was paid out of the model's epochs, newest first."""
    happened = services.read_model.happenings_about([model_id], _EPOCHS)
    return [
        {
            "epoch": each.arguments["epoch"],
            "holder": each.arguments["holder"],
            "amount": money(services, each.arguments["amount"], each.arguments["token"]),
        }
        for each in reversed(happened)
    ][:CLAIMS]
