"""Challenges, put together: what the audit finds of one order, what a replay gives, and the desk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contrafact.audit import Severity, Tools, audit
from contrafact.audit.outcomes import STORE
from contrafact.audit.results import Lack
from contrafact.challenging import Case
from contrafact.contents import content, record_document, work_document
from contrafact.domain import events, seeds
from contrafact.domain.challenges import ChallengeEvidence, CommittedOrder, Contradiction
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.documents import read_json
from contrafact.domain.generation import EventLedger, GenerationRequest, SourceInput
from contrafact.domain.history import Committed
from contrafact.domain.record import AttributionRecord
from contrafact.domain.terms import Use
from contrafact.errors import ContrafactError, InvalidInput, NotPermitted, ReplayError
from contrafact.ledger.challenge_desk import ChallengeReader, ChallengeWriter
from contrafact.ledger.signer import Signer
from contrafact.wiring.audited_ledger import ChainToAudit
from contrafact.wiring.auditing import FlacDecoder
from contrafact.wiring.site import Site, require_generation

SIGNED = ("commit.", "record.", "events.", "audio.", "replay.", "render.")
"""The families of rules about what an operator signs with a commit; everything else is not its word."""

_LACKS = {lack.value for lack in Lack}


def challenge_reader(site: Site) -> ChallengeReader:
    """The site's chain, with the desk's challenges."""
    return ChallengeReader(site.connection, site.deployment)


def challenge_writer(site: Site, account: Signer) -> ChallengeWriter:
    """What sends the account's transactions; see `Site.sending`."""
    return site.sending(ChallengeWriter, account)


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with one commit, and why a part of it could not be looked at.

    `lacking` is what only the auditor's store lacks or has damaged, as far as that is no ground.
    """

    contradictions: tuple[Contradiction, ...]
    gaps: tuple[str, ...]
    lacking: tuple[Contradiction, ...] = ()


def audited_order(
    site: Site, order_id: bytes, on_step: Callable[[str], None] = lambda step: None, withheld: bool = False
) -> Found:
    """What an audit finds of this order's commit, replay included; see `found_in`.

    Raises NotFound without the extra `generation`.
    """
    require_generation()
    tools = Tools(site.generator, site.renderer, FlacDecoder(), site.derive, same_tune=site.same_tune)
    report = audit(_OneCommit(site, order_id), site.store, tools, on_step)
    return found_in(json.loads(json.dumps(report.to_dict())), order_id, withheld)


def found_in(report: Mapping[str, Any], order_id: bytes, withheld: bool = False) -> Found:
    """What a report (`audit.json`) says of this order's commit. Raises InvalidInput for another document.

    A file that the auditor's store lacks is a ground only where it is `withheld`: no other copy has it either. Other
    bytes than were asked for never are: they say something of the store alone.
    """
    subject, grounds = to_hex(order_id), {Lack.MISSING.value} if withheld else set()
    try:
        errors = [row for row in report["findings"] if row["severity"] == Severity.ERROR.value]
        contradictions = [Contradiction.from_dict(row) for row in _about(errors, subject)]
        gaps = [f"{row['check']}: {row['reason']}" for row in _about(report["not_checked"], subject)]
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_report() from error
    lacking = tuple(one for one in contradictions if one.evidence.get(STORE, "") in _LACKS - grounds)
    return Found(tuple(one for one in contradictions if one not in lacking), tuple(gaps), lacking)


def read_report(data: bytes, site: Site) -> Mapping[str, Any]:
    """A report of an audit of this site's contracts. Raises InvalidInput for any other."""
    try:
        report = read_json(data)
        about = (report["chain_id"], report["addresses"]["GenerationEscrow"].lower())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_report() from error
    domain = site.reader.domain
    if about != (domain.chain_id, domain.contract.lower()):
        raise InvalidInput("This is an audit of other contracts.", "Audit these: contrafact audit --out FOLDER")
    return dict(report)


def evidence_of(site: Site, case: Case, found: Found) -> tuple[ChallengeEvidence, bytes | None]:
    """The evidence, and the notes that it names where they may be published: those of a private piece are not.

    Raises NotPermitted where nothing contradicts the commit, ReplayError where it could not be replayed.
    """
    commit, domain = case.order.committed.commit, site.reader.domain
    if not found.contradictions:
        _refuse(commit.order_id, found)
    record = _record(site, case.order)
    replayed = replayed_notes(site, case.order, record)
    notes = events.to_bytes(replayed) if replayed else None
    evidence = ChallengeEvidence(
        order_id=commit.order_id,
        chain_id=domain.chain_id,
        contract=domain.contract,
        record=commit.record_digest,
        committed_notes=commit.evidence_root,
        findings=found.contradictions,
        generator=site.generator.identity,
        weights=site.generator.model_digest,
        notes=sha256(notes) if notes else None,
        event=_first_difference(found.contradictions),
    )
    return evidence, None if record and record.protection else notes


