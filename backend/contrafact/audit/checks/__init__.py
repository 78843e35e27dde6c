"""All checks, by what they look at. Each is pure: evidence in, outcomes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contrafact.audit.checks import (
    accounts,
    bonds,
    code,
    epochs,
    fines,
    held,
    history,
    later,
    licences,
    models,
    money,
    orders,
    parties,
    records,
    recovered,
    sent,
    signatures,
    terms,
    training,
    transfers,
    trials,
    works,
)
from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Finding, Judge, Outcomes, Severity, Subject
from contrafact.domain.digests import to_hex

Check = Callable[[Evidence, Any, Judge], Outcomes]

CONTRACT_CHECKS: dict[str, Check] = {
    "code.published": code.published,
    "code.domain": code.signed_for,
}
WORK_CHECKS: dict[str, Check] = {
    "work.registered": works.registered,
    "work.id": works.identity,
    "work.once": works.once,
    "work.metadata": works.metadata,
    "work.described": works.described,
    "work.composition": works.composition,
    "work.files": works.files,
    "work.derived": works.derived,
    "work.splits": works.splits,
    "work.storage": works.storage,
    "terms.versions": terms.versions,
    "terms.hash": terms.hashes,
    "terms.since": terms.times,
    "terms.form": terms.form,
}
UNREGISTERED_CHECKS: dict[str, dict[str, Check]] = {
    "work": {"work.registered": works.unregistered},
    "model": {"model.registered": models.unregistered},
}
MODEL_CHECKS: dict[str, Check] = {
    "model.registered": models.registered,
    "model.id": works.model_identity,
    "model.once": models.once,
    "model.metadata": works.model_metadata,
    "model.weights": models.weights,
    "model.pool": works.model_pool,
    "model.rule": models.rule,
    "model.manifest": training.manifest,
    "model.consent": training.consent,
}
FUNDED_CHECKS: dict[str, Check] = {
    "order.id": orders.identity,
    "order.form": orders.form,
    "order.signed": signatures.quote,
    "order.asked": signatures.asked,
    "order.granted": signatures.granted,
    "order.works": orders.compositions,
    "order.permitted": orders.permitted,
    "order.undisputed": orders.undisputed,
    "order.distinct": orders.distinct,
    "order.parties": parties.parties,
    "order.price": orders.price,
    "order.split": orders.splits,
    "order.model": orders.model,
    "order.escrow": orders.escrow,
    "order.raised": later.raises,
    "order.revenue": later.revenue,
    "money.transfers": transfers.transfers,
}
ORDER_CHECKS: dict[str, Check] = {
    "order.once": orders.once,
    "order.times": orders.times,
    "order.status": orders.status,
    "order.state": orders.state,
    "order.open": history.waits_after_deadline,
    "order.secret": history.secret_once,
    "money.origin": money.origin,
}
COMMITTED_CHECKS: dict[str, Check] = {
    "commit.bounds": records.bounds,
    "commit.signed": signatures.commit,
    "commit.once": history.committed_once,
    "record.present": records.record,
    "record.licence": licences.licence,
    "events.ledger": records.events,
    "events.length": records.length,
    "audio.files": trials.files,
    "audio.pcm": trials.pcm,
    "audio.stems": trials.stems,
    "replay.same": trials.replay,
    "replay.runs": trials.runs,
    "replay.first": trials.first,
    "render.same": trials.render,
    "money.settlement": money.settlement,
}
REFUNDED_CHECKS: dict[str, Check] = {"money.refund": money.refund}
ACCOUNT_CHECKS: dict[str, Check] = {
    "money.received": accounts.received,
    "money.paid": accounts.paid,
    "money.holder": accounts.holders,
    "money.payee": accounts.payees,
    "money.confirmed": accounts.confirmed,
    "money.held": held.held,
    "money.recovered": recovered.recovered,
    "money.sent": sent.paid,
}
FINE_CHECKS: dict[str, Check] = {"money.fine": fines.divided}
BOND_CHECKS: dict[str, Check] = {"money.bond": bonds.bond}
TOKEN_CHECKS: dict[str, Check] = {
    "money.balance": money.balance,
    "money.conserved": money.conserved,
    "money.solvent": money.solvent,
}
EPOCH_CHECKS: dict[str, Check] = {
    "pool.epoch": epochs.record,
    "pool.split": epochs.split,
    "pool.root": epochs.root,
    "pool.claims": epochs.claims,
}
POOL_CHECKS: dict[str, Check] = {"pool.balance": epochs.balance}


def order_outcomes(evidence: Evidence) -> Outcomes:
    """The outcomes of all checks on the order whose events the evidence holds."""
    events = evidence.chain.events
    if events.order_id is None:
        return
    name = to_hex(events.order_id)
    for funded in events.funded:
        yield from outcomes(evidence, FUNDED_CHECKS, "order", name, funded)
    yield from outcomes(evidence, ORDER_CHECKS, "order", name, events.order_id)
    for committed in events.committed:
        yield from outcomes(evidence, COMMITTED_CHECKS, "order", name, committed)
    for refunded in events.refunded:
        yield from outcomes(evidence, REFUNDED_CHECKS, "order", name, refunded)


def outcomes(evidence: Evidence, checks: dict[str, Check], kind: str, name: str, subject: object) -> Outcomes:
    """The outcomes of some checks on one subject."""
    for rule, check in checks.items():
        yield from _guarded(evidence, rule, check, subject, Judge(Subject(kind, name)))


def _guarded(evidence: Evidence, rule: str, check: Check, subject: object, judge: Judge) -> Outcomes:
    """The outcomes of one check on one subject; evidence that breaks a check is a finding, and the rest goes on."""
    try:
        yield from check(evidence, subject, judge)
    except Exception as error:
        message = f"The evidence is such that it cannot be checked: {error!r}."
        yield Finding(rule, judge.subject, Severity.ERROR, message)
