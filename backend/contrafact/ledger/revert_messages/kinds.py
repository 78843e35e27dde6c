"""The kinds of refusal: errors of this project that a contract's revert becomes."""

from __future__ import annotations

from typing import NamedTuple

from contrafact.errors import ContractError, InvalidInput, InvalidOrder, NotFound, NotPermitted, Payment


class Refused(ContractError, NotPermitted):
    """A contract refuses what is asked: the terms, the order's state, or the caller do not allow it."""

    code = NotPermitted.code
    exit_code = NotPermitted.exit_code


class PaymentRefused(ContractError, Payment):
    """A contract refuses for money: too little, none there, an offer that has expired, a failed transfer."""

    code = Payment.code
    exit_code = Payment.exit_code


class OrderRefused(ContractError, InvalidOrder):
    """A quote or a commit does not fit the order's form or bounds."""

    code = InvalidOrder.code
    exit_code = InvalidOrder.exit_code


class InputRefused(ContractError, InvalidInput):
    """A value given to a contract is unusable."""

    code = InvalidInput.code
    exit_code = InvalidInput.exit_code


class UnknownOnChain(ContractError, NotFound):
    """The chain knows no such work or model."""

    code = NotFound.code
    exit_code = NotFound.exit_code


class Meaning(NamedTuple):
    kind: type[ContractError]
    message: str
    hint: str


REQUOTE = "Ask the operator for a new quote."
REPORT = "This should not happen; please report it with the transaction."
OWN_KEY = "Sign with the licensor's account."
DESK_ONLY = "Open a contest at the dispute desk instead."
