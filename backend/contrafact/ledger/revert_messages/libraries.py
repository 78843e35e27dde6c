"""Refusals of tokens and of the libraries beneath the contracts."""

from __future__ import annotations

from contrafact.errors import ContractError
from contrafact.ledger.revert_messages.kinds import REPORT, InputRefused, Meaning, PaymentRefused, Refused

MEANINGS = {
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
    "ERC3009InvalidSignature": Meaning(
        PaymentRefused, "The authorization is not signed by who should pay.", "Sign it with the payer's key."
    ),
    "ERC3009InvalidAuthorizationTime": Meaning(
        PaymentRefused, "The authorization counts from {validAfter} to {validBefore} only.", "Sign a new one."
    ),
    "ERC3009UsedAuthorization": Meaning(
        PaymentRefused, "The authorization {nonce} of {authorizer} was used already.", "Sign a new one."
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
    "InvalidShortString": Meaning(ContractError, "A string of the contract is malformed.", REPORT),
    "StringTooLong": Meaning(ContractError, "The string {str} is too long for the contract.", REPORT),
}
