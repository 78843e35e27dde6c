"""What the catalogue's events say: it grows with works and models, not with orders, and is in memory once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from contrafact.audit.calls import Disputed, OperatorKey, SunsetSince
from contrafact.audit.histories import grouped
from contrafact.audit.ports import DeployedContract, LicensorSince
from contrafact.domain.history import Anchored, Materialised, RoyaltyAccount, SplitVersion, TermsVersion
from contrafact.domain.models import Model
from contrafact.domain.orders import Eip712Domain
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.recoveries import Step, Takeover, takeovers
from contrafact.domain.registrations import Registry
from contrafact.domain.works import Work


@dataclass(frozen=True)
class Registered:
    """Works, licences, models, accounts, and the times of their blocks; `now` is the audited block's time.

    `ordered` are the ids of the works and models that any order names, `named_models` those that any event of a model
    names.
    """

    domain: Eip712Domain
    block: int
    now: int
    contracts: tuple[DeployedContract, ...]
    works: tuple[Work, ...]
    splits: tuple[SplitVersion, ...]
    licensors: tuple[LicensorSince, ...]
    terms: tuple[TermsVersion, ...]
    models: tuple[Model, ...]
    accounts: Mapping[bytes, RoyaltyAccount]
    collections: tuple[Anchored, ...]
    materialised: tuple[Materialised, ...]
    times: dict[int, int]
    operator_keys: tuple[OperatorKey, ...] = ()
    disputes: tuple[Disputed, ...] = ()
    sunsets: tuple[SunsetSince, ...] = ()
    recoveries: tuple[Step, ...] = ()
    pool_rules: Mapping[bytes, PoolRule] = field(default_factory=dict)
    ordered: frozenset[bytes] = frozenset()
    named_models: frozenset[bytes] = frozenset()

    @cached_property
    def address(self) -> Mapping[str, str]:
        """Contract name → address."""
        return {contract.name: contract.address for contract in self.contracts}

    @cached_property
    def registry(self) -> Registry:
        """Where ids of works and models count."""
        return Registry(self.domain.chain_id, self.address["Catalogue"])

    @cached_property
    def work(self) -> Mapping[bytes, Work]:
        return {work.work_id: work for work in self.works}

    @cached_property
    def model(self) -> Mapping[bytes, Model]:
        return {model.model_id: model for model in self.models}

    @cached_property
    def unregistered(self) -> Mapping[str, Sequence[bytes]]:
        """Ids that events name and none registers, of each kind of thing: `work` and `model`."""
        of_works = (self.splits, self.licensors, self.terms, self.disputes)
        works = {event.work_id for events in of_works for event in events}
        return {"work": sorted(works - set(self.work)), "model": sorted(self.named_models - set(self.model))}

    @cached_property
    def splits_of(self) -> Mapping[bytes, Sequence[SplitVersion]]:
        return grouped(self.splits, lambda e: e.work_id)

    @cached_property
    def licensors_of(self) -> Mapping[bytes, Sequence[LicensorSince]]:
        return grouped(self.licensors, lambda e: e.work_id)

    @cached_property
    def terms_of(self) -> Mapping[bytes, Sequence[TermsVersion]]:
        return grouped(self.terms, lambda e: e.work_id)

    @cached_property
    def keys_of(self) -> Mapping[str, Sequence[OperatorKey]]:
        """By operator."""
        return grouped(self.operator_keys, lambda e: e.operator)

    @cached_property
    def disputes_of(self) -> Mapping[bytes, Sequence[Disputed]]:
        return grouped(self.disputes, lambda e: e.work_id)

    @cached_property
    def sunsets_of(self) -> Mapping[tuple[bytes, str], Sequence[SunsetSince]]:
        """By model and token."""
        return grouped(self.sunsets, lambda e: (e.model_id, e.token))

    @cached_property
    def takeovers_of(self) -> Mapping[bytes, Sequence[Takeover]]:
        """By royalty account."""
        return grouped(takeovers(self.recoveries), lambda e: e.done.place[0])
