"""All that an audit judges, gathered before anything is judged: events, storage, documents and trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from contrafact.audit.calls import Disputed, OperatorKey, OrderCalls, SunsetSince
from contrafact.audit.epochs import Pools
from contrafact.audit.histories import grouped as grouped
from contrafact.audit.histories import in_force as in_force
from contrafact.audit.order_files import OrderFiles
from contrafact.audit.ports import DeployedContract, LicensorSince
from contrafact.audit.results import Done, Result
from contrafact.domain.collections import Collection
from contrafact.domain.history import (
    Anchored,
    BondMoved,
    Committed,
    Credited,
    DownstreamPaid,
    Fined,
    Funded,
    HeldMoved,
    Materialised,
    Paid,
    Raised,
    Refunded,
    RoyaltyAccount,
    Ruled,
    SplitVersion,
    TermsVersion,
)
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.money import Currency
from contrafact.domain.orders import Eip712Domain
from contrafact.domain.registrations import Registry
from contrafact.domain.splits import Split
from contrafact.domain.training_consent import Licences
from contrafact.domain.works import Work, WorkMetadata
from contrafact.ports import Bond, OrderStatus, Place


@dataclass(frozen=True)
class Chain:
    """What the contracts' events say, with the timestamps of their blocks."""

    domain: Eip712Domain
    block: int
    contracts: tuple[DeployedContract, ...]
    works: tuple[Work, ...]
    splits: tuple[SplitVersion, ...]
    licensors: tuple[LicensorSince, ...]
    terms: tuple[TermsVersion, ...]
    models: tuple[Model, ...]
    funded: tuple[Funded, ...]
    committed: tuple[Committed, ...]
    refunded: tuple[Refunded, ...]
    raised: tuple[Raised, ...]
    downstream: tuple[DownstreamPaid, ...]
    rulings: tuple[Ruled, ...]
    fines: tuple[Fined, ...]
    bonds: tuple[BondMoved, ...]
    accounts: Mapping[bytes, RoyaltyAccount]
    credited: tuple[Credited, ...]
    held_moved: tuple[HeldMoved, ...]
    paid: tuple[Paid, ...]
    collections: tuple[Anchored, ...]
    materialised: tuple[Materialised, ...]
    times: Mapping[int, int]
    operator_keys: tuple[OperatorKey, ...] = ()
    disputes: tuple[Disputed, ...] = ()
    sunsets: tuple[SunsetSince, ...] = ()

    @cached_property
    def order_ids(self) -> tuple[bytes, ...]:
        """All orders that any event names, in the order of their first event."""
        named = [*(e.order_id for e in self.funded), *(e.commit.order_id for e in self.committed)]
        named += [*(e.order_id for e in self.refunded), *(e.order_id for e in self.credited)]
        fines = {fine.consent_id for fine in self.fines}
        return tuple(order for order in dict.fromkeys(named) if order not in fines)

    @cached_property
    def ordered(self) -> frozenset[bytes]:
        """Ids of the works and models that any order names."""
        quotes = [event.quote for event in self.funded]
        works = {source.work_id for quote in quotes for source in quote.sources}
        return frozenset(works | {quote.model_id for quote in quotes})

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
    def funded_of(self) -> Mapping[bytes, Sequence[Funded]]:
        return grouped(self.funded, lambda e: e.order_id)

    @cached_property
    def committed_of(self) -> Mapping[bytes, Sequence[Committed]]:
        return grouped(self.committed, lambda e: e.commit.order_id)

    @cached_property
    def refunded_of(self) -> Mapping[bytes, Sequence[Refunded]]:
        return grouped(self.refunded, lambda e: e.order_id)

    @cached_property
    def raised_of(self) -> Mapping[bytes, Sequence[Raised]]:
        return grouped(self.raised, lambda e: e.order_id)

    @cached_property
    def downstream_of(self) -> Mapping[bytes, Sequence[DownstreamPaid]]:
        return grouped(self.downstream, lambda e: e.order_id)

    @cached_property
    def rulings_of(self) -> Mapping[bytes, Sequence[Ruled]]:
        return grouped(self.rulings, lambda e: e.order_id)

    @cached_property
    def bonds_of(self) -> Mapping[tuple[str, str], Sequence[BondMoved]]:
        """By operator and token."""
        return grouped(self.bonds, lambda e: (e.operator, e.token))

    @cached_property
    def credited_of(self) -> Mapping[bytes, Sequence[Credited]]:
        return grouped(self.credited, lambda e: e.order_id)


