"""Judging everything but orders: contracts, works, models, accounts, bonds, tokens and training pools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from contrafact.audit import checks
from contrafact.audit.checks import epochs
from contrafact.audit.epochs import Pools
from contrafact.audit.evidence import Catalogue, Chain, Evidence, Storage
from contrafact.audit.gather import storage
from contrafact.audit.gather.epochs import read_pools
from contrafact.audit.journal.sums import Sums
from contrafact.audit.journal.verdicts import Verdicts
from contrafact.audit.judged import Judged
from contrafact.audit.ports import AuditedLedger
from contrafact.audit.registered import Registered
from contrafact.audit.selecting import Selected
from contrafact.domain.digests import to_hex
from contrafact.domain.models import Model
from contrafact.domain.works import Work
from contrafact.ports import ContentStore


@dataclass(frozen=True)
class Whole:
    """What is judged with the catalogue and with sums over all orders. Each subject is judged once."""

    ledger: AuditedLedger
    store: ContentStore
    registered: Registered
    catalogue: Catalogue
    sums: Sums
    verdicts: Verdicts

    def contracts(self) -> Iterator[Judged]:
        for contract in self.registered.contracts:
            yield from self._judged(checks.CONTRACT_CHECKS, "contract", contract.address, contract, self.evidence)

    def unregistered(self) -> Iterator[Judged]:
        """Works and models that events name and none registers, in whatever scope: nothing else tells of them."""
        for kind, ids in self.registered.unregistered.items():
            for each in ids:
                of = checks.UNREGISTERED_CHECKS[kind]
                yield from self._judged(of, kind, to_hex(each), each, self.evidence)

    def works(self, works: Iterable[Work]) -> Iterator[Judged]:
        for work in works:
            if not self.verdicts.is_judged("work", to_hex(work.work_id)):
                evidence = self._with(storage.of_work(self.ledger, self.registered, work.work_id))
                yield from self._judged(checks.WORK_CHECKS, "work", to_hex(work.work_id), work, evidence)

    def models(self, models: Iterable[Model]) -> Iterator[Judged]:
        for model in models:
            if not self.verdicts.is_judged("model", to_hex(model.model_id)):
                evidence = self._with(storage.of_model(self.ledger, model))
                yield from self._judged(checks.MODEL_CHECKS, "model", to_hex(model.model_id), model, evidence)

    def money(self, selected: Selected) -> Iterator[Judged]:
        """Accounts, bonds, and, where nothing is left out, tokens."""
        evidence = self._with(self._stored(selected))
        for account, root in selected.accounts.items():
            opened = self.registered.accounts.get(account)
            history = self.sums.account(account, root, opened.token if opened else None)
            yield from self._judged(checks.ACCOUNT_CHECKS, "account", to_hex(account), history, evidence)
        for operator, token in selected.bonds:
            bond = self.sums.bond(operator, token)
            yield from self._judged(checks.BOND_CHECKS, "operator", operator, bond, evidence, f"{operator} {token}")
        if selected.scope.is_everything:
            for fine in self.ledger.fines():
                name, key = to_hex(fine.consent_id), f"{to_hex(fine.consent_id)} {fine.operator} {fine.token}"
                yield from self._judged(checks.FINE_CHECKS, "fine", name, fine, evidence, key)
            for token in evidence.storage.balance:
                yield from self._judged(checks.TOKEN_CHECKS, "token", token, self.sums.token(token), evidence)

    def pools(self, selected: Selected) -> Iterator[Judged]:
        """Epochs of the selected models' pools, and, where nothing is left out, the pools as a whole."""
        if selected.epochs is not None and not selected.epochs:
            return
        evidence = replace(self.evidence, pools=self._pools)
        for closed in self._pools.history.closed:
            if selected.epochs is None or closed.pot[0] in selected.epochs:
                yield from self._judged(checks.EPOCH_CHECKS, "epoch", epochs.name(closed), closed, evidence)
        if selected.scope.is_everything:
            for token in self._pools.balance:
                of = self.sums.token(token)
                yield from self._judged(checks.POOL_CHECKS, "token", token, of, evidence, f"{token} pool")

    @cached_property
    def evidence(self) -> Evidence:
        """The catalogue's part of the evidence."""
        return Evidence(Chain(self.registered, self.registered.times), Storage(), self.catalogue)

    @cached_property
    def _pools(self) -> Pools:
        return read_pools(self.ledger, self.registered, self.store)

    def _stored(self, selected: Selected) -> Storage:
        places = self.sums.places_paid()
        known = self.registered.accounts, places, self.catalogue.splits
        of_accounts = storage.of_accounts(self.ledger, selected.accounts, *known)
        of_bonds = storage.of_bonds(self.ledger, selected.bonds)
        stored = replace(of_accounts, bond=of_bonds.bond, withdrawal=of_bonds.withdrawal, sendings=self.ledger.sendings)
        if not selected.scope.is_everything:
            return stored
        balance, owed = storage.of_tokens(self.ledger, self.sums)
        return replace(stored, balance=balance, owed=owed)

    def _with(self, stored: Storage) -> Evidence:
        return replace(self.evidence, storage=stored)

    def _judged(
        self,
        of: dict[str, checks.Check],
        kind: str,
        name: str,
        subject: object,
        evidence: Evidence,
        key: str | None = None,
    ) -> Sequence[Judged]:
        """What is said of a subject; nothing where it was said before. `key` tells subjects of one name apart."""
        if self.verdicts.is_judged(kind, key or name):
            return ()
        outcomes = checks.outcomes(evidence, of, kind, name, subject)
        return (Judged.of(kind, key or name, outcomes),)
