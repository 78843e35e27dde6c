"""What a wallet is handed: transactions to send, messages to sign, and what trying them out showed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from contrafact.errors import ContrafactError
from contrafact.ledger.clear_signing.shown import Shown


class Outcome(StrEnum):
    OK = "ok"
    REFUSED = "refused"
    WAITS = "waits"
    """It needs the transactions before it, and nothing else that can be known now."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What came of trying a transaction out from its sender, at the newest block; `error` where it is refused."""

    outcome: Outcome
    error: ContrafactError | None = None

    def to_dict(self) -> dict[str, object]:
        """`{outcome, error: {code, message, hint, contract_error}}`."""
        error = self.error and {**self.error.to_dict(), "contract_error": getattr(self.error, "name", None)}
        return {"outcome": self.outcome.value, "error": error or None}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An unsigned transaction. `value` in wei; `gas` is an estimate with a margin, None where there is none yet."""

    chain_id: int
    sender: str
    to: str
    value: int
    data: bytes
    gas: int | None
    contract: str
    function: str
    shown: Shown
    simulation: Simulation

    def to_dict(self) -> dict[str, Any]:
        """As JSON: `transaction` is what `eth_sendTransaction` takes; `says` and `shows` are for people."""
        wallet = {"from": self.sender, "to": self.to, "value": hex(self.value), "data": f"0x{self.data.hex()}"}
        return {
            "chain_id": self.chain_id,
            **wallet,
            "gas": None if self.gas is None else hex(self.gas),
            "contract": self.contract,
            "function": self.function,
            **_said(self.shown),
            "simulation": self.simulation.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class ToSign:
    """A message that `signer` signs with `eth_signTypedData_v4`; `name` says for which argument of the next step."""

    name: str
    signer: str
    document: dict[str, Any]
    shown: Shown

    def to_dict(self) -> dict[str, Any]:
        kind = self.document["primaryType"]
        return {"name": self.name, "signer": self.signer, "kind": kind, **_said(self.shown), "document": self.document}


@dataclass(frozen=True, slots=True)
class Steps:
    """What somebody does for one action: messages to sign, and transactions to send one after the other."""

    transactions: tuple[Prepared, ...] = field(default=())
    messages: tuple[ToSign, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        transactions = [one.to_dict() for one in self.transactions]
        return {"transactions": transactions, "messages": [one.to_dict() for one in self.messages]}


def _said(shown: Shown) -> dict[str, object]:
    return {"says": shown.sentence, "shows": [{"label": label, "value": text} for label, text in shown.values]}
