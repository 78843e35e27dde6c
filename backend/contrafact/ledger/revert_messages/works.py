"""Refusals of the catalogue about works, collections and models."""

from __future__ import annotations

from contrafact.ledger.revert_messages.kinds import (
    DESK_ONLY,
    OWN_KEY,
    REQUOTE,
    InputRefused,
    Meaning,
    OrderRefused,
    Refused,
    UnknownOnChain,
)

MEANINGS = {
    # works
    "WorkRegistry_AlreadyRegistered": Meaning(
        InputRefused,
        "Work {workId} is already registered by this account.",
        "Set its terms or change its split instead.",
    ),
    "WorkRegistry_UnknownWork": Meaning(
        UnknownOnChain, "The chain knows no work {workId}.", "Check the id and the network, or register the work."
    ),
    "WorkRegistry_NotLicensor": Meaning(Refused, "{caller} is not the licensor of work {workId}.", OWN_KEY),
    "WorkRegistry_NotPendingLicensor": Meaning(
        Refused, "Work {workId} was not offered to {caller}.", "Let its licensor start the transfer to this account."
    ),
    "WorkRegistry_NotDesk": Meaning(Refused, "{caller} is not the dispute desk.", DESK_ONLY),
    "WorkRegistry_EmptyDigest": Meaning(
        InputRefused, "A digest or the split's root is empty.", "Give the digests of content, source form and metadata."
    ),
    "WorkRegistry_NotComposition": Meaning(
        InputRefused,
        "{workId} is not a registered composition, so nothing can be a recording of it.",
        "Register the composition first, and name it.",
    ),
    # collections
    "Collections_AlreadyAnchored": Meaning(
        InputRefused, "The collection {root} is already anchored.", "Use it as it is, or anchor another root."
    ),
    "Collections_UnknownCollection": Meaning(
        UnknownOnChain,
        "{licensor} has no collection {root} on this chain, or has withdrawn it.",
        "Check root and licensor.",
    ),
    "Collections_InvalidProof": Meaning(
        InputRefused,
        "The proof does not show that the work and its terms are in the collection {root}.",
        "Make the proof from the collection's published list.",
    ),
    # models
    "ModelRegistry_AlreadyRegistered": Meaning(
        InputRefused, "Model {modelId} is already registered by this account.", "Use it as it is."
    ),
    "ModelRegistry_UnknownModel": Meaning(
        UnknownOnChain, "The chain knows no model {modelId}.", "Check the network, or register the model."
    ),
    "ModelRegistry_EmptyDigest": Meaning(
        InputRefused,
        "A digest or the pool's split root is empty.",
        "Give the digests of weights, manifest and metadata.",
    ),
    "ModelRegistry_NoRates": Meaning(
        InputRefused, "The model has no base rate.", "Give a rate for each token that it takes."
    ),
    "ModelRegistry_RateGivenTwice": Meaning(
        InputRefused, "The base rate in {token} is given twice.", "Give one rate for each token."
    ),
    "ConsentProofs_OtherLicence": Meaning(
        InputRefused,
        "Split and terms make the licence {given}, and the manifest names {expected}.",
        "Give those of the licence in the manifest.",
    ),
    "ConsentProofs_Permitted": Meaning(
        Refused, "The licence of work {workId} permits training.", "It is a consent, unless another was in force."
    ),
    "ConsentProofs_NotPermitted": Meaning(
        Refused, "The licence of work {workId} did not permit training.", "It is no consent."
    ),
    "ConsentProofs_SameLicence": Meaning(
        Refused, "Version {version} of work {workId} is the licence in the manifest.", "It was in force: no proof."
    ),
    "ConsentProofs_FirstVersion": Meaning(
        InputRefused,
        "The first version of work {workId} proves nothing: it may have been made later than it says.",
        "Ask for the consent instead.",
    ),
    "ConsentProofs_Superseded": Meaning(
        Refused, "A second version of work {workId} was in force instead of its collection's terms.", "Show that one."
    ),
    "ModelRegistry_PoolTermsInvalid": Meaning(
        InputRefused,
        "The pool's rule {rule} with a cap of {ownerCap} ppm and the evidence {evidenceDigest} makes no sense.",
        "Influence (1) needs the digest of an evaluation, and the cap is 1 to 1,000,000.",
    ),
    "ModelRegistry_NotOffered": Meaning(
        UnknownOnChain,
        "The chain knows no model {modelId} with the pool {poolRoot} that takes the token {token}.",
        "Pay in a token that the model takes, and check the network.",
    ),
    "ModelRegistry_BaseRateMismatch": Meaning(
        OrderRefused, "The quote prices base at {given}; the rate of model {modelId} is {expected}.", REQUOTE
    ),
    "ModelRegistry_NotLearntFrom": Meaning(
        InputRefused, "The manifest of model {modelId} does not hold {contentDigest}.", "Name a work of its manifest."
    ),
    "ModelRegistry_NotInForceThen": Meaning(
        InputRefused,
        "Version {version} of work {workId} was not in force when the model was registered.",
        "Name the version that was.",
    ),
    "ModelRegistry_NoEarlierSunset": Meaning(
        Refused,
        "The terms name no sunset for model {modelId} before {sunset}.",
        "It ends its orders then at the latest.",
    ),
    "ModelRegistry_SunsetPassed": Meaning(
        Refused, "Model {modelId} takes no new orders since {sunset}.", "Choose an operator with a newer model."
    ),
}
