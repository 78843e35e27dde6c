"""Refusals of the escrow about money: payments, royalty accounts, bonds, and lost holders."""

from __future__ import annotations

from contrafact.errors import ContractError
from contrafact.ledger.revert_messages.kinds import (
    DESK_ONLY,
    OWN_KEY,
    REPORT,
    InputRefused,
    Meaning,
    PaymentRefused,
    Refused,
)

_SPLIT = "Take the split from the published metadata."
_CONFIRM = "The holder confirms it (on the page of the work, or `contrafact works confirm`), or claims its money."

MEANINGS = {
    # payments
    "Payments_WrongPayment": Meaning(
        PaymentRefused, "This costs {expected}, but {given} arrived.", "Pay exactly that amount."
    ),
    "Payments_NothingOwed": Meaning(
        PaymentRefused, "Nothing is owed to {to} in {token}.", "What there is to claim stands in the holder's balances."
    ),
    "Payments_TransferFailed": Meaning(
        PaymentRefused,
        "{to} did not take {amount}.",
        "Make the receiving contract accept payments; the money stays yours.",
    ),
    "Payments_GasTooLow": Meaning(
        ContractError,
        "The transaction has less gas left than the {required} that paying a receiver safely needs.",
        "Send it with a higher gas limit.",
    ),
    # royalty accounts
    "RoyaltyAccounts_NotDesk": Meaning(Refused, "{caller} is not the dispute desk.", DESK_ONLY),
    "RoyaltyAccounts_NotContested": Meaning(
        Refused, "{beneficiary} is not contested, so none of its money can be held.", "Open a contest first."
    ),
    "RoyaltyVault_InvalidProof": Meaning(
        InputRefused, "The proof does not lead to the account's rights split.", _SPLIT
    ),
    "RoyaltyVault_NothingToClaim": Meaning(
        PaymentRefused, "There is nothing to claim now.", "Come back when the work has earned more."
    ),
    "RoyaltyVault_NotConfirmed": Meaning(
        Refused, "{holder} has not confirmed its place {index} in the split; its money waits for it.", _CONFIRM
    ),
    "RoyaltyVault_BadConfirmation": Meaning(
        InputRefused,
        "The confirmation of place {index} is not signed by its holder {holder}.",
        "Let the holder itself sign it again.",
    ),
    "RoyaltyVault_NotRecovery": Meaning(
        Refused, "{caller} may not readdress a place.", "Use the contract for recoveries."
    ),
    "RoyaltyVault_BatchTooLarge": Meaning(
        InputRefused, "{given} claims are too many for one payout.", "Send at most {limit} at a time."
    ),
    "RoyaltyVault_CountMismatch": Meaning(
        InputRefused, "{expected} claims were given, and {given} signatures.", "Give one signature for each claim."
    ),
    # bonds
    "OperatorRegistry_BondTooLow": Meaning(
        PaymentRefused,
        "This needs {required} units of the bond of {operator} in {token}; {free} are free.",
        "Ask for a smaller order, or wait: the operator can add to it (`contrafact operator deposit`).",
    ),
    "OperatorRegistry_NothingToWithdraw": Meaning(
        PaymentRefused, "Nothing is being withdrawn.", "Ask for a withdrawal of an amount first."
    ),
    "OperatorRegistry_TooEarly": Meaning(
        Refused, "The bond can be withdrawn from {readyAt}.", "Come back then; until that time it answers for orders."
    ),
    "OperatorRegistry_AmountZero": Meaning(InputRefused, "The amount is zero.", "Give an amount above zero."),
    "OperatorRegistry_MoreThanLocked": Meaning(
        ContractError, "{amount} are more than the {locked} that are locked.", REPORT
    ),
    # lost holders
    "HolderRecovery_AccountAwarded": Meaning(
        InputRefused,
        "A ruling awarded the account {accountId} money; its places are not the licensor's to readdress.",
        "The holder confirms its place, or its guardian recovers it.",
    ),
    "HolderRecovery_NotGuardian": Meaning(
        Refused, "{caller} is not the guardian of {holder}.", "Sign with the guardian that the holder has named."
    ),
    "HolderRecovery_NotLicensor": Meaning(Refused, "{caller} is not the licensor of work {workId}.", OWN_KEY),
    "HolderRecovery_InvalidSuccessor": Meaning(
        InputRefused, "{successor} cannot be paid.", "Choose an address that is neither zero nor the escrow."
    ),
    "HolderRecovery_InvalidProof": Meaning(InputRefused, "The proof does not lead to the rights split.", _SPLIT),
    "HolderRecovery_NoneStarted": Meaning(Refused, "No such change was started.", "Start it first."),
    "HolderRecovery_TooEarly": Meaning(
        Refused, "This can be finished from {readyAt}.", "Come back then; until that time the holder can stop it."
    ),
    "HolderRecovery_PlaceConfirmed": Meaning(
        Refused,
        "{holder} has confirmed its place {index}.",
        "Only the guardian that the holder has named can recover it.",
    ),
}
