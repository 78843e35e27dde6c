"""A call: a function of a contract with its arguments, and what its sender pays in with it."""

from __future__ import annotations

from dataclasses import dataclass

from web3.contract.contract import ContractFunction

from contrafact.domain.terms import NATIVE


@dataclass(frozen=True, slots=True)
class Call:
    """`amount` units of `token` are paid in: the chain's coin goes with the call, any other must be approved before."""

    function: ContractFunction
    token: str = NATIVE
    amount: int = 0

    @property
    def value(self) -> int:
        """The chain's coin that goes with it, in wei."""
        return self.amount if self.token == NATIVE else 0

    @property
    def to_approve(self) -> int:
        """How many units of the token the contract must be allowed to take."""
        return self.amount - self.value

    @property
    def target(self) -> str:
        """The contract's address."""
        return str(self.function.address)
