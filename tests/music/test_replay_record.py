"""A record is replayed from a store alone; what cannot be replayed says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tiny

from contrafact.domain import events, seeds
from contrafact.domain.digests import sha256
from contrafact.domain.record import AttributionRecord, RecordAudio, RecordSource
from contrafact.errors import ReplayError
from contrafact.music.generate import Generator
from contrafact.ports import ContentStore, Verdict
from contrafact.records.opening import open_store
from contrafact.replaying import replay_record

REQUEST = tiny.request(seconds=8)
NOTHING = bytes(32)


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(tiny.model())


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return open_store(f"folder:{tmp_path}")


@pytest.fixture
def record(generator: Generator, store: ContentStore) -> AttributionRecord:
    request = replace(REQUEST, seed=seeds.seed(NOTHING, NOTHING, NOTHING, 0))
    made = generator.generate(request)
    base, shares = events.shares(made.events)
    rows = zip(request.sources, shares, made.longest_runs, strict=True)
    sources = []
    for source, share, run in rows:
        work, form = bytes.fromhex(source.work_id.removeprefix("0x")), put(store, source.form)
        sources.append(RecordSource(work, 1, form, source.weight, 0, share, run))
    return AttributionRecord(
        order_id=NOTHING, chain_id=1, contract="", maker_salt=NOTHING, secret=NOTHING, attempt=0, request=request.music,
        model_id=NOTHING, model_weights=generator.model_digest, max_base_share=200_000, base_share=base,
        sources=tuple(sources), events=put(store, events.to_bytes(made.events)), midi=NOTHING,
        licence=NOTHING, mix=RecordAudio(NOTHING, NOTHING), stems=(), generator=dict(generator.identity), renderer={},
    )  # fmt: skip


def put(store: ContentStore, data: bytes) -> bytes:
    store.put(data)
    return sha256(data)


def test_a_record_is_replayed(record: AttributionRecord, store: ContentStore, generator: Generator) -> None:
    assert replay_record(record, store, generator).verdict is Verdict.IDENTICAL


@pytest.mark.parametrize("attempt", [1, 2**32 - 1, 2**32, 2**53])
def test_another_attempt_is_contradicted(
    record: AttributionRecord, store: ContentStore, generator: Generator, attempt: int
) -> None:
    assert replay_record(replace(record, attempt=attempt), store, generator).verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": "contrafact/generator/0"}, "generator contrafact/generator/0; installed is"),
        ({"version": ["long"] * 1000}, "installed is"),
        ({"epsilon": "0.5"}, "not as it is installed: epsilon differ"),
    ],
)
def test_another_generator_is_told_from_the_same_with_other_constants(
    record: AttributionRecord, store: ContentStore, generator: Generator, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ReplayError) as raised:
        replay_record(replace(record, generator={**record.generator, **changes}), store, generator)
    assert words in raised.value.message
    assert len(raised.value.message) < 400


def test_other_verbatim_runs_than_those_of_the_notes_are_contradicted(
    record: AttributionRecord, store: ContentStore, generator: Generator
) -> None:
    first, *rest = record.sources
    understated = replace(record, sources=(replace(first, longest_run=first.longest_run + 1), *rest))
    assert replay_record(understated, store, generator).verdict is Verdict.CONTRADICTED
