"""Refusals of the catalogue about licence terms, and about orders that they do not permit."""

from __future__ import annotations

from contrafact.ledger.revert_messages.kinds import REQUOTE, InputRefused, Meaning, OrderRefused, Refused

_OTHER_WORK = "Choose another work."

MEANINGS = {
    "TermsInvalid": Meaning(InputRefused, "The terms are refused: {reason}.", "Correct them and set them again."),
    "Licensing_NoTerms": Meaning(
        Refused, "Work {workId} has no licence terms yet.", "Choose another work, or ask its licensor to set terms."
    ),
    "Licensing_StaleVersion": Meaning(
        Refused,
        "Terms or split of work {workId} changed: the order pins version {given}, {current} is in force.",
        REQUOTE,
    ),
    "Licensing_TermsCount": Meaning(
        OrderRefused,
        "The order has {expected} sources, but {given} terms were given.",
        "Give the terms of each source.",
    ),
    "Licensing_LicenceMismatch": Meaning(
        OrderRefused,
        "Terms or rights split given for work {workId} are not those of version {version}.",
        "Read them from the chain.",
    ),
    "Licensing_InferenceNotPermitted": Meaning(Refused, "Work {workId} is opted out of generation.", _OTHER_WORK),
    "Licensing_UseNotPermitted": Meaning(
        Refused, "Work {workId} does not permit {use} use.", "Choose another work, or a use that its terms permit."
    ),
    "Licensing_WeightTooHigh": Meaning(
        Refused, "Work {workId} permits a weight of at most {maxWeight}, not {weight}.", "Lower its weight."
    ),
    "Licensing_NotCombinable": Meaning(
        Refused,
        "Work {workId} may not be combined with works of other licensors.",
        "Use it with works of the same licensor only.",
    ),
    "Licensing_NotInForce": Meaning(
        Refused, "The terms of work {workId} are in force from {validFrom} to {validUntil}.", _OTHER_WORK
    ),
    "Licensing_TokenNotAccepted": Meaning(
        Refused,
        "The terms of work {workId} do not accept the token {token}.",
        "Pay in a token that all sources accept.",
    ),
    "Licensing_PriceMismatch": Meaning(
        OrderRefused, "The quote prices work {workId} at {given}; its terms say {expected}.", REQUOTE
    ),
    "Licensing_DownstreamMismatch": Meaning(
        OrderRefused,
        "The quote gives work {workId} {given} parts per million of later revenue; its terms say {expected}.",
        REQUOTE,
    ),
    "Licensing_WorkContested": Meaning(
        Refused, "Work {workId} is contested, and enters no order until that is ruled on.", _OTHER_WORK
    ),
    "Licensing_WorkBarred": Meaning(Refused, "Work {workId} was found not to be its registrant's.", _OTHER_WORK),
    "Licensing_OperatorNotListed": Meaning(
        Refused, "Work {workId} does not permit the operator {operator}.", "Choose an operator that its licensor lists."
    ),
    "Licensing_ModelNotListed": Meaning(
        Refused, "Work {workId} does not permit the model {modelId}.", "Choose a model that its licensor lists."
    ),
    "Licensing_NotApproved": Meaning(
        Refused, "The licensor of work {workId} has not approved this order.", "Ask it to sign the order."
    ),
    "Licensing_GrantCount": Meaning(
        OrderRefused,
        "{given} grants were given; each source whose terms ask for a list or an approval needs one.",
        "Give one for each, in the order of the sources.",
    ),
    "Licensing_CompositionMismatch": Meaning(
        OrderRefused,
        "For work {workId} the order must pay the composition {expected}, and pays {given}.",
        REQUOTE,
    ),
}
