"""Was each order permitted, priced and kept as the contracts promise?"""

from __future__ import annotations

from contrafact.audit.evidence import Evidence, in_force
from contrafact.audit.outcomes import Judge, Loss, Outcomes, Severity
from contrafact.audit.results import Done, Failed, then
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Funded, TermsVersion
from contrafact.domain.models import Model
from contrafact.domain.order_state import REFUNDED, committed_word, funded_word
from contrafact.domain.orders import Quote, Source, order_id
from contrafact.domain.settlement import units
from contrafact.domain.shares import PPM
from contrafact.errors import ContrafactError, NotPermitted
from contrafact.ports import OrderStatus

MIN_DELIVERY, MAX_DELIVERY = 5 * 60, 7 * 86_400
"""Seconds that an operator has from funding to deadline, as the escrow has them."""


def identity(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    expected = order_id(funded.quote, evidence.chain.domain)
    yield judge.equal("order.id", funded.order_id, expected, "The quote's digest is not the order's id.")


def form(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    checked = then(Done(funded.quote), Quote.check)
    yield judge.that("order.form", isinstance(checked, Done), checked.reason if isinstance(checked, Failed) else "")


def escrow(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    expected, quote = funded.quote.escrow, funded.quote
    message = "What was escrowed is not what the order can cost at most."
    yield judge.paid("order.escrow", funded.escrowed, expected, message, quote.token, "the order's payees")


def model(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """The training pool lives from the base rate."""
    quote, known = funded.quote, evidence.chain.model.get(funded.quote.model_id)
    if known is None:
        yield judge.that("order.model", False, "The order's model is not registered.", model=quote.model_id)
        return
    rates = {token.lower(): rate for token, rate in known.rates.items()}
    message = "The order's base rate is not the one its model is registered with."
    yield judge.equal("order.model", quote.base_rate, rates.get(quote.token.lower()), message)
    yield judge.equal("order.model", quote.pool_root, known.pool_split_root, "The order pins another training pool.")
    sunsets = _sunsets(evidence, known, quote.token, funded.block)
    holds = any(not sunset or evidence.chain.times[funded.block] < sunset for sunset in sunsets)
    yield judge.that("order.model", holds, "The model took no orders any more.", sunset=sunsets)


def _sunsets(evidence: Evidence, model: Model, token: str, block: int) -> list[int]:
    """A model's sunset in a token during `block`: that of its registration, until works' terms bring it forward."""
    later = evidence.chain.sunsets_of[model.model_id, token]
    before = [change for change in later if change.block <= block]
    in_its_block = [change.sunset for change in before if change.block == block]
    held = [change.sunset for change in before if change.block < block]
    return [held[-1] if held else model.sunset, *in_its_block]


def compositions(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """Each recording is ordered with its composition, and nothing else is paid through it."""
    quote, works = funded.quote, evidence.chain.work
    chosen = [works[source.work_id] for source in quote.inference_set if source.work_id in works]
    expected = [(i, work.recording_of) for i, work in enumerate(chosen, start=1) if work.recording_of]
    found = [(source.through, source.work_id) for source in quote.sources if source.through]
    yield judge.equal("order.works", found, expected, "The order does not pay the compositions of its recordings.")


def permitted(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """The pinned terms were in force at the funding's block and permit the source; twin of `requirePermitted`.

    Proofs that operator or model are listed, and licensors' approvals, are in calldata only: see `signatures`.
    """
    alone, now, use = _one_licensor(evidence, funded), evidence.chain.times[funded.block], funded.quote.use
    for source in funded.quote.sources:
        version = _pinned(evidence, source)
        if version is None or version not in _terms_in_force(evidence, source, funded.block):
            message = f"Version {source.terms_version} of the terms of work {to_hex(source.work_id)} was not in force."
            yield judge.that("order.permitted", False, message)
            continue
        try:
            version.terms.require_permitted(to_hex(source.work_id), use, _weight(funded.quote, source), alone, now)
        except NotPermitted as error:
            yield judge.that("order.permitted", False, error.message)
        else:
            yield judge.that("order.permitted", True, "")


def undisputed(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """No contest of a source was open, and none was barred, when the order was funded."""
    for source in funded.quote.sources:
        history = in_force(evidence.chain.disputes_of[source.work_id], funded.block)
        first = evidence.chain.disputes_of[source.work_id][:1]
        free = not history or any(not state.disputed for state in history) or first[0].block == funded.block
        message = f"Work {to_hex(source.work_id)} was contested or barred when the order was funded."
        yield judge.that("order.undisputed", free, message, since=[state.block for state in history])


def distinct(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """No two chosen works are versions of one tune; a warning, for an ear decides it and the contract has none."""
    found = evidence.alike[funded.order_id]
    if not isinstance(found, Done):
        yield judge.skip("order.distinct", found.reason)
        return
    pairs = [f"{to_hex(one)} and {to_hex(other)}" for one, other in found.value]
    message = "Sources of the order are versions of one tune, which halve each other's share."
    yield judge.that("order.distinct", not pairs, message, severity=Severity.WARNING, versions=pairs)


def _weight(quote: Quote, source: Source) -> int:
    """The highest weight that a source can have: a composition has that of its recording."""
    heavy = quote.inference_set[source.through - 1] if source.through else source
    return min(PPM, heavy.weight + quote.drift)


def price(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    quote = funded.quote
    for source in quote.sources:
        version, work = _pinned(evidence, source), to_hex(source.work_id)
        if version is None:
            yield judge.skip("order.price", f"The terms of work {work} that the order pins are not on the chain.")
            continue
        try:
            expected = version.terms.price(quote.use, quote.token)
        except NotPermitted as error:
            yield judge.that("order.price", False, error.message, work=work, token=quote.token)
            continue
        loss = _underpaid(evidence, funded, source, expected)
        message = f"The price of work {work} is not the one in its terms."
        yield judge.equal("order.price", source.price, expected, message, loss=loss)
        message = f"The part of later revenue of work {work} is not the one in its terms."
        yield judge.equal("order.price", source.downstream, version.terms.downstream, message)


def splits(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    for source in funded.quote.sources:
        versions = in_force(evidence.chain.splits_of[source.work_id], funded.block)
        message = f"The order pins a rights split of work {to_hex(source.work_id)} that was not in force."
        roots = [split.split_root for split in versions]
        yield judge.that("order.split", source.split_root in roots, message, pinned=source.split_root, in_force=roots)


def once(evidence: Evidence, order: bytes, judge: Judge) -> Outcomes:
    """Funded once, first; then at most one of committed and refunded."""
    chain = evidence.chain
    funded = chain.funded_of[order]
    ends = [e.block for e in chain.committed_of[order]] + [e.block for e in chain.refunded_of[order]]
    message = "The order was not funded exactly once."
    yield judge.that("order.once", len(funded) == 1, message, times=len(funded))
    yield judge.that("order.once", len(ends) <= 1, "The order ended more than once.", times=len(ends))
    if funded and ends:
        first, last = funded[0].block, min(ends)
        yield judge.that("order.once", first <= last, "The order ended before it was funded.", funded=first, ended=last)


def times(evidence: Evidence, order: bytes, judge: Judge) -> Outcomes:
    chain, funded = evidence.chain, evidence.chain.funded_of[order]
    if not funded:
        yield judge.skip("order.times", "The order was never funded.")
        return
    quote, times = funded[0].quote, chain.times
    funded_at = times[funded[0].block]
    holds = funded_at <= quote.valid_until
    message = "The order was funded after its quote had ended."
    yield judge.that("order.times", holds, message, funded=funded_at, valid_until=quote.valid_until)
    holds, message = (
        MIN_DELIVERY <= quote.deadline - funded_at <= MAX_DELIVERY,
        "The deadline is too soon, or too late.",
    )
    yield judge.that("order.times", holds, message, funded=funded_at, deadline=quote.deadline)
    for committed in chain.committed_of[order]:
        at, message = times[committed.block], "The order was committed after its deadline."
        yield judge.that("order.times", at <= quote.deadline, message, committed=at, deadline=quote.deadline)
    for refunded in chain.refunded_of[order]:
        at, message = times[refunded.block], "The order was refunded before its deadline."
        yield judge.that("order.times", at > quote.deadline, message, refunded=at, deadline=quote.deadline)


def status(evidence: Evidence, order: bytes, judge: Judge) -> Outcomes:
    expected, found = status_by_events(evidence, order), evidence.storage.status[order]
    yield judge.equal(
        "order.status", found, expected, "The contract gives the order another status than its events say."
    )


def state(evidence: Evidence, order: bytes, judge: Judge) -> Outcomes:
    expected = _word(evidence, order, status_by_events(evidence, order))
    message = "The word stored for the order is not the hash of what its events say."
    yield judge.equal("order.state", evidence.storage.state[order], expected, message)


def status_by_events(evidence: Evidence, order: bytes) -> OrderStatus:
    """The status that follows from the order's events."""
    chain = evidence.chain
    if not chain.funded_of[order]:
        return OrderStatus.NONE
    if chain.refunded_of[order]:
        return OrderStatus.REFUNDED
    return OrderStatus.COMMITTED if chain.committed_of[order] else OrderStatus.FUNDED


def _word(evidence: Evidence, order: bytes, status: OrderStatus) -> bytes:
    chain = evidence.chain
    if status is OrderStatus.FUNDED:
        return funded_word(chain.funded_of[order][0])
    if status is OrderStatus.COMMITTED:
        raised = chain.raised_of[order]
        use = raised[-1].use if raised else None
        return committed_word(chain.funded_of[order][0], chain.committed_of[order][0].commit, use)
    return REFUNDED if status is OrderStatus.REFUNDED else bytes(32)


def _pinned(evidence: Evidence, source: Source) -> TermsVersion | None:
    history = evidence.chain.terms_of[source.work_id]
    return next((version for version in history if version.version == source.terms_version), None)


def _terms_in_force(evidence: Evidence, source: Source, block: int) -> tuple[TermsVersion, ...]:
    return in_force(evidence.chain.terms_of[source.work_id], block)


def _one_licensor(evidence: Evidence, funded: Funded) -> bool:
    """Whether one address was licensor of all sources when the order was funded."""
    histories = [evidence.chain.licensors_of[source.work_id] for source in funded.quote.sources]
    licensors = [{since.licensor for since in in_force(history, funded.block)} for history in histories]
    return bool(licensors and set.intersection(*licensors))


def _underpaid(evidence: Evidence, funded: Funded, source: Source, expected: int) -> Loss | None:
    """What the holders of a source lost by too low a price, once the order is settled."""
    settled = evidence.chain.committed_of[funded.order_id]
    if expected <= source.price or not settled:
        return None
    commit, quote = settled[0].commit, funded.quote
    try:
        count = units(commit.duration)
    except ContrafactError:
        return None
    share = dict(enumerate(commit.shares)).get(_place(quote, source), 0)
    amount = expected * count * share // PPM - source.price * count * share // PPM
    return Loss(quote.token, amount, f"holders of work {to_hex(source.work_id)}")


def _place(quote: Quote, source: Source) -> int:
    """The place of the share that a source is paid by."""
    return source.through - 1 if source.through else quote.sources.index(source)
