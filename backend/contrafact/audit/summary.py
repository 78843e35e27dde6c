"""Orders as people read them: who paid, who got what, by which share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contrafact.audit.checks.orders import status_by_events
from contrafact.audit.evidence import Evidence, grouped
from contrafact.audit.opinions import OrderOpinions, order_opinions
from contrafact.audit.outcomes import Finding, NotChecked, Outcome, Severity
from contrafact.audit.results import LEFT_OUT, Done
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Committed, Funded
from contrafact.domain.models import Model
from contrafact.domain.orders import Commit, Quote, Source
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.ports import OrderStatus


@dataclass(frozen=True, slots=True)
class HolderPart:
    """What a rights holder earns of one payment, in token units, rounded down; `share` in ppm.

    Receipts count by what the account had received before (`part_of`), which no order's events tell: there it may be a
    unit more or less for each time that the account was credited.
    """

    holder: str
    share: int
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """What one work, or a model's training pool (`kind` "base"), received of an order.

    `share` in ppm of the piece; `weight` in ppm as ordered, None for a composition that is used through a recording.
    `holders` is empty where the split is not published. `rounding` are the units that no holder's part holds: they
    stay in the account until more comes in.
    """

    kind: str
    id: str
    name: str
    share: int
    weight: int | None
    amount: int
    holders: tuple[HolderPart, ...]

    @property
    def rounding(self) -> int:
        return self.amount - sum(part.amount for part in self.holders) if self.holders else 0


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One order. Amounts in units of `token`; `returned` is what the maker got back, a refund with its penalty.

    `verdict` is that of the checks on this order; `replay` says how a replay went, or why there was none.
    `opinions` are None for an order that was not delivered.
    """

    order_id: str
    status: OrderStatus
    verdict: str
    maker: str
    operator: str
    use: str
    seconds: int
    token: str
    escrowed: int
    operator_fee: int
    returned: int
    payments: tuple[Payment, ...]
    replay: str
    opinions: OrderOpinions | None

    @property
    def waiting(self) -> int:
        """What still lies in escrow."""
        return self.escrowed if self.status is OrderStatus.FUNDED else 0


def summary(evidence: Evidence, outcomes: Iterable[Outcome]) -> OrderSummary | None:
    """The order that the evidence is about, with the verdict of its checks; None where it was never funded."""
    funded = evidence.chain.events.funded
    return _summary(evidence, funded[0], _verdict(outcomes)) if funded else None


def _verdict(outcomes: Iterable[Outcome]) -> str:
    gaps = False
    for outcome in outcomes:
        if isinstance(outcome, Finding) and outcome.severity is Severity.ERROR:
            return "failed"
        gaps |= isinstance(outcome, NotChecked) and not outcome.excused and outcome.reason not in LEFT_OUT
    return "incomplete" if gaps else "ok"


def _summary(evidence: Evidence, funded: Funded, verdict: str) -> OrderSummary:
    chain, quote, order = evidence.chain, funded.quote, to_hex(funded.order_id)
    committed = next(iter(chain.committed_of[funded.order_id]), None)
    refunds = sum(event.amount + event.penalty for event in chain.refunded_of[funded.order_id])
    return OrderSummary(
        order_id=order,
        status=status_by_events(evidence, funded.order_id),
        verdict=verdict,
        maker=quote.maker,
        operator=quote.operator,
        use=quote.use.name.lower(),
        seconds=quote.duration,
        token=quote.token,
        escrowed=funded.escrowed,
        operator_fee=committed.operator_fee if committed else 0,
        returned=committed.refunded if committed else refunds,
        payments=_payments(evidence, funded, committed) if committed else (),
        replay=_replay(evidence, funded.order_id),
        opinions=_opinions(evidence, funded.order_id),
    )


def _payments(evidence: Evidence, funded: Funded, committed: Committed) -> tuple[Payment, ...]:
    quote, commit, model = funded.quote, committed.commit, evidence.chain.model.get(funded.quote.model_id)
    found = []
    for work_id, sources in grouped(quote.sources, lambda source: source.work_id).items():
        amount, split = _credited(evidence, funded, work_id), evidence.catalogue.splits.get(sources[0].split_root)
        share = sum(_share(quote, commit, source) for source in sources)
        weight = sum(source.weight for source in sources) or None
        title = work_title(evidence, work_id)
        found.append(Payment("work", to_hex(work_id), title, share, weight, amount, _parts(amount, split)))
    amount = _credited(evidence, funded, quote.model_id)
    split = evidence.catalogue.splits.get(quote.pool_root)
    name = f"{_model_name(evidence, model)} (training pool)"
    base = Payment("base", to_hex(quote.model_id), name, commit.base_share, None, amount, _parts(amount, split))
    return (*found, base)


def _share(quote: Quote, commit: Commit, source: Source) -> int:
    """The share that a source is paid by; a composition has that of its recording."""
    place = source.through - 1 if source.through else quote.sources.index(source)
    return dict(enumerate(commit.shares)).get(place, 0)


def work_title(evidence: Evidence, work_id: bytes) -> str:
    """The title in the work's description, or the start of its id."""
    work = evidence.chain.work.get(work_id)
    found = evidence.catalogue.works.get(work.metadata) if work else None
    return found.value.title if isinstance(found, Done) else f"work {to_hex(work_id)[:10]}…"


def _model_name(evidence: Evidence, model: Model | None) -> str:
    found = evidence.catalogue.models.get(model.metadata) if model else None
    return found.value.name if isinstance(found, Done) else "unknown model"


def _credited(evidence: Evidence, funded: Funded, beneficiary: bytes) -> int:
    events = evidence.chain.credited_of[funded.order_id]
    return sum(event.amount for event in events if event.beneficiary == beneficiary)


def _parts(amount: int, split: Split | None) -> tuple[HolderPart, ...]:
    if split is None:
        return ()
    return tuple(HolderPart(leaf.holder, leaf.share, amount * leaf.share // PPM) for leaf in split.leaves)


def _replay(evidence: Evidence, order: bytes) -> str:
    files = evidence.orders.get(order)
    if files is None:
        return ""
    return files.replay.value.verdict.value if isinstance(files.replay, Done) else files.replay.reason


def _opinions(evidence: Evidence, order: bytes) -> OrderOpinions | None:
    files = evidence.orders.get(order)
    return order_opinions(files.opinions, lambda work: work_title(evidence, work)) if files else None
