"""Is the history of a work's licence terms whole, and its licensor's?"""

from __future__ import annotations

from contrafact.audit.evidence import Evidence, in_force
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.domain.works import Work


def versions(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    announced = [version.version for version in evidence.chain.terms_of[work.work_id]]
    current = evidence.storage.current_version.get(work.work_id, 0)
    message = "Versions of the licence terms are missing or out of order."
    yield judge.equal("terms.versions", announced, list(range(1, current + 1)), message)


def hashes(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    for version in evidence.chain.terms_of[work.work_id]:
        stored = evidence.storage.terms_hash[work.work_id, version.version]
        message = f"Version {version.version} on the chain is not the one that was announced."
        yield judge.equal("terms.hash", stored, version.terms.hash(), message)


def licensors(evidence: Evidence, work: Work, judge: Judge) -> Outcomes:
    history = evidence.chain.licensors_of[work.work_id]
    for version in evidence.chain.terms_of[work.work_id]:
        entitled = [since.licensor for since in in_force(history, version.block)]
        message = f"Version {version.version} was set by somebody who was not the work's licensor."
        holds = version.licensor in entitled
        yield judge.that("terms.licensor", holds, message, setter=version.licensor, licensor=entitled)
