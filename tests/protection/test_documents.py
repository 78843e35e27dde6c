"""What documents say of protected files: nothing where there are none, and then of their own files only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.demo import world
from contrafact.domain.digests import cid, sha256
from contrafact.domain.protection import Protection, Sealed
from contrafact.domain.record import AttributionRecord
from contrafact.domain.withdrawals import Withdrawal, worded
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput
from contrafact.records.sealing import new_secret, public_half
from tests.domain import documents

WORK, RECORD = WorkMetadata.from_bytes(documents.WORK), AttributionRecord.from_bytes(documents.RECORD)
KEY = public_half(new_secret())


def protecting(*digests: bytes) -> Protection:
    return Protection(KEY, tuple(Sealed(digest, sha256(digest), KEY) for digest in digests))


def test_the_protection_of_a_work_is_a_later_schema_and_the_earlier_one_is_read_as_ever() -> None:
    assert b"work/2" not in WORK.to_bytes()
    guarded = replace(WORK, protection=protecting(WORK.content))
    assert b"work/2" in guarded.to_bytes()
    with pytest.raises(InvalidInput):
        WorkMetadata.from_bytes(WORK.to_bytes().replace(b"work/1", b"work/9"))


@pytest.mark.parametrize(
    ("document", "kind", "digest"), [(WORK, WorkMetadata, WORK.content), (RECORD, AttributionRecord, RECORD.licence)]
)
def test_a_document_says_how_its_own_files_are_protected(
    document: WorkMetadata | AttributionRecord, kind: type, digest: bytes
) -> None:
    assert b"protected" not in document.to_bytes()
    guarded = replace(document, protection=protecting(digest))
    assert kind.from_bytes(guarded.to_bytes()) == guarded
    assert guarded.protection.of(digest).cipher == sha256(digest)


@pytest.mark.parametrize("schema", [b"record/2", b"record/3"])
def test_no_record_without_a_licence_is_read(schema: bytes) -> None:
    with pytest.raises(InvalidInput):
        AttributionRecord.from_bytes(RECORD.to_bytes().replace(b"record/4", schema))


@pytest.mark.parametrize("digests", [(), (WORK.content, WORK.content), (sha256(b"somebody else's"),)])
def test_a_document_protects_its_own_files_only(digests: tuple[bytes, ...]) -> None:
    work = replace(WORK, protection=protecting(*digests))
    with pytest.raises(InvalidInput):
        WorkMetadata.from_bytes(work.to_bytes())


def test_no_record_protects_a_file_of_a_work() -> None:
    record = replace(RECORD, protection=protecting(RECORD.sources[0].source_form))
    with pytest.raises(InvalidInput):
        AttributionRecord.from_bytes(record.to_bytes())


def test_a_notice_says_why_and_one_that_cannot_be_read_says_that() -> None:
    notice = Withdrawal(cid(sha256(b"x")), "by order of a court", "2030-01-31")
    assert Withdrawal.from_bytes(notice.to_bytes()) == notice
    assert "by order of a court" in worded(notice.to_bytes())
    assert "cannot be read" in worded(b"{}")


def test_a_notice_says_whether_whom_it_names_has_signed_it() -> None:
    signer = world.account(2)
    notice = Withdrawal(cid(sha256(b"x")), "by order of a court", "2030-01-31", signer.address)
    signed = replace(notice, signature=bytes(signer.sign_message(notice.message()).signature))
    assert "not checked" not in worded(Withdrawal.from_bytes(signed.to_bytes()).to_bytes())
    for changed in (notice, replace(signed, reason="for fun"), replace(signed, by=world.account(3).address)):
        assert "not checked" in worded(changed.to_bytes())


@pytest.mark.parametrize(("cid_", "reason", "day"), [("x", "r", "2030-01-31"), ("", " ", ""), ("", "r", "yesterday")])
def test_a_notice_without_reason_date_or_content_is_refused(cid_: str, reason: str, day: str) -> None:
    notice = Withdrawal(cid_ or cid(sha256(b"x")), reason, day)
    with pytest.raises(InvalidInput):
        Withdrawal.from_bytes(notice.to_bytes())
