"""An audit from its beginning, or from where it stopped, to its report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from contrafact.audit.gather.catalogue import read_catalogue
from contrafact.audit.gather.chain import pin, read_orders, read_registered
from contrafact.audit.gather.foreign import NOTHING, ForeignStore, is_foreign
from contrafact.audit.journal import Journal
from contrafact.audit.journal.history import History
from contrafact.audit.journal.sums import Sums
from contrafact.audit.journal.verdicts import Verdicts
from contrafact.audit.judged import Judged
from contrafact.audit.judging import Common, OrderJudge, OrderTask
from contrafact.audit.parallel import Opener, judged, judged_by_many
from contrafact.audit.ports import AuditedLedger, Tools
from contrafact.audit.report import Report, Resumed, compile_report
from contrafact.audit.scope import Replayed, Replays, Scope
from contrafact.audit.selecting import Selected, select
from contrafact.audit.whole import Whole
from contrafact.domain.money import Currency
from contrafact.errors import InvalidInput, NotFound
from contrafact.ports import ContentStore


@dataclass(frozen=True)
class Plan:
    """How an audit is done. `sounds`: whether sound files are read.

    With a `journal`, a file, one that was interrupted goes on where it stopped, of the same `sources` alone: what is
    judged with, such as the places of content stores. One that was finished is done afresh, and its report, which is
    read from there, is gone. More than one of `jobs` need an `opener`. `on_order` is told how many orders are judged,
    of how many.
    """

    scope: Scope = field(default_factory=Scope)
    replays: Replays = field(default_factory=Replays)
    sounds: bool = True
    journal: Path | None = None
    jobs: int = 1
    opener: Opener | None = None
    on_order: Callable[[int, int], None] = field(default=lambda done, of: None)
    sources: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit:
    """One audit. What is said of a subject is in the journal before the next one is judged."""

    ledger: AuditedLedger
    store: ContentStore
    tools: Tools
    on_step: Callable[[str], None]
    plan: Plan
    journal: Journal

    def run(self) -> Report:
        """Reads, judges and reports. Raises ChainError, ComputeError, and NotFound for a scope that is not there."""
        try:
            report = self._run()
        except BaseException:
            self.journal.close()
            raise
        self.journal.release()
        return report

    def _run(self) -> Report:
        salt = pin(self.journal, self.ledger, self._pins)
        earlier = self.journal.judged()
        history = History(self.journal)
        read_orders(self.ledger, history, salt, self.on_step)
        self.on_step("reading the catalogue")
        registered = read_registered(self.ledger, history.ordered())
        foreign = is_foreign(self.store, registered)
        store = ForeignStore() if foreign else self.store
        catalogue = read_catalogue(registered, store, self.tools)
        if foreign and self.plan.scope.holders:
            raise NotFound(f"{NOTHING}, so nobody knows who holds which work.", "Give the right one with --store.")
        selected = select(self.journal, registered, catalogue, self.plan.scope)
        whole = Whole(self.ledger, store, registered, catalogue, Sums(self.journal), self._verdicts)
        common = Common.of(registered, catalogue, self.plan.sounds, foreign)
        for judged_ in self._all(whole, selected, common):
            self._verdicts.keep(judged_)
        report = compile_report(self.journal, registered, selected, self._replayed(selected), self._tokens())
        self.journal.finish()
        resumed = Resumed(str(self.plan.journal), earlier) if earlier else None
        return replace(report, resumed=resumed, foreign_store=foreign)

    def _all(self, whole: Whole, selected: Selected, common: Common) -> Iterator[Judged]:
        yield from whole.contracts()
        self.on_step("judging works and models")
        yield from whole.unregistered()
        yield from whole.works(selected.works)
        yield from whole.models(selected.models)
        yield from self._orders(selected, common)
        self.on_step("judging accounts, bonds and balances")
        yield from whole.money(selected)
        self.on_step("judging the training pools")
        yield from whole.pools(selected)

    def _orders(self, selected: Selected, common: Common) -> Iterator[Judged]:
        """What is said of each order that was not judged yet."""
        total = selected.orders.count()
        before = total - selected.orders.count("status IS NULL")
        self.plan.on_order(before, total)
        tasks = self._tasks(selected)
        for number, each in enumerate(self._judges(common, tasks), start=before + 1):
            self.on_step(f"order {number:,} of {total:,}: {each.name}")
            yield each
            self.plan.on_order(number, total)

    def _judges(self, common: Common, tasks: Iterator[OrderTask]) -> Iterator[Judged]:
        if self.plan.jobs == 1:
            return judged(OrderJudge(self.ledger, common.store(self.store), self.tools, common), tasks)
        if self.plan.opener is None:
            raise InvalidInput("Several processes cannot share a connection.", "Say how each opens its own: `opener`.")
        return judged_by_many(self.plan.opener, common, self.plan.jobs, tasks)

    def _tasks(self, selected: Selected) -> Iterator[OrderTask]:
        history, highest = History(self.journal), selected.orders.highest_rank(self.plan.replays)
        for order in selected.orders.orders():
            if not self._verdicts.is_judged("order", order):
                yield OrderTask(history.order(order), selected.orders.rank(order) <= highest)

    def _replayed(self, selected: Selected) -> Replayed:
        delivered = selected.orders.count("committed")
        return Replayed(str(self.plan.replays), self.plan.replays.of(delivered), delivered)

    def _tokens(self) -> dict[str, Currency]:
        return {token: self.ledger.currency(token) for token in Sums(self.journal).tokens()}

    @property
    def _verdicts(self) -> Verdicts:
        return Verdicts(self.journal)

    @property
    def _pins(self) -> dict[str, object]:
        """What must be the same for an audit to go on, beside the chain."""
        plan, tools = self.plan, self.tools
        generator = tools.generator.identity if tools.generator else None
        renderer = tools.renderer.identity if tools.renderer else None
        installed = {"generator": generator, "renderer": renderer, "opinions": tools.opine is not None}
        return {
            "scope": plan.scope.to_dict(),
            "replays": str(plan.replays),
            "sound files": plan.sounds,
            "tools": installed,
            **plan.sources,
        }
