"""Every error a caller may see, as one tree. Each says what went wrong (`message`) and what to do (`hint`).

ContrafactError
├── InvalidInput        something given by a person or a file is unusable
│   ├── InvalidScore    a music file cannot be read or used as a source
│   └── InvalidOrder    weights, length, use or parameters of an order do not fit
├── NotFound            a work, an order, a file or a setting that does not exist
│   └── Withdrawn       content that was taken down here; a notice says why
├── NotPermitted        licence terms, or the contract, refuse
│   └── NoKey           content is protected, and this reader holds no key to it
├── Payment             money: too little, wrong token, expired quote
├── ChainError          the chain cannot be reached, is another one, or rejected a transaction
│   ├── ContractError   a contract reverted with a known custom error
│   └── OrderClosed     an order takes no commit any more: refunded, too late, or committed with another record
├── BoundsNotKept       no attempt at generating kept the shares that the order demands
├── Busy                another process works on the same order
├── ComputeError        a process or machine that generates or renders was lost
├── DatabaseError       the database cannot be reached, or cannot be written
├── StoreError          the content store cannot do what it was asked
│   ├── StoreUnreachable  it does not answer, or not in time
│   ├── WrongBytes      it returned other bytes than asked for
│   ├── StoreFull       no space, or no quota, is left
│   ├── StoreReadOnly   this user may not write there
│   └── ContentMismatch  what was registered on the chain does not follow from the content
├── ReplayError         a replay could not be done at all
└── Interrupted         somebody pressed Ctrl-C
"""

from __future__ import annotations


class ContrafactError(Exception):
    """Base of all errors; `code` is stable and machine-readable, `hint` tells the reader what to do next."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def to_dict(self) -> dict[str, str]:
        """The error as `{code, message, hint}`, the form of every machine-readable answer."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class InvalidInput(ContrafactError):
    code = "invalid_input"
    exit_code = 2


class InvalidScore(InvalidInput):
    code = "invalid_score"


class InvalidOrder(InvalidInput):
    code = "invalid_order"


class NotFound(ContrafactError):
    code = "not_found"
    exit_code = 3


class Withdrawn(NotFound):
    """Content was taken down in this store; `notice` is the document that stands in its place."""

    code = "withdrawn"

    def __init__(self, message: str, hint: str = "", notice: bytes = b"") -> None:
        super().__init__(message, hint)
        self.notice = notice


class NotPermitted(ContrafactError):
    code = "not_permitted"
    exit_code = 4


class NoKey(NotPermitted):
    code = "no_key"


class Payment(ContrafactError):
    code = "payment"
    exit_code = 5


class ChainError(ContrafactError):
    code = "chain"
    exit_code = 6


class ContractError(ChainError):
    """A contract reverted; `name` is the Solidity custom error, `arguments` its decoded arguments."""

    code = "contract"

    def __init__(self, name: str, arguments: tuple[object, ...], message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.name = name
        self.arguments = arguments


class OrderClosed(ChainError):
    code = "order_closed"


class StoreError(ContrafactError):
    code = "store"
    exit_code = 7


class StoreUnreachable(StoreError):
    code = "store_unreachable"


class WrongBytes(StoreError):
    code = "wrong_bytes"


class StoreFull(StoreError):
    code = "store_full"


class StoreReadOnly(StoreError):
    code = "store_read_only"


class ContentMismatch(StoreError):
    code = "content_mismatch"


class Busy(ContrafactError):
    code = "busy"
    exit_code = 16


class ComputeError(ContrafactError):
    code = "compute"
    exit_code = 15


class DatabaseError(ContrafactError):
    code = "database"
    exit_code = 14


class BoundsNotKept(ContrafactError):
    code = "bounds_not_kept"
    exit_code = 9


class ReplayError(ContrafactError):
    code = "replay"
    exit_code = 8


class Interrupted(ContrafactError):
    code = "interrupted"
    exit_code = 130

    def __init__(self, hint: str = "") -> None:
        usual = (
            "Give the same command again: what was sent is on record in CONTRAFACT_HOME, and comes to its end first."
        )
        super().__init__("Interrupted.", hint or usual)
