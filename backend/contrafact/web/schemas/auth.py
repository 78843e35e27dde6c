"""Documents of signing in."""

from __future__ import annotations

from pydantic import Field

from contrafact.web.schemas.fields import Address, Schema, Time

_MESSAGE = """contrafact.example wants you to sign in with your Ethereum account:
0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266

Sign in to Contrafact. This moves no money and permits no transaction.

URI: https://contrafact.example
Version: 1
Chain ID: 1
Nonce: 4fHq2kZ81xW
Issued At: 2026-01-31T12:00:00.000Z
Expiration Time: 2026-01-31T12:05:00.000Z"""


class NonceRequest(Schema):
    address: Address


class Nonce(Schema):
    """A nonce, good once and until `expires_at`, and the message with it, as the wallet signs it (EIP-191)."""

    nonce: str = Field(examples=["4fHq2kZ81xW"])
    message: str = Field(examples=[_MESSAGE])
    expires_at: Time


class SignIn(Schema):
    """The message word for word, and the wallet's signature of it; a contract wallet's is asked of the chain."""

    message: str = Field(max_length=4096, examples=[_MESSAGE])
    signature: str = Field(pattern=r"^0x([0-9a-fA-F]{2})+$", max_length=8192, examples=["0x" + "5a" * 64 + "1b"])


class Session(Schema):
    wallet: Address
    expires_at: Time


class NewSession(Session):
    """`token` is shown once: send it as `Authorization: Bearer …`. Browsers get it as a cookie, too."""

    token: str = Field(examples=["k3bX0uK0mD8yJ3bq9sJmJw0u0cC1rVw2y4t6x8zA0bE"])
