"""Replay of one attribution record from a content store alone."""

from __future__ import annotations

from typing import Any

from contrafact.contents import content
from contrafact.domain import events, seeds
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.generation import GenerationRequest, SourceInput
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ReplayError
from contrafact.ports import ContentStore, Generator, ReplayResult, Verdict


def replay_record(record: AttributionRecord, store: ContentStore, generator: Generator) -> ReplayResult:
    """Generates the recorded piece again and compares every draw and note, and the shares with what they sum to.

    Raises ReplayError where another model or generator made it, and what the store raises where evidence is missing.
    """
    if record.model_weights != generator.model_digest:
        text = (
            f"The record is of the model {to_hex(record.model_weights)}; installed is {to_hex(generator.model_digest)}."
        )
        raise ReplayError(text, "Install the version of Contrafact that carries that model.")
    if record.generator != generator.identity:
        raise ReplayError(*_other_generator(record.generator, generator.identity))
    ledger = events.from_bytes(content(store, record.events, record.protection))
    if events.shares(ledger) != (record.base_share, tuple(source.share for source in record.sources)):
        return ReplayResult(Verdict.CONTRADICTED, detail="the record's shares are not those of its notes")
    try:
        request = _request(record, store)
    except OverflowError:
        return ReplayResult(Verdict.CONTRADICTED, detail=f"there is no attempt {record.attempt}")
    result = generator.replay(request, ledger)
    if result.longest_runs not in (None, tuple(source.longest_run for source in record.sources)):
        return ReplayResult(Verdict.CONTRADICTED, detail="the record states other verbatim runs than its notes have")
    return result


def _other_generator(recorded: dict[str, Any], installed: dict[str, Any]) -> tuple[str, str]:
    """What is wrong, and what to do. Another version explains itself; the same one with other constants does not."""
    version = str(recorded.get("version", "without a name"))[:80]
    if version != installed["version"]:
        text = f"The record is of the generator {version}; installed is {installed['version']}."
        return text, "Install the version of Contrafact that the record names."
    names = sorted(name for name in recorded.keys() | installed.keys() if recorded.get(name) != installed.get(name))
    text = f"The record states the generator {version}, but not as it is installed: {', '.join(names)[:200]} differ."
    return text, "One of the two was changed without another version: compare the record with a fresh installation."


def _request(record: AttributionRecord, store: ContentStore) -> GenerationRequest:
    sources = tuple(
        SourceInput(to_hex(source.work_id), store.get(cid(source.source_form)), source.weight, source.min_share)
        for source in record.sources
    )
    seed = seeds.seed(record.order_id, record.maker_salt, record.secret, record.attempt)
    return GenerationRequest(sources, record.request, seed, record.max_base_share)
