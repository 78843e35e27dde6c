"""Reading the training pools: what happened, what the contract stores, and what is published of each epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from contrafact.audit.epochs import EpochFiles, Pools
from contrafact.audit.gather.documents import read
from contrafact.audit.gather.lazy import Lazy
from contrafact.audit.ports import AuditedLedger
from contrafact.audit.registered import Registered
from contrafact.audit.results import Done, Failed, Result, Skipped, then
from contrafact.consent import payable_works
from contrafact.domain.epochs import EpochRecord
from contrafact.domain.history import Anchored, Materialised, SplitVersion, TermsVersion
from contrafact.domain.influence_scores import InfluenceScores
from contrafact.domain.models import Model
from contrafact.domain.orders import Eip712Domain
from contrafact.domain.pool_history import EpochClosed
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.splits import account_id
from contrafact.domain.training_works import TrainingWork
from contrafact.domain.works import Work
from contrafact.errors import ContrafactError, StoreError
from contrafact.ports import ContentStore

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Implements the port ConsentLedger with the events that were read already."""

    chain: Registered

    @property
    def domain(self) -> Eip712Domain:
        return self.chain.domain

    @property
    def catalogue(self) -> str:
        return self.chain.address["Catalogue"]

    def works(self) -> Sequence[Work]:
        return self.chain.works

    def terms_history(self) -> Sequence[TermsVersion]:
        return self.chain.terms

    def split_history(self) -> Sequence[SplitVersion]:
        return self.chain.splits

    def licensor_changes(self) -> Sequence[tuple[bytes, str, int]]:
        return [(change.work_id, change.licensor, change.block) for change in self.chain.licensors]

    def collections(self) -> Sequence[Anchored]:
        return self.chain.collections

    def materialised(self) -> Sequence[Materialised]:
        return self.chain.materialised

    def models(self) -> Sequence[Model]:
        return self.chain.models


def read_pools(ledger: AuditedLedger, chain: Registered, store: ContentStore) -> Pools:
    """Everything about the training pools. Raises ChainError."""
    history, rules, root = ledger.pool_history(), ledger.pool_rules(), ledger.pool_root
    tokens = dict.fromkeys(token for _, token in history.pots)
    learnt = {model: _learnt_from(chain, store, model) for model in {event.pot[0] for event in history.closed}}
    closed = {(e.pot, e.number): e for e in history.closed}
    return Pools(
        address=ledger.pool_address,
        root=root,
        history=history,
        rules=rules,
        pots={pot: ledger.pot(*pot) for pot in history.pots},
        states={(e.pot, e.number): ledger.epoch(*e.pot, e.number) for e in history.closed},
        drawn={(model, token): ledger.place(account_id(model, root, token), 0).drawn for model, token in history.pots},
        balance={token: ledger.balance(ledger.pool_address, token) for token in tokens},
        files=Lazy(frozenset(closed), lambda epoch: _files(closed[epoch], rules, learnt[epoch[0][0]], store)),
    )


def _files(
    closed: EpochClosed, rules: Mapping[bytes, PoolRule], works: Result[Sequence[TrainingWork]], store: ContentStore
) -> EpochFiles:
    record = then(read(store, closed.evidence), EpochRecord.from_bytes)
    rule = rules.get(closed.pot[0], PoolRule())
    evaluation: Result[bytes] = Skipped("The pool's rule needs no evaluation.")
    if rule.rule is Rule.INFLUENCE:
        evaluation = read(store, rule.evidence)
    scores: Result[InfluenceScores] = Skipped("The epoch's record names no scores.")
    if isinstance(record, Done) and record.value.scores is not None:
        scores = then(read(store, record.value.scores), InfluenceScores.from_bytes)
    return EpochFiles(record, works, evaluation, scores)


def _learnt_from(chain: Registered, store: ContentStore, model_id: bytes) -> Result[Sequence[TrainingWork]]:
    """What the model learnt from, by its published manifest."""
    model = chain.model.get(model_id)
    if model is None:
        return Failed("The model is not registered.")
    return _tried(lambda: payable_works(Gathered(chain), store, model))


def _tried(read: Callable[[], T]) -> Result[T]:
    try:
        return Done(read())
    except StoreError as error:
        return Skipped(str(error))
    except ContrafactError as error:
        return Failed(str(error))
