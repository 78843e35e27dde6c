"""Which models learnt from a work, by their own published lists, and what their training pools took in and paid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from contrafact.domain.digests import from_hex
from contrafact.read_model import ModelRow, WorkRow, walked
from contrafact.web.documents import Documents
from contrafact.web.money import Purse
from contrafact.web.reads.learning import learnt_by
from contrafact.web.schemas.works import Learnt
from contrafact.web.services import Services


@dataclass(frozen=True, slots=True)
class Pool:
    """A model's pool in one token: what came in, and what was shared out in closed epochs; texts."""

    came_in: str
    shared: str
    epochs: int


@dataclass(frozen=True, slots=True)
class Model:
    """A model that learnt from the work; `paid` is what its pool paid the reader's wallet, one text for each token."""

    proof: Learnt
    name: str
    works: int | None
    pools: tuple[Pool, ...]
    paid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Training:
    """`unknown` counts models whose lists cannot be had, of which nobody can say whether they learnt from it."""

    models: tuple[Model, ...]
    unknown: int


def learnt(services: Services, documents: Documents, row: WorkRow, wallet: str) -> Training:
    """What is proved about the work; `wallet` is empty where nobody has signed in."""
    proofs, unknown = learnt_by(services, documents, row)
    paid = _paid(services, wallet) if wallet and proofs else {}
    models = []
    for proof in proofs:
        model = services.read_model.model(from_hex(proof.model))
        sums = paid.get(model.model.model_id, {})
        texts = tuple(services.currency(token).format(units) for token, units in sums.items())
        models.append(Model(proof, model.name or "", model.training_works, _pools(services, model), texts))
    return Training(tuple(models), len(unknown))


def _pools(services: Services, model: ModelRow) -> tuple[Pool, ...]:
    found = []
    for pool in model.pools:
        money = Purse(pool.token, services.currency)
        found.append(Pool(money(pool.credited).text, money(pool.closed).text, pool.epochs))
    return tuple(found)


def _paid(services: Services, wallet: str) -> dict[bytes, dict[str, int]]:
    """What reached the wallet, by work or model and token, in units."""
    found: dict[bytes, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for payment in walked(lambda page: services.read_model.payments(wallet, page)):
        found[payment.beneficiary][payment.token] += payment.amount
    return found
