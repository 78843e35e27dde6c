"""The message that a wallet signs to sign in (EIP-4361), and the check of what came back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from eth_account.messages import defunct_hash_message
from eth_keys.exceptions import BadSignature, ValidationError
from siwe import (
    DomainMismatch,
    ExpiredMessage,
    InvalidSignature,
    ISO8601Datetime,
    NotYetValidMessage,
    SiweMessage,
    VerificationError,
)

from contrafact.errors import InvalidInput
from contrafact.web.configuration import WebSettings
from contrafact.web.errors import NotSignedIn

STATEMENT = "Sign in to Contrafact. This moves no money and permits no transaction."
_AGAIN = "Ask for a new nonce and sign its message."

_TIME, _ADDRESS = r"[0-9TZtz:.+-]{20,40}", r"[^\s<>\"]{1,200}"
_FORM = re.compile(
    r"(?P<domain>[^\s/?#@]{1,255}) wants you to sign in with your Ethereum account:\n0x[0-9a-fA-F]{40}\n\n"
    rf"(?:[ -~]{{1,300}}\n)?\nURI: (?P<uri>{_ADDRESS})\nVersion: 1\nChain ID: [0-9]{{1,20}}\n"
    rf"Nonce: [A-Za-z0-9]{{8,64}}\nIssued At: {_TIME}(?:\nExpiration Time: {_TIME})?(?:\nNot Before: {_TIME})?"
    rf"(?:\nRequest ID: \S{{0,64}})?(?:\nResources:(?:\n- {_ADDRESS}){{0,4}})?"
)
"""A message's outline, found in time that grows with its length. The grammar's parser takes seconds, with the whole
process waiting, for a few thousand characters that are chosen for it: it is given only what has this form."""

Accepts = Callable[[str, bytes, bytes], bool]
"""Whether a contract wallet says yes to a signature of a digest (ERC-1271)."""


def to_sign(address: str, nonce: str, chain_id: int, now: float, settings: WebSettings) -> str:
    """The message, as the wallet shows it."""
    message: SiweMessage = SiweMessage(
        domain=settings.domain,
        address=address,
        uri=settings.origin,
        version="1",
        chain_id=chain_id,
        nonce=nonce,
        statement=STATEMENT,
        issued_at=_written(now),
        expiration_time=_written(now + settings.nonce_seconds),
    )
    return str(message.prepare_message())


def read(text: str, chain_id: int, now: float, settings: WebSettings) -> SiweMessage:
    """The message in `text`, if it is for this service, this chain and now.

    Raises InvalidInput for one that cannot be read, NotSignedIn for one of another place or time.
    """
    _check_outline(text, settings)
    try:
        message: SiweMessage = SiweMessage.from_message(text)
        same = message.prepare_message() == text
        begun = message.issued_at._datetime
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidInput("The message is not one of EIP-4361.", _AGAIN) from error
    if not same:
        raise InvalidInput("The message is not written as EIP-4361 says.", _AGAIN)
    _require(message.chain_id == chain_id, f"The message is for chain {message.chain_id}, not for {chain_id}.")
    _require(message.expiration_time is not None, "The message never expires.")
    _require(begun.tzinfo is not None and begun.timestamp() <= now + 60, "The message was issued in the future.")
    return message


def check_signature(message: SiweMessage, signature: bytes, now: float, accepts: Accepts) -> None:
    """Raises NotSignedIn unless the message's address signed it, as a key or as a contract wallet, and it is in force.

    Raises ChainError where a contract wallet cannot be asked.
    """
    try:
        message.verify("0x" + signature.hex(), timestamp=datetime.fromtimestamp(now, UTC))
    except (ExpiredMessage, NotYetValidMessage, DomainMismatch) as error:
        raise NotSignedIn("The message is not in force now.", _AGAIN) from error
    except (InvalidSignature, BadSignature, ValidationError, VerificationError, ValueError, TypeError):
        digest = bytes(defunct_hash_message(text=message.prepare_message()))
        _require(accepts(message.address, digest, signature), f"The signature is not one of {message.address}.")


def _check_outline(text: str, settings: WebSettings) -> None:
    """Raises InvalidInput for what has no message's form, NotSignedIn for one of another place."""
    found = _FORM.fullmatch(text)
    if found is None:
        hint = f"{_AGAIN} It has at most 300 characters in a line, and 4 resources."
        raise InvalidInput("The message is not one of EIP-4361.", hint)
    _require(found["domain"] == settings.domain, f"The message is for {found['domain']}, not for {settings.domain}.")
    _require(_is_below(found["uri"], settings.origin), f"The message's URI is not of {settings.origin}.")


def _is_below(uri: str, origin: str) -> bool:
    return uri == origin or uri.startswith(f"{origin}/")


def _written(seconds: float) -> Any:
    return ISO8601Datetime.from_datetime(datetime.fromtimestamp(int(seconds), UTC))


def _require(condition: bool, text: str) -> None:
    if not condition:
        raise NotSignedIn(text, _AGAIN)
