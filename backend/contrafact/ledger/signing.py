"""Signatures of quotes, commits and confirmations: made with a key, checked as the escrow contract checks them."""

from __future__ import annotations

from collections.abc import Callable

from eth_account.messages import SignableMessage

from contrafact.domain import typed_data
from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.orders import Commit, Eip712Domain, Quote, commit_message, quote_message
from contrafact.domain.releases import Release
from contrafact.domain.signatures import recovered
from contrafact.domain.splits import HolderLeaf
from contrafact.errors import InvalidInput, InvalidOrder
from contrafact.ledger.signer import Signer

Wallets = Callable[[str, bytes, bytes], bool]
"""Whether an address is a contract that says yes to a digest and a signature (ERC-1271): `Reader.accepts`."""


def no_wallets(address: str, digest: bytes, signature: bytes) -> bool:
    """For those who have no chain to ask: keys only."""
    return False


def sign_quote(account: Signer, quote: Quote, domain: Eip712Domain) -> bytes:
    """The operator's signature of an offer, 65 bytes."""
    return bytes(account.sign_message(quote_message(quote, domain)).signature)


def sign_commit(account: Signer, commit: Commit, domain: Eip712Domain) -> bytes:
    """The operator's signature of a finished generation, 65 bytes."""
    return bytes(account.sign_message(commit_message(commit, domain)).signature)


def sign_confirmation(
    account: Signer, beneficiary: bytes, split_root: bytes, leaf: HolderLeaf, domain: Eip712Domain
) -> bytes:
    """The signature by which a holder confirms its place in a split of a work or a model, 65 bytes."""
    return bytes(account.sign_message(confirmation_message(beneficiary, split_root, leaf, domain)).signature)


def check_confirmation(
    signature: bytes,
    beneficiary: bytes,
    split_root: bytes,
    leaf: HolderLeaf,
    domain: Eip712Domain,
    wallets: Wallets = no_wallets,
) -> None:
    """Raises InvalidInput unless the leaf's holder signed it with its key, or is a contract that says so."""
    message = confirmation_message(beneficiary, split_root, leaf, domain)
    if not _signed_by(leaf.holder, message, signature, wallets):
        text = f"The confirmation of place {leaf.index} is not signed by its holder {leaf.holder}."
        raise InvalidInput(text, "The holder signs work, split, place, address and share; any change needs a new one.")


def check_quote_signature(
    quote: Quote, signature: bytes, domain: Eip712Domain, wallets: Wallets = no_wallets, *, named: str | None = None
) -> None:
    """Raises InvalidOrder unless the quote's operator signed it with its key or the one that it has `named`, or is a
    contract that says so.
    """
    message = quote_message(quote, domain)
    by_named = named is not None and _signer(message, signature) == named.lower()
    if not by_named and not _signed_by(quote.operator, message, signature, wallets):
        raise InvalidOrder("The quote is not signed by its operator.", "Do not pay; ask the operator for a new quote.")


def check_commit_signature(
    commit: Commit, operator: str, signature: bytes, domain: Eip712Domain, wallets: Wallets = no_wallets
) -> None:
    """Raises InvalidOrder unless `operator` signed the commit with its key, or is a contract that says so."""
    if not _signed_by(operator, commit_message(commit, domain), signature, wallets):
        raise InvalidOrder("The commit is not signed by the order's operator.", "Sign it with the operator's key.")


def check_release_signature(release: Release, wallets: Wallets = no_wallets, *, named: str | None = None) -> None:
    """Raises InvalidInput unless the releaser signed it with its key or the one that it has `named`, or is a contract
    that says so.
    """
    message = release.message()
    by_named = named is not None and _signer(message, release.signature) == named.lower()
    if not by_named and not _signed_by(release.releaser, message, release.signature, wallets):
        text = f"The release is not signed by {release.releaser}, whom it names."
        raise InvalidInput(text, "Do not use it; ask for it again, by another way.")


def _signed_by(address: str, message: SignableMessage, signature: bytes, wallets: Wallets) -> bool:
    if _signer(message, signature) == address.lower():
        return True
    return wallets(address, typed_data.digest(message), signature)


def _signer(message: SignableMessage, signature: bytes) -> str | None:
    """The signer's address in lower case; None for what the contracts refuse, the higher s value included."""
    found = recovered(typed_data.digest(message), signature)
    return found and found.lower()
