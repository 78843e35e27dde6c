"""What a wallet is handed: transactions to send and messages to sign, in plain words and tried out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from contrafact.ledger.prepared import Steps
from contrafact.web.schemas.fields import Address, Schema


class Line(Schema):
    label: str = Field(examples=["You pay at most"])
    value: str = Field(examples=["1.25 USD"])


class Refusal(Schema):
    """Why the chain would refuse; `contract_error` is the Solidity error's name, where one is known."""

    code: str = Field(examples=["payment"])
    message: str = Field(examples=["The account holds too little of the token."])
    hint: str = Field(examples=["Add to it."])
    contract_error: str | None = Field(examples=[None])


class TriedOut(Schema):
    """What came of trying it out at the newest block; `waits` for the transactions before it."""

    outcome: Literal["ok", "refused", "waits"] = Field(examples=["ok"])
    error: Refusal | None


class WalletTransaction(Schema):
    """An unsigned transaction as `eth_sendTransaction` takes it; `says` and `shows` are what it does, in words."""

    chain_id: int = Field(examples=[1])
    sender: Address = Field(alias="from")
    to: Address
    value: str = Field(examples=["0x0"])
    data: str = Field(examples=["0x1f8b"])
    gas: str | None = Field(examples=["0x5208"])
    contract: str = Field(examples=["GenerationEscrow"])
    function: str = Field(examples=["fund"])
    says: str = Field(examples=["Pay for a piece. You pay at most: 1.25 USD."])
    shows: list[Line]
    simulation: TriedOut


class WalletMessage(Schema):
    """Typed data for `eth_signTypedData_v4`; `name` says what the signature is for."""

    name: str = Field(examples=["order"])
    signer: Address
    kind: str = Field(examples=["Order"])
    says: str = Field(examples=["Pay for a piece."])
    shows: list[Line]
    document: dict[str, Any] = Field(examples=[{"primaryType": "Order"}])


class WalletSteps(Schema):
    """What to do, in this order: sign the messages, send the transactions."""

    transactions: list[WalletTransaction]
    messages: list[WalletMessage]

    @classmethod
    def of(cls, steps: Steps) -> WalletSteps:
        return cls.model_validate(steps.to_dict())