def true_shares(site: Site, order: CommittedOrder) -> tuple[int, tuple[int, ...]] | None:
    """The shares of the piece as it is generated here; None where what the record says cannot be generated."""
    notes = replayed_notes(site, order, _record(site, order))
    return None if notes is None else events.shares(notes)


def replayed_notes(site: Site, order: CommittedOrder, record: AttributionRecord | None) -> EventLedger | None:
    """What order, secret and attempt give here. None without a record that names the ordered music and the secret which
    the quote committed to, where this is another model or generator, and for live pieces: those were steered.
    """
    quote = order.funded.quote
    if quote.use is Use.LIVE:
        return None
    if record is None or seeds.commitment(record.secret) != quote.seed_commitment:
        return None
    if record.request.digest() != quote.request_digest or not _same_generator(site, order, record):
        return None
    try:
        seed = seeds.seed(order.funded.order_id, order.funded.maker_salt, record.secret, record.attempt)
        request = GenerationRequest(tuple(_inputs(site, order)), record.request, seed, quote.max_base_share)
        return site.generator.generate(request).events
    except (ContrafactError, OverflowError):
        return None


class _OneCommit(ChainToAudit):
    """The chain as of now, with the commit of one order only: an audit of it reads and replays no other piece."""

    def __init__(self, site: Site, only: bytes) -> None:
        super().__init__(site.connection, site.deployment)
        self._only = only

    def committed(self, order_id: bytes | None = None, since: int = 0) -> Sequence[Committed]:
        return super().committed(self._only, since)


def _no_report() -> InvalidInput:
    return InvalidInput("This is not the report of an audit.", "Name the audit.json of `contrafact audit`.")


def _about(rows: Sequence[dict[str, Any]], order_id: str) -> list[dict[str, Any]]:
    own = [row for row in rows if (row["subject"]["kind"], row["subject"]["id"]) == ("order", order_id)]
    return [row for row in own if row["check"].startswith(SIGNED)]


def _refuse(order_id: bytes, found: Found) -> None:
    if found.lacking:
        raise NotPermitted(*_lacking(found.lacking))
    if replay := next((gap for gap in found.gaps if gap.startswith("replay.same")), None):
        raise ReplayError(f"Order {to_hex(order_id)} could not be replayed: {replay}", "Challenge what is known only.")
    text = f"Nothing contradicts what the operator of order {to_hex(order_id)} signed: its replay is the same."
    raise NotPermitted(text, "No challenge was filed, and no money moved; it would have lost its bond.")


def _lacking(found: Sequence[Contradiction]) -> tuple[str, str]:
    """Why this is no ground, and what to do about it."""
    said = f"All that does not hold is this copy of the content store: {found[0].message}"
    if any(one.evidence[STORE] == Lack.DAMAGED for one in found):
        return said, "Wrong bytes say nothing of the operator: ask another copy of the content store with --store."
    asked = "Ask another copy of the content store first (--store); where you asked all that there are: --withheld."
    return said, asked


def _record(site: Site, order: CommittedOrder) -> AttributionRecord | None:
    try:
        return record_document(site.store, order.committed.commit.record_digest)
    except ContrafactError:
        return None


def _same_generator(site: Site, order: CommittedOrder, record: AttributionRecord) -> bool:
    weights = [model.weights for model in site.reader.models() if model.model_id == order.funded.quote.model_id]
    return weights == [site.generator.model_digest] and record.generator == site.generator.identity


def _inputs(site: Site, order: CommittedOrder) -> Iterator[SourceInput]:
    sources = order.funded.quote.inference_set
    works = {work.work_id: work for work in site.reader.works({source.work_id for source in sources})}
    for source in sources:
        work = works[source.work_id]
        protection = work_document(site.store, work.metadata).protection
        form = content(site.store, work.source_form, protection)
        yield SourceInput(to_hex(source.work_id), form, source.weight, source.min_share)


def _first_difference(contradictions: Sequence[Contradiction]) -> int | None:
    """The event that the replay names, as the audit writes it."""
    named = (one.evidence.get("event", "") for one in contradictions if one.check == "replay.same")
    return next((int(event) for event in named if event.isdigit()), None)
