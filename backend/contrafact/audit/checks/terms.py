"""Is the history of a work's licence whole? Terms and rights split are versioned together."""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.domain.history import TermsVersion
from contrafact.domain.licences import hash_in, licence_hash, since
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Terms
from contrafact.domain.works import Work

MAX_TOKENS = 4


def versions(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """Version 1 is the registration, which has terms only where the work is one of a collection."""
    announced = [version.version for version in evidence.chain.terms_of[work.work_id]]
    current = evidence.storage.current_version.get(work.work_id) or 0
    first = 1 if announced[:1] == [1] else 2
    message = "Versions of the licence terms are missing or out of order."
    yield judge.equal("terms.versions", announced, list(range(first, current + 1)), message)
    blocks = [version.block for version in evidence.chain.terms_of[work.work_id]]
    message = "A later version of the licence terms is in an earlier block."
    yield judge.that("terms.versions", blocks == sorted(blocks), message, blocks=blocks)


def hashes(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """The stored word of each version is the hash of the split and the terms that were announced."""
    for version in evidence.chain.terms_of[work.work_id]:
        stored = evidence.storage.licence[work.work_id, version.version]
        expected = licence_hash(version.split_root, version.terms.to_words())
        message = f"Version {version.version} on the chain is not the one that was announced."
        yield judge.equal("terms.hash", hash_in(stored), expected, message)


def times(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """A version took force in the block that announced it, one of a collection when that was anchored.

    So no version is dated back, and none begins before the one that it follows.
    """
    before = 0
    for version in evidence.chain.terms_of[work.work_id]:
        taken = since(evidence.storage.licence[work.work_id, version.version])
        due = _announced(evidence, version)
        message = f"Version {version.version} took force at another time than it was announced."
        yield judge.that("terms.since", taken in due, message, found=taken, announced=sorted(due))
        message = f"Version {version.version} took force before the version that it follows."
        yield judge.that("terms.since", before <= taken, message, found=taken, before=before)
        before = taken


def _announced(evidence: Evidence, version: TermsVersion) -> set[int]:
    """The time of the block that announced a version: for one of a collection, that in which it was anchored."""
    chain = evidence.chain
    if version.version > 1:
        return {chain.times[version.block]}
    roots = {(event.licensor, event.root) for event in chain.materialised if event.work_id == version.work_id}
    return {chain.times[anchor.block] for anchor in chain.collections if (anchor.licensor, anchor.root) in roots}


def form(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    """The twin of `TermsWords.requireValid`."""
    for version in evidence.chain.terms_of[work.work_id]:
        wrong = _malformed(version.terms)
        message = f"Version {version.version} is not in the form that the contract takes: {wrong}."
        yield judge.that("terms.form", not wrong, message, version=version.version)


def _malformed(terms: Terms) -> str:
    """What the contract would refuse of these terms; empty where it takes them."""
    tokens = [row.token.lower() for row in terms.prices]
    refused = {
        "a part above 1000000": max(terms.max_weight, terms.downstream) > PPM,
        "valid until not after valid from": 0 < terms.valid_until <= terms.valid_from,
        "generation without a use, a weight or a price": terms.inference
        and not (terms.uses and terms.max_weight and tokens),
        "a token given twice": len(set(tokens)) < len(tokens),
        "more than four tokens": len(tokens) > MAX_TOKENS,
    }
    return ", ".join(words for words, applies in refused.items() if applies)