@dataclass(frozen=True)
class Storage:
    """What the contracts store. A value is None where the contract reverted.

    `disputed` says of a work whether it is contested, and whether it is barred; `offer` of a model and a token the base
    rate and the sunset; `place` and `payee` are by account and index, `bond` and `withdrawal` by operator and token.
    """

    status: Mapping[bytes, OrderStatus]
    state: Mapping[bytes, bytes]
    licensor: Mapping[bytes, str | None]
    composition: Mapping[bytes, bytes | None]
    disputed: Mapping[bytes, tuple[bool, bool] | None]
    current_version: Mapping[bytes, int | None]
    licence: Mapping[tuple[bytes, int], int]
    offer: Mapping[tuple[bytes, str], tuple[int, int] | None]
    received: Mapping[bytes, int]
    place: Mapping[tuple[bytes, int], Place]
    payee: Mapping[tuple[bytes, int], str]
    bond: Mapping[tuple[str, str], Bond]
    withdrawal: Mapping[tuple[str, str], int]
    owed: Mapping[tuple[str, str], int]
    balance: Mapping[str, int]
    tokens: Mapping[str, Currency]


@dataclass(frozen=True)
class Catalogue:
    """Documents of works and models by their digest; presence of files by work and digest; source forms by work.

    `manifests` are by the digest of the model's description, `collections` by licensor and root; `pool_split` is that
    of models whose pool the TrainingPool contract shares out; `weights` say by their digest whether a model's weights
    are published or installed.
    """

    works: Mapping[bytes, Result[WorkMetadata]]
    models: Mapping[bytes, Result[ModelMetadata]]
    files: Mapping[tuple[bytes, bytes], Result[None]]
    derived: Mapping[bytes, Result[bytes]]
    manifests: Mapping[bytes, Result[Manifest]]
    collections: Mapping[tuple[str, bytes], Result[Collection]]
    pool_split: Split
    weights: Mapping[bytes, Result[None]] = field(default_factory=dict)

    @cached_property
    def splits(self) -> Mapping[bytes, Split]:
        """The published splits by their root, with that of the training pools."""
        from_works = [r.value.split for r in self.works.values() if isinstance(r, Done)]
        return {split.root: split for split in (*from_works, self.pool_split)}


@dataclass(frozen=True)
class Evidence:
    """Everything that the checks are given. `alike` are, by order, pairs of its sources that are one tune; `calls` what
    the transactions of each order show.
    """

    chain: Chain
    storage: Storage
    catalogue: Catalogue
    orders: Mapping[bytes, OrderFiles]
    pools: Pools
    alike: Mapping[bytes, Result[tuple[tuple[bytes, bytes], ...]]]
    calls: Mapping[bytes, OrderCalls] = field(default_factory=dict)

    @cached_property
    def licences(self) -> Licences:
        """What licensors permitted, as far as it is published."""
        chain, read = self.chain, self.catalogue.collections.items()
        return Licences(
            registry=chain.registry,
            works=chain.works,
            registrants={work: since[0].licensor for work, since in chain.licensors_of.items() if since},
            terms=chain.terms,
            anchored=chain.collections,
            materialised=chain.materialised,
            first_splits={work: versions[0].split_root for work, versions in chain.splits_of.items() if versions},
            collections={key: found.value for key, found in read if isinstance(found, Done)},
        )
