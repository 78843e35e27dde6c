"""Signatures of quotes and commits: made with an operator's key, checked as the escrow contract checks them."""

from __future__ import annotations

from eth_account import Account
from eth_account.messages import SignableMessage
from eth_account.signers.local import LocalAccount
from eth_keys.constants import SECPK1_N
from eth_keys.exceptions import BadSignature
from eth_utils import ValidationError

from contrafact.domain.orders import Commit, Eip712Domain, Quote, commit_message, quote_message
from contrafact.errors import InvalidOrder


def sign_quote(account: LocalAccount, quote: Quote, domain: Eip712Domain) -> bytes:
    """The operator's signature of an offer, 65 bytes."""
    return bytes(account.sign_message(quote_message(quote, domain)).signature)


def sign_commit(account: LocalAccount, commit: Commit, domain: Eip712Domain) -> bytes:
    """The operator's signature of a finished generation, 65 bytes."""
    return bytes(account.sign_message(commit_message(commit, domain)).signature)


def check_quote_signature(quote: Quote, signature: bytes, domain: Eip712Domain) -> None:
    """Raises InvalidOrder unless the quote's operator signed it with its key. (Contract wallets: ask the chain.)"""
    if _signer(quote_message(quote, domain), signature) != quote.operator.lower():
        raise InvalidOrder("The quote is not signed by its operator.", "Do not pay; ask the operator for a new quote.")


def check_commit_signature(commit: Commit, operator: str, signature: bytes, domain: Eip712Domain) -> None:
    """Raises InvalidOrder unless `operator` signed the commit with its key."""
    if _signer(commit_message(commit, domain), signature) != operator.lower():
        raise InvalidOrder("The commit is not signed by the order's operator.", "Sign it with the operator's key.")


def _signer(message: SignableMessage, signature: bytes) -> str | None:
    """The signer's address in lower case; None for what the contracts refuse, the higher s value included."""
    if len(signature) != 65 or signature[64] not in (27, 28) or int.from_bytes(signature[32:64]) > SECPK1_N // 2:
        return None
    try:
        return str(Account.recover_message(message, signature=signature)).lower()
    except (BadSignature, ValidationError, ValueError):
        return None
