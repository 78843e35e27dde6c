"""What trying again gave: sound, notes, and the attempts before."""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.order_files import OrderFiles, Sound
from contrafact.audit.outcomes import Judge, Outcomes, Severity
from contrafact.audit.results import Done
from contrafact.domain.history import Committed
from contrafact.domain.record import AttributionRecord
from contrafact.ports import ReplayResult, Verdict

NO_RECORD = "The attribution record could not be read."


def files(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    order = _files(evidence, committed)
    if not isinstance(order.record, Done):
        yield judge.skip("audio.files", NO_RECORD)
        return
    record = order.record.value
    named = {"score (MIDI)": record.midi, "piece": record.mix.flac}
    named |= {f"stem {i}": stem.flac for i, stem in enumerate(record.stems)}
    for name, digest in named.items():
        yield judge.had("audio.files", order.files[digest], f"The {name} cannot be had.")


def pcm(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    order = _files(evidence, committed)
    if not isinstance(order.decoded, Done) or not isinstance(order.record, Done):
        yield judge.had("audio.pcm", order.decoded, "The sound files cannot be decoded.")
        return
    message = "The sound files hold another sound than the record names."
    yield from _same_sound("audio.pcm", order.decoded.value, order.record.value, message, judge)


def stems(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    order = _files(evidence, committed)
    if not isinstance(order.stem_error, Done):
        yield judge.had("audio.stems", order.stem_error, "The stems do not add up to the piece.")
        return
    message = "The stems do not add up to the piece, sample for sample."
    yield judge.that("audio.stems", order.stem_error.value == 0, message, largest_difference=order.stem_error.value)


def replay(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    result = _files(evidence, committed).replay
    if not isinstance(result, Done):
        yield judge.had("replay.same", result, "The piece cannot come from this order.")
        return
    found = result.value
    severity = Severity.WARNING if found.verdict == Verdict.DIVERGENT else Severity.ERROR
    holds = found.verdict == Verdict.IDENTICAL
    yield judge.that("replay.same", holds, _said(found), severity=severity, verdict=found.verdict, event=found.event)


def runs(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    order = _files(evidence, committed)
    if not isinstance(order.runs, Done) or not isinstance(order.record, Done):
        yield judge.had("replay.runs", order.runs, "The verbatim runs are not known.")
        return
    said, message = tuple(source.longest_run for source in order.record.value.sources), "The record states other runs."
    yield judge.equal("replay.runs", said, order.runs.value, message)


def first(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    """Where this machine computes as the operator's did, an earlier attempt that fits was withheld."""
    order = _files(evidence, committed)
    if not isinstance(order.viable, Done):
        yield judge.had("replay.first", order.viable, "The operator tried more often than it may.")
        return
    alike = isinstance(order.replay, Done) and order.replay.value.verdict == Verdict.IDENTICAL
    severity, message = Severity.ERROR if alike else Severity.WARNING, "An earlier attempt kept the order's bounds."
    yield judge.that("replay.first", not order.viable.value, message, severity=severity, attempts=order.viable.value)


def render(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    order = _files(evidence, committed)
    if not isinstance(order.rerendered, Done) or not isinstance(order.record, Done):
        yield judge.had("render.same", order.rerendered, "The notes cannot be rendered.")
        return
    record, again = order.record.value, order.rerendered.value
    yield from _same_sound("render.same", again.sound, record, "The notes sound otherwise than the record says.", judge)
    yield judge.equal("render.same", again.midi, record.midi, "The score is not that of the notes.")


def _files(evidence: Evidence, committed: Committed) -> OrderFiles:
    return evidence.orders[committed.commit.order_id]


def _same_sound(check: str, found: Sound, record: AttributionRecord, message: str, judge: Judge) -> Outcomes:
    yield judge.equal(check, found.mix, record.mix.pcm, message)
    yield judge.equal(check, found.stems, tuple(stem.pcm for stem in record.stems), f"{message} (Stems.)")


def _said(result: ReplayResult) -> str:
    where = "" if result.event is None else f" from event {result.event} on"
    if result.verdict == Verdict.DIVERGENT:
        return f"Generating again differs{where}, where rounding on this machine explains it. {result.detail}".strip()
    return f"Generating again contradicts the recorded notes{where}. {result.detail}".strip()
