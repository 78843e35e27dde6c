"""What a maker signs for a token, so that somebody else may send its order: a permit, or an authorization."""

from __future__ import annotations

from eth_utils.crypto import keccak

from contrafact.domain import typed_data
from contrafact.domain.orders import Quote
from contrafact.domain.typed_data import Eip712Domain, TypedData


def permit_message(quote: Quote, escrow_contract: str, nonce: int, token: Eip712Domain) -> TypedData:
    """An ERC-2612 permit: the escrow contract may take exactly the order's escrow until the quote ends.

    `nonce` is the maker's next one in the token; `token` the token's domain, with its own name and version.
    """
    values = (quote.maker, escrow_contract, quote.escrow, nonce, quote.valid_until)
    return typed_data.message("Permit", typed_data.named("Permit", values), token)


def authorization_message(
    quote: Quote, order: bytes, maker_salt: bytes, escrow_contract: str, token: Eip712Domain
) -> TypedData:
    """An ERC-3009 authorization that pays and orders in one: its nonce binds the order's id and the maker's salt."""
    kind, until = "ReceiveWithAuthorization", quote.valid_until + 1  # exclusive
    values = (quote.maker, escrow_contract, quote.escrow, 0, until, authorization_nonce(order, maker_salt))
    return typed_data.message(kind, typed_data.named(kind, values), token)


def authorization_nonce(order: bytes, maker_salt: bytes) -> bytes:
    """The nonce that the escrow contract asks for, 32 bytes."""
    return bytes(keccak(order + maker_salt))
