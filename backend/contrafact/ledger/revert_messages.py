"""What each custom error of the contracts means for a person: its kind, a message, and what to do.

The one table from which reverts become errors. `{name}` stands for the error's argument of that name.
"""

from __future__ import annotations

from typing import NamedTuple

from contrafact.errors import ContractError, InvalidInput, InvalidOrder, NotFound, NotPermitted, Payment


class Refused(ContractError, NotPermitted):
    """A contract refuses what is asked: the terms, the order's state, or the caller do not allow it."""

    code = NotPermitted.code
    exit_code = NotPermitted.exit_code


class PaymentRefused(ContractError, Payment):
    """A contract refuses for money: too little, none there, an offer that has expired, a failed transfer."""

    code = Payment.code
    exit_code = Payment.exit_code


class OrderRefused(ContractError, InvalidOrder):
    """A quote or a commit does not fit the order's form or bounds."""

    code = InvalidOrder.code
    exit_code = InvalidOrder.exit_code


class InputRefused(ContractError, InvalidInput):
    """A value given to a contract is unusable."""

    code = InvalidInput.code
    exit_code = InvalidInput.exit_code


class UnknownOnChain(ContractError, NotFound):
    """The chain knows no such work or model."""

    code = NotFound.code
    exit_code = NotFound.exit_code


class Meaning(NamedTuple):
    kind: type[ContractError]
    message: str
    hint: str


_REQUOTE = "Ask the operator for a new quote."
_REPORT = "This should not happen; please report it with the transaction."

