"""Models and their training pools over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.models import ModelMetadata
from contrafact.read_model import ModelRow, PoolRow
from contrafact.web.conditional import kept
from contrafact.web.documents import Documents
from contrafact.web.errors import answers
from contrafact.web.money import Purse
from contrafact.web.reads.work_views import Currencies, date, file_of
from contrafact.web.schemas.fields import Digest, Listed
from contrafact.web.schemas.models import Epoch, Model, ModelDetail, ModelPool, ModelPools, Pool, PoolRule, Rate
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1/models", tags=["models"])
LATEST = 20
"""Epochs of a pot that are told with it."""


@router.get("", responses=answers(304))
def list_models(request: Request, response: Response, services: Given) -> Listed[Model]:
    """All models."""
    rows = [model_of(row, services) for row in services.read_model.models()]
    return kept(request, response, Listed[Model](rows=rows, following=None))


@router.get("/{model}", responses=answers(304, 404))
def get_model(model: Digest, request: Request, response: Response, services: Given) -> ModelDetail:
    """A model, with what its document says."""
    detail = detail_of(services.read_model.model(from_hex(model)), services)
    return kept(request, response, detail)


@router.get("/{model}/pool", responses=answers(304, 404))
def get_pool(model: Digest, request: Request, response: Response, services: Given) -> ModelPools:
    """What came into a model's training pool, and its epochs."""
    row = services.read_model.model(from_hex(model))
    return kept(request, response, ModelPools(pools=pools_of(row, services)))


def model_of(row: ModelRow, services: Services) -> Model:
    return Model(**_fields(row, services.currency))


def detail_of(row: ModelRow, services: Services) -> ModelDetail:
    """The model, with what its document says where that can be had."""
    said = Documents(services.published).model(row.model.metadata)
    return ModelDetail(
        **_fields(row, services.currency),
        note=said.note if said else "",
        pool_rule=_rule(said) if said else None,
        manifest_document=file_of(said.manifest_document) if said else None,
    )


def pools_of(row: ModelRow, services: Services) -> list[ModelPool]:
    """The model's pots with their latest epochs. Raises ChainError."""
    return [ModelPool(pool=_pool(pool, services.currency), epochs=_epochs(pool, services)) for pool in row.pools]


def _fields(row: ModelRow, currency: Currencies) -> dict[str, object]:
    model = row.model
    return {
        "model": to_hex(model.model_id),
        "name": row.name,
        "registrant": model.registrant,
        "weights": to_hex(model.weights),
        "manifest": to_hex(model.manifest),
        "metadata": file_of(model.metadata),
        "rates": [
            Rate(price=Purse(token, currency)(rate), sunset=date(model.sunset_in(token)))
            for token, rate in model.rates.items()
        ],
        "sunset": date(model.sunset),
        "training_works": row.training_works,
        "block": model.block,
        "confirmed": row.confirmed,
        "pools": [_pool(pool, currency) for pool in row.pools],
    }


def _pool(row: PoolRow, currency: Currencies) -> Pool:
    money = Purse(row.token, currency)
    return Pool(
        token=row.token,
        credited=money(row.credited),
        closed=money(row.closed),
        claimed=money(row.claimed),
        pot=money(max(0, row.credited - row.closed)),
        epochs=row.epochs,
    )


def _epochs(row: PoolRow, services: Services) -> list[Epoch]:
    money, reader = Purse(row.token, services.currency), services.pools
    numbers = range(row.epochs, max(0, row.epochs - LATEST), -1)
    states = ((number, reader.epoch(row.model_id, row.token, number)) for number in numbers)
    return [
        Epoch(
            number=number,
            root=to_hex(state.root),
            total=money(state.total),
            left=money(state.left),
            open_until=date(state.open_until),
        )
        for number, state in states
    ]


def _rule(said: ModelMetadata) -> PoolRule:
    return PoolRule(rule=said.pool.rule.value, owner_cap=said.pool.owner_cap)
