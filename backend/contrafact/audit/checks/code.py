"""Are these the published contracts, wired to each other, and is this the escrow that orders are signed for?"""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.audit.ports import DeployedContract


def published(evidence: Evidence, contract: DeployedContract, judge: Judge) -> Outcomes:
    yield judge.that("code.published", contract.problem is None, f"{contract.name}: {contract.problem}")


def signed_for(evidence: Evidence, contract: DeployedContract, judge: Judge) -> Outcomes:
    if contract.name == "GenerationEscrow":
        found, message = evidence.chain.domain.contract.lower(), "Orders are signed for another contract."
        yield judge.equal("code.domain", found, contract.address.lower(), message)
