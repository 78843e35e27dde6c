"""All that checks are given, gathered before anything is judged: events, storage, documents and trials.

The catalogue's part is in memory, once. Of orders there is one at a time: an order's check sees the whole catalogue and
its own order's events. What is about all of them (accounts, bonds, tokens) is given to its checks as sums, in
`totals.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from contrafact.audit.calls import Disputed, OperatorKey, OrderCalls, SunsetSince
from contrafact.audit.epochs import Pools
from contrafact.audit.histories import grouped as grouped
from contrafact.audit.histories import in_force as in_force
from contrafact.audit.order_events import OrderEvents
from contrafact.audit.order_files import OrderFiles
from contrafact.audit.ports import DeployedContract, LicensorSince
from contrafact.audit.registered import Registered
from contrafact.audit.results import Done, Result
from contrafact.audit.sendings import Sendings
from contrafact.domain.collections import Collection
from contrafact.domain.history import (
    Anchored,
    Committed,
    Credited,
    DownstreamPaid,
    Funded,
    Materialised,
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
from contrafact.domain.recoveries import Takeover
from contrafact.domain.registrations import Registry
from contrafact.domain.splits import Split
from contrafact.domain.training_consent import Licences
from contrafact.domain.works import Work, WorkMetadata
from contrafact.ports import Bond, OrderStatus, Place


@dataclass(frozen=True)
class Chain:
    """What the contracts' events say: of the catalogue everything, of orders those of the one that is judged.

    `times` are of the blocks of both; `now` is the audited block's.
    """

    registered: Registered
    times: Mapping[int, int]
    events: OrderEvents = field(default_factory=OrderEvents)

    @property
    def domain(self) -> Eip712Domain:
        return self.registered.domain

    @property
    def block(self) -> int:
        return self.registered.block

    @property
    def now(self) -> int:
        return self.registered.now

    @property
    def contracts(self) -> tuple[DeployedContract, ...]:
        return self.registered.contracts

    @property
    def works(self) -> tuple[Work, ...]:
        return self.registered.works

    @property
    def splits(self) -> tuple[SplitVersion, ...]:
        return self.registered.splits

    @property
    def licensors(self) -> tuple[LicensorSince, ...]:
        return self.registered.licensors

    @property
    def terms(self) -> tuple[TermsVersion, ...]:
        return self.registered.terms

    @property
    def models(self) -> tuple[Model, ...]:
        return self.registered.models

    @property
    def accounts(self) -> Mapping[bytes, RoyaltyAccount]:
        return self.registered.accounts

    @property
    def collections(self) -> tuple[Anchored, ...]:
        return self.registered.collections

    @property
    def materialised(self) -> tuple[Materialised, ...]:
        return self.registered.materialised

    @property
    def ordered(self) -> frozenset[bytes]:
        """Ids of the works and models that any order names."""
        return self.registered.ordered

    @property
    def address(self) -> Mapping[str, str]:
        """Contract name → address."""
        return self.registered.address

    @property
    def registry(self) -> Registry:
        """Where ids of works and models count."""
        return self.registered.registry

    @property
    def work(self) -> Mapping[bytes, Work]:
        return self.registered.work

    @property
    def model(self) -> Mapping[bytes, Model]:
        return self.registered.model

    @property
    def splits_of(self) -> Mapping[bytes, Sequence[SplitVersion]]:
        return self.registered.splits_of

    @property
    def licensors_of(self) -> Mapping[bytes, Sequence[LicensorSince]]:
        return self.registered.licensors_of

    @property
    def terms_of(self) -> Mapping[bytes, Sequence[TermsVersion]]:
        return self.registered.terms_of

    @property
    def keys_of(self) -> Mapping[str, Sequence[OperatorKey]]:
        """By operator."""
        return self.registered.keys_of

    @property
    def disputes_of(self) -> Mapping[bytes, Sequence[Disputed]]:
        return self.registered.disputes_of

    @property
    def sunsets_of(self) -> Mapping[tuple[bytes, str], Sequence[SunsetSince]]:
        """By model and token."""
        return self.registered.sunsets_of

    @property
    def takeovers_of(self) -> Mapping[bytes, Sequence[Takeover]]:
        """By royalty account."""
        return self.registered.takeovers_of

    @cached_property
    def funded_of(self) -> Mapping[bytes, Sequence[Funded]]:
        return grouped(self.events.funded, lambda e: e.order_id)

    @cached_property
    def committed_of(self) -> Mapping[bytes, Sequence[Committed]]:
        return grouped(self.events.committed, lambda e: e.commit.order_id)

    @cached_property
    def refunded_of(self) -> Mapping[bytes, Sequence[Refunded]]:
        return grouped(self.events.refunded, lambda e: e.order_id)

    @cached_property
    def raised_of(self) -> Mapping[bytes, Sequence[Raised]]:
        return grouped(self.events.raised, lambda e: e.order_id)

    @cached_property
    def downstream_of(self) -> Mapping[bytes, Sequence[DownstreamPaid]]:
        return grouped(self.events.downstream, lambda e: e.order_id)

    @cached_property
    def rulings_of(self) -> Mapping[bytes, Sequence[Ruled]]:
        return grouped(self.events.rulings, lambda e: e.order_id)

    @cached_property
    def credited_of(self) -> Mapping[bytes, Sequence[Credited]]:
        return grouped(self.events.credited, lambda e: e.order_id)


def _none(transaction: str) -> Sendings | None:
    return None


@dataclass(frozen=True)
class Storage:
    """What the contracts store, of what is judged. A value is None where the contract reverted.

    `status` and `state` are of the order that is judged. `disputed` says of a work whether it is contested, and whether
    it is barred; `offer` of a model and a token the base rate and the sunset; `place` and `payee` are by account and
    index, `held` by account, `bond` and `withdrawal` by operator and token; `owed` is what all payees of a token are
    owed together.
    """

    status: Mapping[bytes, OrderStatus] = field(default_factory=dict)
    state: Mapping[bytes, bytes] = field(default_factory=dict)
    licensor: Mapping[bytes, str | None] = field(default_factory=dict)
    composition: Mapping[bytes, bytes | None] = field(default_factory=dict)
    disputed: Mapping[bytes, tuple[bool, bool] | None] = field(default_factory=dict)
    current_version: Mapping[bytes, int | None] = field(default_factory=dict)
    licence: Mapping[tuple[bytes, int], int] = field(default_factory=dict)
    offer: Mapping[tuple[bytes, str], tuple[int, int] | None] = field(default_factory=dict)
    received: Mapping[bytes, int] = field(default_factory=dict)
    held: Mapping[bytes, int] = field(default_factory=dict)
    place: Mapping[tuple[bytes, int], Place] = field(default_factory=dict)
    payee: Mapping[tuple[bytes, int], str] = field(default_factory=dict)
    bond: Mapping[tuple[str, str], Bond] = field(default_factory=dict)
    withdrawal: Mapping[tuple[str, str], int] = field(default_factory=dict)
    owed: Mapping[str, int] = field(default_factory=dict)
    balance: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, Currency] = field(default_factory=dict)

    sendings: Callable[[str], Sendings | None] = _none

    @cached_property
    def drawn(self) -> Mapping[bytes, int]:
        """What the contract counts as drawn from each account, over all places that are known."""
        sums: dict[bytes, int] = {}
        for (account, _), place in self.place.items():
            sums[account] = sums.get(account, 0) + place.drawn
        return sums


@dataclass(frozen=True)
class Catalogue:
    """Documents of works and models by their digest; presence of files by work and digest; source forms by work.

    `manifests` are by the digest of the model's description, `collections` by licensor and root; `pool_split` is that
    of models whose pool the TrainingPool contract shares out; `weights` say by their digest whether a model's weights
    are published or installed. `files` and `derived` are looked for when they are asked for.
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

    `orders`, `alike` and `calls` hold the order that is judged, or nothing.
    """

    chain: Chain
    storage: Storage
    catalogue: Catalogue
    orders: Mapping[bytes, OrderFiles] = field(default_factory=dict)
    pools: Pools = field(default_factory=lambda: Pools("", bytes(32)))
    alike: Mapping[bytes, Result[tuple[tuple[bytes, bytes], ...]]] = field(default_factory=dict)
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
