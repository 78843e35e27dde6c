"""Collections: anchored, brought in work by work, withdrawn."""

from __future__ import annotations

from contrafact.domain.collections import Collection
from contrafact.domain.digests import from_hex
from contrafact.web.schemas import transactions as asking
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.services import Given, Services
from contrafact.web.transactions.preparing import calls, new_router, prepared

router = new_router()


@router.post("/anchor-collection")
def prepare_anchor_collection(asked: asking.Anchor, services: Given) -> WalletSteps:
    """Anchors a collection with the sender as the licensor of its works."""
    return prepared(services, calls(services).works.anchor(_collection(services, asked.collection)), asked.sender)


@router.post("/withdraw-collection")
def prepare_withdraw_collection(asked: asking.Withdraw, services: Given) -> WalletSteps:
    """Lets no further work of the sender's collection be brought onto the chain."""
    return prepared(services, calls(services).works.withdraw(from_hex(asked.root)), asked.sender)


@router.post("/materialise")
def prepare_materialise(asked: asking.Materialise, services: Given) -> WalletSteps:
    """Registers one work of an anchored collection, for its licensor; anybody may."""
    collection = _collection(services, asked.collection)
    call = calls(services).works.materialise(asked.licensor, collection, from_hex(asked.content))
    return prepared(services, call, asked.sender)


def _collection(services: Services, cid: str) -> Collection:
    """Raises NotFound, StoreError, and InvalidInput for what is no collection."""
    return Collection.from_bytes(services.published.get(cid))