MEANINGS: dict[str, Meaning] = {
    # works
    "WorkRegistry_AlreadyRegistered": Meaning(
        InputRefused,
        "Work {workId} is already registered by this account.",
        "Set its terms or change its split instead.",
    ),
    "WorkRegistry_UnknownWork": Meaning(
        UnknownOnChain, "The chain knows no work {workId}.", "Check the id and the network, or register the work."
    ),
    "WorkRegistry_NotLicensor": Meaning(
        Refused, "{caller} is not the licensor of work {workId}.", "Sign with the licensor's account."
    ),
    "WorkRegistry_NotPendingLicensor": Meaning(
        Refused, "Work {workId} was not offered to {caller}.", "Let its licensor start the transfer to this account."
    ),
    "WorkRegistry_EmptyDigest": Meaning(
        InputRefused, "A digest or the split's root is empty.", "Give the digests of content, source form and metadata."
    ),
    # terms
    "Licensing_NotLicensor": Meaning(
        Refused, "{caller} is not the licensor of work {workId}.", "Sign with the licensor's account."
    ),
    "Licensing_InvalidTerms": Meaning(
        InputRefused, "The terms are refused: {reason}.", "Correct them and set them again."
    ),
    "Licensing_NoTerms": Meaning(
        Refused, "Work {workId} has no licence terms yet.", "Choose another work, or ask its licensor to set terms."
    ),
    "Licensing_StaleVersion": Meaning(
        Refused, "The terms of work {workId} changed: the order pins version {given}, {current} is in force.", _REQUOTE
    ),
    "Licensing_TermsCount": Meaning(
        OrderRefused,
        "The order has {expected} sources, but {given} terms were given.",
        "Give the terms of each source.",
    ),
    "Licensing_TermsMismatch": Meaning(
        OrderRefused,
        "The terms given for work {workId} are not those of the pinned version.",
        "Read them from the chain.",
    ),
    "Licensing_InferenceNotPermitted": Meaning(
        Refused, "Work {workId} is opted out of generation.", "Choose another work."
    ),
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
        Refused, "The terms of work {workId} are in force from {validFrom} to {validUntil}.", "Choose another work."
    ),
    "Licensing_TokenNotAccepted": Meaning(
        Refused,
        "The terms of work {workId} do not accept the token {token}.",
        "Pay in a token that all sources accept.",
    ),
    "Licensing_PriceMismatch": Meaning(
        OrderRefused, "The quote prices work {workId} at {given}; its terms say {expected}.", _REQUOTE
    ),
    "Licensing_SplitMismatch": Meaning(
        OrderRefused, "The rights split of work {workId} changed since the quote.", _REQUOTE
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
    # orders
    "GenerationEscrow_NotMaker": Meaning(
        Refused, "The quote was made for {maker}, not for {caller}.", "Pay from the account that asked for the quote."
    ),
    "GenerationEscrow_BadQuoteSignature": Meaning(
        OrderRefused, "The quote is not signed by its operator {operator}.", "Do not pay. " + _REQUOTE
    ),
    "GenerationEscrow_BadCommitSignature": Meaning(
        OrderRefused, "The commit is not signed by the order's operator {operator}.", "Sign it with the operator's key."
    ),
    "GenerationEscrow_QuoteExpired": Meaning(PaymentRefused, "The quote expired at {validUntil}.", _REQUOTE),
    "GenerationEscrow_DeadlineTooEarly": Meaning(
        OrderRefused, "The order's deadline {deadline} leaves too little time; the earliest is {earliest}.", _REQUOTE
    ),
    "GenerationEscrow_DeadlinePassed": Meaning(
        Refused, "Order {orderId} had to be committed by {deadline}.", "It can only be refunded now."
    ),
    "GenerationEscrow_DeadlineNotPassed": Meaning(
        Refused, "Order {orderId} may be committed until {deadline}.", "Refund it after that time."
    ),
    "GenerationEscrow_WrongStatus": Meaning(
        Refused, "Order {orderId} is {given}, not {expected}.", "Look at the order before the next step."
    ),
    "GenerationEscrow_WrongSalt": Meaning(
        OrderRefused, "Order {orderId} was funded with another salt.", "Read the salt from the order's funding event."
    ),
    "GenerationEscrow_SourceCount": Meaning(
        OrderRefused, "An order has 1 to 8 sources, not {given}.", "Choose fewer works, or at least one."
    ),
    "GenerationEscrow_SourcesUnordered": Meaning(
        OrderRefused, "The sources are not distinct, or not ordered by work id.", _REQUOTE
    ),
    "GenerationEscrow_WeightsDoNotSum": Meaning(
        OrderRefused, "The weights sum to {sum} parts per million, not 1,000,000.", "Choose weights that sum to one."
    ),
    "GenerationEscrow_BoundsInvalid": Meaning(
        OrderRefused, "The bounds on shares cannot be met, or a weight is zero.", _REQUOTE
    ),
    "GenerationEscrow_DurationInvalid": Meaning(
        OrderRefused, "A piece of {duration} seconds cannot be ordered.", "Choose 1 to 600 seconds."
    ),
    "GenerationEscrow_WrongPayment": Meaning(
        PaymentRefused, "The order costs {expected}, but {given} arrived.", "Pay exactly the order's escrow."
    ),
    "GenerationEscrow_SharesDoNotSum": Meaning(
        OrderRefused, "The committed shares sum to {sum} parts per million, not 1,000,000.", "Compute them again."
    ),
    "GenerationEscrow_ShareCount": Meaning(
        OrderRefused,
        "The order has {expected} sources, but {given} shares were committed.",
        "Give one for each source.",
    ),
    "GenerationEscrow_BaseShareTooHigh": Meaning(
        OrderRefused, "The base share {baseShare} is above the order's bound {maxBaseShare}.", "Generate once more."
    ),
    "GenerationEscrow_ShareTooLow": Meaning(
        OrderRefused, "The share {share} of work {workId} is below the order's bound {minShare}.", "Generate once more."
    ),
    # royalty accounts
    "RoyaltyVault_InvalidProof": Meaning(
        InputRefused,
        "The proof does not lead to the account's rights split.",
        "Take the split from the work's metadata.",
    ),
    "RoyaltyVault_NothingToClaim": Meaning(
        PaymentRefused, "There is nothing to claim now.", "Come back when the work has earned more."
    ),
    "RoyaltyVault_TransferFailed": Meaning(
        PaymentRefused,
        "{to} did not take {amount}.",
        "Make the receiving contract accept payments; the money stays yours.",
    ),
    "RoyaltyVault_BatchTooLarge": Meaning(
        InputRefused, "{given} claims are too many for one payout.", "Send at most {limit} at a time."
    ),
    "RoyaltyVault_GasTooLow": Meaning(
        ContractError,
        "The transaction has too little gas to pay a receiver safely.",
        "Send it with a higher gas limit.",
    ),
    # tokens and libraries
    "ERC20InsufficientBalance": Meaning(
        PaymentRefused, "{sender} holds {balance}, {needed} are needed.", "Put more of the token into the account."
    ),
    "ERC20InsufficientAllowance": Meaning(
        PaymentRefused, "{spender} may take {allowance}, {needed} are needed.", "Approve the order's escrow first."
    ),
    "ERC20InvalidApprover": Meaning(InputRefused, "{approver} cannot approve payments.", "Use an account of your own."),
    "ERC20InvalidReceiver": Meaning(InputRefused, "{receiver} cannot receive the token.", "Choose another receiver."),
    "ERC20InvalidSender": Meaning(InputRefused, "{sender} cannot send the token.", "Use an account of your own."),
    "ERC20InvalidSpender": Meaning(InputRefused, "{spender} cannot spend the token.", "Choose another spender."),
    "ERC2612ExpiredSignature": Meaning(PaymentRefused, "The permit expired at {deadline}.", "Sign a new permit."),
    "ERC2612InvalidSigner": Meaning(
        PaymentRefused, "The permit of {owner} was signed by {signer}.", "Sign it with the owner's key."
    ),
    "InvalidAccountNonce": Meaning(
        PaymentRefused, "The permit of {account} was already used or revoked.", "Sign a new permit."
    ),
    "ECDSAInvalidSignature": Meaning(InputRefused, "The signature is invalid.", "Sign again."),
    "ECDSAInvalidSignatureLength": Meaning(InputRefused, "A signature of {length} bytes is invalid.", "Give 65 bytes."),
    "ECDSAInvalidSignatureS": Meaning(InputRefused, "The signature is malleable.", "Sign with the lower s value."),
    "SafeERC20FailedOperation": Meaning(
        PaymentRefused, "The token {token} refused the transfer.", "Check the token's address, balance and allowance."
    ),
    "SafeCastOverflowedUintDowncast": Meaning(
        InputRefused, "The amount {value} does not fit into {bits} bits.", "Use smaller amounts."
    ),
    "ReentrancyGuardReentrantCall": Meaning(
        Refused, "A receiver called back while it was paid.", "Pay another receiver."
    ),
    "InvalidShortString": Meaning(ContractError, "A string of the contract is malformed.", _REPORT),
    "StringTooLong": Meaning(ContractError, "The string {str} is too long for the contract.", _REPORT),
}
