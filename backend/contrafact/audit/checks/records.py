"""Does the attribution record belong to its order, and do the shares follow from the notes?"""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes, show
from contrafact.audit.results import Done, then
from contrafact.domain import events as event_ledgers
from contrafact.domain import seeds
from contrafact.domain.digests import canonical_json, sha256, to_hex
from contrafact.domain.generation import TICKS_PER_QUARTER, EventLedger
from contrafact.domain.history import Committed, Funded
from contrafact.domain.orders import Quote
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use

BASE = "base"
FOLLOWING = ("names", "generator", "request", "seed", "sources", "protected", "commit")


def bounds(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    funded = evidence.chain.funded_of[committed.commit.order_id]
    if not funded:
        yield judge.skip("commit.bounds", "The order was never funded.")
        return
    commit, quote = committed.commit, funded[0].quote
    total = commit.base_share + sum(commit.shares)
    yield judge.equal("commit.bounds", total, PPM, "The committed shares do not sum to the whole.")
    count, message = len(quote.inference_set), "There is not one share for each source."
    yield judge.equal("commit.bounds", len(commit.shares), count, message)
    low, message = commit.base_share <= quote.max_base_share, "The base share is above the order's bound."
    yield judge.that("commit.bounds", low, message, found=commit.base_share, highest=quote.max_base_share)
    holds, message = quote.takes_duration(commit.duration), "The committed length is not what was ordered."
    yield judge.that("commit.bounds", holds, message, found=commit.duration, ordered=quote.duration)
    for share, source in zip(commit.shares, quote.inference_set, strict=False):
        message = f"The share of work {to_hex(source.work_id)} is below the order's bound."
        yield judge.that("commit.bounds", share >= source.min_share, message, found=share, lowest=source.min_share)


def record(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    """Everything that the record says, against the chain."""
    order = committed.commit.order_id
    found, funded = evidence.orders[order].record, evidence.chain.funded_of[order]
    yield judge.had("record.present", found, "The attribution record cannot be had.")
    if not isinstance(found, Done) or not funded:
        for rule in FOLLOWING:
            yield judge.skip(f"record.{rule}", "The record could not be read, or the order was never funded.")
        return
    yield from _names(evidence, found.value, funded[0], judge)
    yield from _generator(evidence, found.value, funded[0].quote, judge)
    yield from _request(found.value, funded[0].quote, judge)
    kept, message = seeds.commitment(found.value.secret), "The secret is not the one that the quote committed to."
    yield judge.equal("record.seed", kept, funded[0].quote.seed_commitment, message)
    yield from _sources(evidence, found.value, funded[0].quote, judge)
    holds, message = (
        found.value.protection is None or funded[0].quote.use is Use.PRIVATE,
        "A public piece is encrypted.",
    )
    yield judge.that("record.protected", holds, message, use=funded[0].quote.use.name.lower())
    message = "The chain was settled by other digests or shares than the record's."
    yield judge.equal("record.commit", found.value.commit().to_abi(), committed.commit.to_abi(), message)


def events(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    """The notes, and the shares that follow from them."""
    order = committed.commit.order_id
    ledger, funded = evidence.orders[order].events, evidence.chain.funded_of[order]
    yield judge.had("events.ledger", ledger, "The list of notes cannot be had.")
    if not isinstance(ledger, Done):
        yield judge.skip("events.shares", "The list of notes could not be read.")
        return
    if funded:
        expected = (BASE, *(to_hex(source.work_id) for source in funded[0].quote.inference_set))
        message = "The notes are attributed to other components than the base and the order's sources."
        yield judge.equal("events.ledger", ledger.value.components, expected, message)
        yield from _changes(ledger.value, funded[0].quote, judge)
    shares, stated = then(ledger, event_ledgers.shares), (committed.commit.base_share, committed.commit.shares)
    if isinstance(shares, Done):
        yield judge.equal("events.shares", stated, shares.value, "The committed shares do not follow from the notes.")
    else:
        yield judge.had("events.shares", shares, "No shares follow from the notes.")


def length(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    """Notes that nobody hears would count in the shares."""
    files = evidence.orders[committed.commit.order_id]
    if not isinstance(files.events, Done) or not isinstance(files.record, Done):
        yield judge.skip("events.length", "The record or the list of notes could not be read.")
        return
    last = max((note.onset + note.duration for note in files.events.value.notes), default=0)
    seconds, tempo = committed.commit.duration, files.record.value.request.tempo
    holds, message = last * 60 <= seconds * tempo * TICKS_PER_QUARTER, "Notes end after the length that was paid for."
    yield judge.that("events.length", holds, message, last_tick=last, seconds=seconds, tempo=tempo)
    yield from _stopped(evidence, committed, files.events.value, files.record.value, judge)


def _stopped(
    evidence: Evidence, committed: Committed, ledger: EventLedger, found: AttributionRecord, judge: Judge
) -> Outcomes:
    """A live piece alone may end before its last bar, and is then paid for the bars that it has."""
    music, stopped, seconds = found.request, ledger.stopped, committed.commit.duration
    expected = music.seconds if stopped is None else music.started_seconds(stopped)
    message = "The piece has more or fewer bars than were paid for."
    yield judge.equal("events.length", seconds, expected, message)
    funded = evidence.chain.funded_of[committed.commit.order_id]
    live = bool(funded) and funded[0].quote.use is Use.LIVE
    message = "A piece that is not live ended before its last bar."
    yield judge.that("events.length", live or stopped is None, message, bars=stopped)


def _changes(ledger: EventLedger, quote: Quote, judge: Judge) -> Outcomes:
    """Weights move in a live order only, each by no more than its drift."""
    ordered = [source.weight for source in quote.inference_set]
    steps = (abs(a - b) for change in ledger.changes for a, b in zip(change.weights, ordered, strict=False))
    moved, message = max(steps, default=0), "A weight was moved further from what was ordered than the order allows."
    yield judge.that("events.changes", moved <= quote.drift, message, moved=moved, allowed=quote.drift)


def _names(evidence: Evidence, found: AttributionRecord, funded: Funded, judge: Judge) -> Outcomes:
    domain, model = evidence.chain.domain, evidence.chain.model.get(funded.quote.model_id)
    pairs = {
        "order": (found.order_id, funded.order_id),
        "chain": (found.chain_id, domain.chain_id),
        "contract": (found.contract.lower(), domain.contract.lower()),
        "maker's salt": (found.maker_salt, funded.maker_salt),
        "model": (found.model_id, funded.quote.model_id),
        "model's weights": (found.model_weights, model.weights if model else None),
    }
    for name, (said, expected) in pairs.items():
        yield judge.equal("record.names", said, expected, f"The record names another {name}.")


def _generator(evidence: Evidence, found: AttributionRecord, quote: Quote, judge: Judge) -> Outcomes:
    """No operator excuses notes by a generator of its own: the model was registered with one."""
    model = evidence.chain.model.get(quote.model_id)
    described = evidence.catalogue.models.get(model.metadata) if model else None
    if not isinstance(described, Done):
        yield judge.skip("record.generator", "The model's metadata could not be read.")
        return
    said, message = sha256(canonical_json(found.generator)), "The record names another generator than its model."
    yield judge.equal("record.generator", said, described.value.generator, message)


def _request(found: AttributionRecord, quote: Quote, judge: Judge) -> Outcomes:
    message = "The record's music is not the one that was ordered."
    yield judge.equal("record.request", found.request.digest(), quote.request_digest, message)
    message = "The music that was ordered has another length than was paid for."
    yield judge.equal("record.request", found.request.seconds, quote.duration, message)


def _sources(evidence: Evidence, found: AttributionRecord, quote: Quote, judge: Judge) -> Outcomes:
    works, chosen = evidence.chain.work, quote.inference_set
    said = [(s.work_id, s.terms_version, s.source_form, s.weight, s.min_share) for s in found.sources]
    forms = [works[s.work_id].source_form if s.work_id in works else None for s in chosen]
    ordered = [(s.work_id, s.terms_version, form, s.weight, s.min_share) for s, form in zip(chosen, forms, strict=True)]
    message = "The record's sources are not the order's."
    yield judge.that("record.sources", said == ordered, message, found=rows(said), expected=rows(ordered))
    message = "The record states another bound on the base share than the order."
    yield judge.equal("record.sources", found.max_base_share, quote.max_base_share, message)
    stems, message = len(found.sources) + 1, "The record has not one stem for the base and each source."
    yield judge.equal("record.sources", len(found.stems), stems, message)


def rows(found: Sequence[object]) -> str:
    return "; ".join(map(show, found))
