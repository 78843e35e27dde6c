"""What an ERC-20 token takes signatures for: permits (ERC-2612), authorizations (ERC-3009), and under which domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from web3.contract.contract import ContractFunction

from contrafact.domain import typed_data
from contrafact.domain.addresses import NATIVE
from contrafact.domain.typed_data import Eip712Domain
from contrafact.errors import ContractError
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.failures import NoSuchContract

VERSIONS = ("1", "2")  # where a token does not say its own


@dataclass(frozen=True, slots=True)
class Token:
    """`domain` is None where the token takes no permits, or hides what it signs under."""

    domain: Eip712Domain | None
    authorizes: bool
    nonce: Callable[[str], int]


def read_token(connection: Connection, contracts: Contracts, address: str) -> Token:
    """What the token says. A domain counts only where its separator is the one that the token itself computes."""
    functions = contracts.token(address).functions

    def ask(function: ContractFunction) -> Any:
        try:
            return connection.call(function)
        except (ContractError, NoSuchContract, UnicodeDecodeError):
            return None

    separator = ask(functions.DOMAIN_SEPARATOR())
    named = ask(functions.eip712Domain())
    name = named[1] if named else ask(functions.name()) or ""
    versions = (named[2],) if named else VERSIONS
    candidates = [Eip712Domain(connection.chain_id, address, name, version) for version in versions]
    domain = next((one for one in candidates if separator is not None and _separator(one) == bytes(separator)), None)
    if ask(functions.nonces(NATIVE)) is None:
        domain = None
    authorizes = ask(functions.authorizationState(NATIVE, bytes(32))) is not None
    return Token(domain, authorizes, lambda owner: int(connection.call(functions.nonces(owner))))


def _separator(domain: Eip712Domain) -> bytes:
    """EIP-712's hash of the domain, which is the same for every message."""
    fields = dict.fromkeys(("owner", "spender"), NATIVE) | dict.fromkeys(("value", "nonce", "deadline"), 0)
    return bytes(typed_data.message("Permit", fields, domain).header)
