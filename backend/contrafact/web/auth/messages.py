"""The message that a wallet signs to sign in (EIP-4361), and the check of what came back."""

from __future__ import annotations

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
    try:
        message: SiweMessage = SiweMessage.from_message(text)
        same = message.prepare_message() == text
        begun = message.issued_at._datetime
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidInput("The message is not one of EIP-4361.", _AGAIN) from error
    if not same:
        raise InvalidInput("The message is not written as EIP-4361 says.", _AGAIN)
    _require(message.domain == settings.domain, f"The message is for {message.domain}, not for {settings.domain}.")
    _require(_is_below(str(message.uri), settings.origin), f"The message's URI is not of {settings.origin}.")
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


def _is_below(uri: str, origin: str) -> bool:
    return uri == origin or uri.startswith(f"{origin}/")


def _written(seconds: float) -> Any:
    return ISO8601Datetime.from_datetime(datetime.fromtimestamp(int(seconds), UTC))


def _require(condition: bool, text: str) -> None:
    if not condition:
        raise NotSignedIn(text, _AGAIN)
