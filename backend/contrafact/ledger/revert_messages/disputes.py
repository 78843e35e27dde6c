"""Refusals of the dispute desk, about consents to training too, and of the training pool."""

from __future__ import annotations

from contrafact.ledger.revert_messages.kinds import InputRefused, Meaning, PaymentRefused, Refused, UnknownOnChain

_ARBITER = "Only a ruling, or its time running out, ends it."

MEANINGS = {
    # the dispute desk
    "DisputeDesk_BondTooLow": Meaning(
        PaymentRefused, "This needs a bond of {required}; {given} was sent.", "Send at least that much."
    ),
    "DisputeDesk_EmptyDigest": Meaning(
        InputRefused, "A digest or the claimant's split is empty.", "Publish the evidence, and give its digest."
    ),
    "DisputeDesk_NoContest": Meaning(
        UnknownOnChain, "There is no open contest {contestId}.", "Look at the desk's events for its number."
    ),
    "DisputeDesk_NotClaimant": Meaning(
        Refused, "{caller} did not open the contest {contestId}.", "Sign with the claimant's key."
    ),
    "DisputeDesk_OtherWork": Meaning(
        InputRefused,
        "The contest {contestId} is about another work than {beneficiary}.",
        "Name an account of the contested work.",
    ),
    "DisputeDesk_TooManyAccounts": Meaning(
        InputRefused, "The contest {contestId} holds at most {limit} accounts.", "Open another contest for the rest."
    ),
    "DisputeDesk_NotAPart": Meaning(
        InputRefused, "{ppm} parts per million is not a part of the whole.", "Give 0 to 1,000,000."
    ),
    "DisputeDesk_RulingTimeOver": Meaning(
        Refused, "The time for a ruling was over at {rulingUntil}.", "Let it lapse: every bond goes back."
    ),
    "DisputeDesk_RulingTimeNotOver": Meaning(
        Refused, "The arbiter may rule until {rulingUntil}.", "Come back after that time."
    ),
    "DisputeDesk_WindowOver": Meaning(
        Refused, "Order {orderId} could be challenged until {until}.", "It can no longer be challenged."
    ),
    "DisputeDesk_AlreadyChallenged": Meaning(Refused, "{challenger} has challenged order {orderId} already.", _ARBITER),
    "DisputeDesk_AlreadyUpheld": Meaning(
        Refused, "A challenge of order {orderId} was upheld.", "No other one is taken."
    ),
    "DisputeDesk_NoBond": Meaning(
        UnknownOnChain,
        "{challenger} has no bond to take back from challenge {number} of order {orderId}.",
        "Wait for the ruling; a bond goes back once, and not after a rejection.",
    ),
    "DisputeDesk_NoChallenge": Meaning(
        UnknownOnChain, "Order {orderId} is not challenged, or no longer.", "Look at the desk's events."
    ),
    # consent to training
    "DisputeDesk_AlreadyQuestioned": Meaning(
        Refused, "The consent {consentId} was asked for before.", "Look at the desk's events for what came of it."
    ),
    "DisputeDesk_AlreadyMissing": Meaning(
        Refused, "It is known that {consentId} is no consent.", "Let the model be stopped, and its operators be fined."
    ),
    "DisputeDesk_NotQuestioned": Meaning(
        UnknownOnChain, "No question about the consent {consentId} is open.", "Look at the desk's events."
    ),
    "DisputeDesk_AnswerTimeOver": Meaning(
        Refused, "The question could be answered until {answerUntil}.", "It can no longer be answered."
    ),
    "DisputeDesk_AnswerTimeNotOver": Meaning(
        Refused, "The question may be answered until {answerUntil}.", "Come back after that time."
    ),
    "DisputeDesk_NotMissing": Meaning(
        Refused, "Nobody has shown that {consentId} is no consent.", "Prove it, or ask for it."
    ),
    "DisputeDesk_AlreadyFined": Meaning(
        Refused, "{operator} was fined for {consentId} in {token} already.", "Look at its other tokens and leaves."
    ),
    "DisputeDesk_NothingToFine": Meaning(
        PaymentRefused, "{operator} has no bond in {token} that a fine could be taken from.", "Stop the model instead."
    ),
    # the training pool
    "TrainingPool_NothingToCollect": Meaning(
        PaymentRefused, "Model {modelId} has earned nothing new in {token}.", "Come back when it has."
    ),
    "TrainingPool_NotInPot": Meaning(
        PaymentRefused,
        "The pot of model {modelId} in {token} has {inPot}, and the epoch asks for {total}.",
        "Collect what the model has earned first; an epoch takes at least 1, and no more than there is.",
    ),
    "TrainingPool_EmptyDigest": Meaning(
        InputRefused, "The root or the digest is empty.", "Publish the list of holders, and give its digest."
    ),
    "TrainingPool_NotRegistrant": Meaning(
        Refused, "{caller} has not registered model {modelId}.", "Sign with the registrant's key."
    ),
    "TrainingPool_NoEpoch": Meaning(
        UnknownOnChain, "Model {modelId} has no epoch {epoch} in {token}, or it was carried.", "Check the number."
    ),
    "TrainingPool_InvalidProof": Meaning(
        InputRefused, "The proof does not lead to the epoch's root.", "Make it from the epoch's published list."
    ),
    "TrainingPool_AlreadyClaimed": Meaning(
        PaymentRefused, "Place {index} of this epoch was paid already.", "Look at the next epoch."
    ),
    "TrainingPool_NothingToClaim": Meaning(PaymentRefused, "This place is due nothing.", "Look at the next epoch."),
    "TrainingPool_TooEarly": Meaning(
        Refused, "The holders may claim until {openUntil}.", "Carry what is left after that time."
    ),
    "TrainingPool_NotEscrow": Meaning(
        Refused, "The training pool takes coin from the escrow only, not from {caller}.", "Send it elsewhere."
    ),
}
