"""Is the history of a work's licence whole? Terms and rights split are versioned together."""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.domain.history import TermsVersion
from contrafact.domain.licences import hash_in, licence_hash, since
from contrafact.domain.works import Work


def versions(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """Version 1 is the registration, which has terms only where the work is one of a collection."""
    announced = [version.version for version in evidence.chain.terms_of[work.work_id]]
    current = evidence.storage.current_version.get(work.work_id) or 0
    first = 1 if announced[:1] == [1] else 2
    message = "Versions of the licence terms are missing or out of order."
    yield judge.equal("terms.versions", announced, list(range(first, current + 1)), message)


def hashes(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """The stored word of each version is the hash of the split and the terms that were announced."""
    for version in evidence.chain.terms_of[work.work_id]:
        stored = evidence.storage.licence[work.work_id, version.version]
        expected = licence_hash(version.split_root, version.terms.to_words())
        message = f"Version {version.version} on the chain is not the one that was announced."
        yield judge.equal("terms.hash", hash_in(stored), expected, message)


def times(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """A version took force in the block that announced it, one of a collection when that was anchored."""
    for version in evidence.chain.terms_of[work.work_id]:
        taken = since(evidence.storage.licence[work.work_id, version.version])
        announced = evidence.chain.times[version.block]
        message = f"Version {version.version} took force at another time than it was announced."
        yield judge.that("terms.since", _in_time(version, taken, announced), message, found=taken, announced=announced)


def _in_time(version: TermsVersion, taken: int, announced: int) -> bool:
    return 0 < taken <= announced if version.version == 1 else taken == announced
