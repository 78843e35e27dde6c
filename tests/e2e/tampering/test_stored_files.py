"""Somebody changes, removes or swaps a file in the content store after an honest order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contrafact.audit import AuditVerdict
from contrafact.domain.digests import cid, sha256
from contrafact.domain.works import Work
from contrafact.ports import ContentStore
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site

from .stage import Stage, file_of
from .verdicts import blamed, only_about

pytestmark = pytest.mark.slow

Change = Callable[[bytes], bytes]


def flipped(place: float) -> Change:
    """Changes one bit of the byte at `place`, from 0 (first) to 1 (last)."""

    def change(data: bytes) -> bytes:
        at = round(place * (len(data) - 1))
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    return change


CHANGES = {
    "first byte": flipped(0),
    "a byte in the middle": flipped(0.5),
    "last byte": flipped(1),
    "a byte appended": lambda data: data + b"\n",
    "last byte cut off": lambda data: data[:-1],
    "emptied": lambda data: b"",
}
OF_THE_ORDER: dict[str, tuple[Callable[[Stage], bytes], str]] = {
    "event ledger": (lambda stage: stage.honest.record.events, "events"),
    "piece": (lambda stage: stage.honest.record.mix.flac, "audio"),
    "stem of the base": (lambda stage: stage.honest.record.stems[0].flac, "audio"),
    "stem of the last source": (lambda stage: stage.honest.record.stems[-1].flac, "audio"),
    "MIDI": (lambda stage: stage.honest.record.midi, "audio"),
}
OF_THE_WORK: dict[str, Callable[[Work], bytes]] = {
    "metadata": lambda work: work.metadata,
    "content": lambda work: work.content,
    "source form": lambda work: work.source_form,
}


def tamper(site: Site, digest: bytes, change: Change) -> None:
    path = file_of(site, digest)
    honest = path.read_bytes()
    path.write_bytes(change(honest))
    assert path.read_bytes() != honest


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_record_of_which_one_byte_changed(settled: Stage, tmp_path: Path, change: Change) -> None:
    site = settled.site_in(tmp_path)
    tamper(site, settled.honest.record.digest(), change)
    report = audit_site(site)
    blamed(report, "order", settled.order_id, "record")
    only_about(report, settled.order_id)


def test_record_that_is_missing(settled: Stage, tmp_path: Path) -> None:
    site = settled.site_in(tmp_path)
    file_of(site, settled.honest.record.digest()).unlink()
    blamed(audit_site(site), "order", settled.order_id, "record")


def other_record(stage: Stage) -> bytes:
    """A valid record of the same order, of its second attempt."""
    return stage.prepare(stage.attempts[1]).record.to_bytes()


def test_record_replaced_by_another_under_its_name(settled: Stage, tmp_path: Path) -> None:
    site = settled.site_in(tmp_path)
    tamper(site, settled.honest.record.digest(), lambda data: other_record(settled))
    blamed(audit_site(site), "order", settled.order_id, "record")


def test_record_replaced_by_another_under_that_ones_own_name(settled: Stage, tmp_path: Path) -> None:
    site = settled.site_in(tmp_path)
    file_of(site, settled.honest.record.digest()).unlink()
    site.store.put(other_record(settled))
    blamed(audit_site(site), "order", settled.order_id, "record")


@pytest.mark.parametrize("name", OF_THE_ORDER)
def test_file_of_an_order_of_which_one_byte_changed(settled: Stage, tmp_path: Path, name: str) -> None:
    site = settled.site_in(tmp_path)
    digest, family = OF_THE_ORDER[name]
    tamper(site, digest(settled), flipped(0.5))
    report = audit_site(site)
    blamed(report, "order", settled.order_id, family)
    only_about(report, settled.order_id)


def test_files_of_an_order_that_are_missing(settled: Stage, tmp_path: Path) -> None:
    site = settled.site_in(tmp_path)
    for digest, _ in OF_THE_ORDER.values():
        file_of(site, digest(settled)).unlink()
    report = audit_site(site)
    for digest, family in OF_THE_ORDER.values():
        found = blamed(report, "order", settled.order_id, family)
        assert any(cid(digest(settled)) in finding.message for finding in found), found


@pytest.mark.parametrize("name", OF_THE_WORK)
def test_file_of_a_work_of_which_one_byte_changed(settled: Stage, tmp_path: Path, name: str) -> None:
    site = settled.site_in(tmp_path)
    work = ordered_work(settled)
    tamper(site, OF_THE_WORK[name](work), flipped(0.5))
    report = audit_site(site)
    blamed(report, "work", work.work_id, "work")
    only_about(report, work.work_id, settled.order_id)


def test_files_of_a_work_that_are_missing(settled: Stage, tmp_path: Path) -> None:
    site = settled.site_in(tmp_path)
    work = ordered_work(settled)
    for digest in OF_THE_WORK.values():
        file_of(site, digest(work)).unlink()
    report = audit_site(site)
    blamed(report, "work", work.work_id, "work")
    only_about(report, work.work_id, settled.order_id)


def ordered_work(stage: Stage) -> Work:
    """The second source of the order."""
    return next(work for work in stage.site.reader.works() if work.work_id == stage.quote.sources[1].work_id)


@pytest.mark.parametrize("change", [flipped(0.5), None], ids=["byte changed", "missing"])
def test_metadata_of_the_model(settled: Stage, tmp_path: Path, change: Change | None) -> None:
    site = settled.site_in(tmp_path)
    (model,) = site.reader.models()
    if change:
        tamper(site, model.metadata, change)
    else:
        file_of(site, model.metadata).unlink()
    report = audit_site(site)
    blamed(report, "model", model.model_id, "model")
    only_about(report, model.model_id, settled.order_id)


class LyingStore:
    """A content store that gives out other bytes for one CID, and does not check what it gives out."""

    def __init__(self, store: ContentStore, digest: bytes, lie: bytes) -> None:
        self._store, self._cid, self._lie = store, cid(digest), lie

    def put(self, data: bytes) -> str:
        return self._store.put(data)

    def get(self, cid: str) -> bytes:
        return self._lie if cid == self._cid else self._store.get(cid)

    def has(self, cid: str) -> bool:
        return self._store.has(cid)


LIES: dict[str, tuple[Callable[[Stage], bytes], Callable[[Stage], bytes], str]] = {
    "record": (lambda stage: stage.honest.record.digest(), other_record, "record"),
    "event ledger": (
        lambda stage: stage.honest.record.events,
        lambda stage: stage.prepare(stage.attempts[1]).files[0],
        "events",
    ),
    "piece": (lambda stage: stage.honest.record.mix.flac, lambda stage: stage.honest.files[3], "audio"),
}


@pytest.mark.parametrize("name", LIES)
def test_store_that_gives_out_other_content_unchecked(settled: Stage, tmp_path: Path, name: str) -> None:
    site = settled.site_in(tmp_path)
    digest, lie, family = LIES[name]
    site.store = LyingStore(site.store, digest(settled), lie(settled))
    blamed(audit_site(site), "order", settled.order_id, family)


def test_store_that_gives_out_another_works_source_form(settled: Stage, tmp_path: Path) -> None:
    site = settled.site_in(tmp_path)
    mine, other = settled.order.sources[0], settled.order.sources[1]
    site.store = LyingStore(site.store, sha256(mine.form), other.form)
    blamed(audit_site(site), "work", mine.work_id, "work")


def test_nothing_is_found_where_nothing_was_tampered_with(settled: Stage, tmp_path: Path) -> None:
    report = audit_site(settled.site_in(tmp_path))
    assert report.verdict is AuditVerdict.OK
    assert (report.findings, report.not_checked) == ((), ())
    assert report.scope["committed"] == 1
    assert settled.honest.record.digest() == committed_digest(settled)


def committed_digest(stage: Stage) -> bytes:
    (committed,) = stage.site.reader.committed(stage.order_id)
    return committed.commit.record_digest
