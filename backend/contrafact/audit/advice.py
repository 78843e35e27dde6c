"""What to do about a finding, in words for whoever lost by it."""

from __future__ import annotations

from contrafact.audit.outcomes import STORE, Finding, Severity
from contrafact.audit.rule import Promise
from contrafact.audit.rules import RULES

OTHER_NODE = (
    "The published contracts refuse this. So the node that was asked gives false answers, or the contracts are others: "
    "look at the checks of the contracts below, and run the audit again through another node."
)
OTHER_COPY = (
    "Ask another copy of the content store before you accuse anybody (--store takes several, with commas between): a "
    "copy can lose a file. Only a file that nobody has is withheld."
)
CHALLENGE = (
    "Until 7 days after the order's deadline anybody can challenge its commit at the dispute desk, with this finding "
    "as evidence. If the challenge is upheld, the operator's bond pays the rights holders and the maker."
)
CONTEST = (
    "Whoever holds the rights can contest the work at the dispute desk; what it earns from then on is held until a "
    "ruling. Do not order from it until what is missing is published."
)
CONSENT = (
    "With contrafact consent anybody proves that a work was used without consent, or asks for the consent. The model "
    "is then stopped, and the fine goes to the finder and to its training pool."
)
DEPLOYMENT = "Pay nothing into these contracts. Ask whoever gave you their addresses, and compare with another source."
POOL = (
    "Ask whoever closed the epoch or registered the model. Do not order from the model until it is mended; an epoch's "
    "published record shows who is owed what."
)
WARNING = "Nothing has to be wrong. Look at it, and ask those whom it names."

_BY_PROMISE = {
    Promise.CODE: DEPLOYMENT,
    Promise.REGISTERED: CONTEST,
    Promise.CONSENT: CONSENT,
    Promise.PROVENANCE: CHALLENGE,
    Promise.DELIVERED: CHALLENGE,
    Promise.POOL: POOL,
}


def advice(finding: Finding) -> str:
    """What can be done about it."""
    if finding.severity is Severity.WARNING:
        return WARNING
    then = _BY_PROMISE.get(RULES[finding.check].guards, OTHER_NODE)
    return f"{OTHER_COPY} Then: {then}" if STORE in finding.evidence else then
