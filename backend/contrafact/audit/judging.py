"""Judging one order: its events, its files, a replay where one is asked for. The heavy part of an audit."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, replace
from functools import cached_property

from contrafact.audit.checks import order_outcomes
from contrafact.audit.evidence import Catalogue, Chain, Evidence, Storage
from contrafact.audit.gather import storage
from contrafact.audit.gather.calls import CallReader
from contrafact.audit.gather.foreign import ForeignStore
from contrafact.audit.gather.likeness import Likeness
from contrafact.audit.gather.orders import OrderGatherer
from contrafact.audit.judged import Judged
from contrafact.audit.order_events import OrderEvents
from contrafact.audit.ports import AuditedLedger, Tools
from contrafact.audit.registered import Registered
from contrafact.audit.summary import summary
from contrafact.domain.digests import to_hex
from contrafact.domain.money import Currency
from contrafact.ports import ContentStore


@dataclass(frozen=True, slots=True)
class OrderTask:
    """An order to judge, and whether it is generated and rendered again."""

    events: OrderEvents
    replayed: bool


@dataclass(frozen=True, slots=True)
class Common:
    """What every order is judged by, and every worker is given once. `foreign`: the store has nothing of all this."""

    registered: Registered
    catalogue: Catalogue
    sounds: bool
    foreign: bool = False

    @classmethod
    def of(cls, registered: Registered, catalogue: Catalogue, sounds: bool, foreign: bool = False) -> Common:
        """Without what only works are judged by."""
        return cls(registered, replace(catalogue, files={}, derived={}), sounds, foreign)

    def store(self, given: ContentStore) -> ContentStore:
        """The store that orders are judged with, where this one is `given`."""
        return ForeignStore() if self.foreign else given


@dataclass(frozen=True)
class OrderJudge:
    """Judges orders, one at a time. Raises ChainError where the chain cannot be reached."""

    ledger: AuditedLedger
    store: ContentStore
    tools: Tools
    common: Common

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self.store, self.tools, self.common.catalogue)

    @cached_property
    def _tokens(self) -> dict[str, Currency]:
        return {}

    @cached_property
    def _calls(self) -> CallReader:
        return CallReader(self.ledger)

    @cached_property
    def _gatherer(self) -> OrderGatherer:
        return OrderGatherer(self.store, self.tools, self.common.catalogue, self.common.sounds)

    def judge(self, task: OrderTask) -> Judged:
        evidence = self._evidence(task)
        outcomes = list(order_outcomes(evidence))
        order = task.events.order_id or b""
        status = evidence.storage.status[order].value
        return Judged.of("order", to_hex(order), outcomes, status, summary(evidence, outcomes))

    def _evidence(self, task: OrderTask) -> Evidence:
        events, registered = task.events, self.common.registered
        order = events.order_id or b""
        times = storage.times_of(self.ledger, events.blocks, registered.times)
        chain = Chain(registered, ChainMap(times, registered.times), events)
        stored, files, alike = self._stored(events), {}, {}
        if events.committed:
            files[order] = self._gatherer.order(chain, events.committed[0], task.replayed)
        if events.funded:
            alike[order] = self._likeness.compare(chain, events.funded[0])
        calls = {order: self._calls.of(chain, order)}
        return Evidence(chain, stored, self.common.catalogue, orders=files, alike=alike, calls=calls)

    def _stored(self, events: OrderEvents) -> Storage:
        """What the contracts store of the order, and how its tokens are written. A token is asked once."""
        tokens = {event.quote.token for event in events.funded}
        for token in tokens - set(self._tokens):
            self._tokens[token] = self.ledger.currency(token)
        of_tokens = {token: self._tokens[token] for token in tokens}
        return replace(storage.of_order(self.ledger, events.order_id or b""), tokens=of_tokens)
