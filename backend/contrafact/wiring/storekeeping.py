"""Care for a content store: everything that the ledger refers to, whether it is there, and putting it there again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import BinaryIO

from contrafact.consent import read_manifest
from contrafact.contents import work_document
from contrafact.domain.digests import cid, digest_of_cid, sha256, to_hex
from contrafact.domain.protection import Protection
from contrafact.domain.record import AttributionRecord
from contrafact.domain.withdrawals import Withdrawal
from contrafact.domain.works import Work
from contrafact.errors import ContrafactError, NotFound, StoreError, Withdrawn, WrongBytes
from contrafact.ledger.signer import Signer
from contrafact.ports import ContentStore, KeptStore
from contrafact.records.car import read_car, write_car
from contrafact.wiring.pools import pool_reader
from contrafact.wiring.site import Site


class State(StrEnum):
    HERE = "here"
    MENDED = "mended"
    MISSING = "missing"
    DAMAGED = "damaged"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "out of reach"


@dataclass(frozen=True, slots=True)
class Reference:
    """A content that the ledger refers to, and as what. Of what is protected, it is the ciphertext."""

    cid: str
    what: str


def referenced(site: Site, store: ContentStore) -> list[Reference]:
    """All that the ledger refers to, each content once, by the documents that `store` has.

    What an unreadable document would name is not known.
    """
    found = [*_of_works(site, store), *_of_models(site, store), *_of_orders(site, store), *_of_pools(site)]
    found += [Reference(cid(anchor.document), "collection") for anchor in site.reader.collections()]
    return list({reference.cid: reference for reference in found}.values())


def examine(store: KeptStore, reference: Reference, source: ContentStore | None = None) -> tuple[State, str]:
    """Whether the content is there, whole; where it is not and `source` has it, it is put there. With a reason."""
    try:
        store.get(reference.cid)
    except Withdrawn as error:
        return State.WITHDRAWN, error.message
    except (NotFound, WrongBytes) as error:
        state = State.MISSING if isinstance(error, NotFound) else State.DAMAGED
        return _mended(store, reference, source) if source else (state, error.message)
    except StoreError as error:
        return State.UNREACHABLE, error.message
    return State.HERE, ""


def evidence(site: Site, order_id: bytes) -> tuple[str, list[Reference]]:
    """The CID of an order's record, and all that an audit of this order reads: record, files, works, model.

    Raises NotFound where the order was not committed, and what the store raises for its record.
    """
    committed = next(iter(site.reader.committed(order_id)), None)
    if committed is None:
        raise NotFound(f"No commit of an order {to_hex(order_id)} is on the chain.", "Check the id, and the chain.")
    address = cid(committed.commit.record_digest)
    record = AttributionRecord.from_bytes(site.kept_store.get(address))
    sources = {source.work_id for event in site.reader.funded(order_id) for source in event.quote.sources}
    found = [Reference(address, "record"), *_files(record)]
    found += _of_works(site, site.kept_store, sources)
    found += _of_models(site, site.kept_store, record.model_id)
    return address, list({reference.cid: reference for reference in found}.values())


def export_order(site: Site, order_id: bytes, file: BinaryIO) -> int:
    """Writes an order's evidence as a CAR file whose root is its record, and returns how many contents it holds.

    Raises what the store raises for a content that cannot be had: evidence is whole or it is not written.
    """
    root, references = evidence(site, order_id)
    write_car(file, [root], (site.kept_store.get(reference.cid) for reference in references))
    return len(references)


def import_car(store: KeptStore, file: BinaryIO, restore: bool = False) -> list[str]:
    """Stores every content of a CAR file, each held against its CID. Raises as `read_car`, and Withdrawn."""
    _, contents = read_car(file)
    return [store.restore(data) if restore else store.put(data) for data in contents]


def withdraw(store: KeptStore, cids: list[str], reason: str, account: Signer | None) -> list[Withdrawal]:
    """Takes contents down, each with a notice in its place, signed where there is an account. Raises StoreError."""
    made = []
    for name in cids:
        digest_of_cid(name)
        day = datetime.now(UTC).date().isoformat()
        notice = Withdrawal(name, reason, day, str(account.address) if account else "")
        notice.check()
        if account:
            notice = replace(notice, signature=bytes(account.sign_message(notice.message()).signature))
        store.withdraw(name, notice.to_bytes())
        made.append(notice)
    return made


def files_of_work(store: ContentStore, work: Work) -> list[Reference]:
    """A work's file and source form as they lie in the store. Raises what the store raises for its description."""
    protection = work_document(store, work.metadata).protection
    return _stored(protection, {"work's file": work.content, "source form": work.source_form})


def _mended(store: KeptStore, reference: Reference, source: ContentStore) -> tuple[State, str]:
    try:
        store.put(source.get(reference.cid))
    except ContrafactError as error:
        return State.MISSING, f"It cannot be mended: {error.message}"
    return State.MENDED, ""


def _stored(protection: Protection | None, files: dict[str, bytes]) -> list[Reference]:
    """Where files lie: under their own digest, or under that of their ciphertext."""
    found = []
    for what, digest in files.items():
        sealed = protection.of(digest) if protection else None
        found.append(Reference(cid(sealed.cipher if sealed else digest), f"{what} (encrypted)" if sealed else what))
    return found


def _files(record: AttributionRecord) -> list[Reference]:
    names = ("notes", "score (MIDI)", "licence", "piece", *(f"stem {i}" for i in range(len(record.stems))))
    return _stored(record.protection, dict(zip(names, record.files, strict=True)))


def _of_works(site: Site, store: ContentStore, only: set[bytes] | None = None) -> Iterator[Reference]:
    versions = {(split.work_id, split.metadata) for split in site.reader.split_history()}
    for work in site.reader.works():
        if only is not None and work.work_id not in only:
            continue
        named = {work.metadata, *(metadata for of, metadata in versions if of == work.work_id)}
        yield from (Reference(cid(digest), "work's description") for digest in sorted(named))
        try:
            yield from files_of_work(store, work)
        except ContrafactError:
            yield from _stored(None, {"work's file": work.content, "source form": work.source_form})


def _of_models(site: Site, store: ContentStore, only: bytes | None = None) -> Iterator[Reference]:
    for model in site.reader.models():
        if only is not None and model.model_id != only:
            continue
        yield Reference(cid(model.metadata), "model's description")
        try:
            yield Reference(cid(sha256(read_manifest(model, store).to_bytes())), "training manifest")
        except ContrafactError:
            continue


def _of_orders(site: Site, store: ContentStore) -> Iterator[Reference]:
    for event in site.reader.committed():
        address = cid(event.commit.record_digest)
        yield Reference(address, "record")
        try:
            yield from _files(AttributionRecord.from_bytes(store.get(address)))
        except ContrafactError:
            yield Reference(cid(event.commit.evidence_root), "notes")


def _of_pools(site: Site) -> Iterator[Reference]:
    reader = pool_reader(site)
    yield from (Reference(cid(closed.evidence), "epoch") for closed in reader.pool_history().closed)
    evaluations = {rule.evidence for rule in reader.pool_rules().values() if any(rule.evidence)}
    yield from (Reference(cid(digest), "evaluation") for digest in sorted(evaluations))
