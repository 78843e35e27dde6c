"""The model's purse: what everybody has, and what tokens and receivers do when money is moved."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..chain import NATIVE
from ..hostile import Quirk, Reaction

ANY = "*"  # refused, by a token, for whatever reason
NOBODY = NATIVE
_NEVER_MOVES = {Quirk.RETURNS_FALSE, Quirk.REVERTS, Quirk.BURNS_GAS}
_HOSTILE = {Reaction.REJECT, Reaction.BURN_GAS}


@dataclass
class Money:
    """`balances` by (token, address) of everybody who takes part.

    `dolls` are accounts with code and how they react; `contracts` take neither coin nor calls by tokens, but that the
    training pool takes coin from the escrow. `silent` have given no allowance.
    """

    quirky: str
    escrow: str
    pool: str
    contracts: set[str]
    dolls: dict[str, Reaction]
    silent: set[str]
    balances: dict[tuple[str, str], int]
    quirk: Quirk = Quirk.NONE
    blocked: set[str] = field(default_factory=set)

    def lands(self, token: str, sender: str, to: str) -> bool:
        """Whether money that a contract pushes arrives."""
        if to in (NOBODY, sender):
            return False
        if token == NATIVE:
            if to in self.contracts:
                return to == self.pool and sender == self.escrow
            return self.dolls.get(to) not in _HOSTILE
        return token != self.quirky or self._quirky_lands(to)

    def _quirky_lands(self, to: str) -> bool:
        if to in self.blocked or self.quirk in _NEVER_MOVES:
            return False
        if self.quirk is Quirk.CALLS_RECEIVER:
            return to not in self.contracts and self.dolls.get(to) not in _HOSTILE
        return True

    def push(self, token: str, sender: str, to: str, amount: int) -> bool:
        """Moves the money where it lands; says whether it did."""
        if not self.lands(token, sender, to):
            return False
        self.move(token, sender, to, amount)
        return True

    def move(self, token: str, sender: str, to: str, amount: int) -> None:
        fee = amount // 100 if token == self.quirky and self.quirk is Quirk.TAKES_FEE else 0
        self.balances[token, sender] -= amount
        self.balances[token, to] += amount - fee
        assert self.balances[token, sender] >= 0, "the model spends what is not there"

    def against_taking(self, token: str, payer: str, amount: int, value: int, allowed: bool = False) -> set[str]:
        """Why a contract cannot collect `amount` when `value` is sent along; `allowed`: by a permit, for once."""
        due = amount if token == NATIVE else 0
        if value != due:
            return {"Payments_WrongPayment"}
        if token == NATIVE or amount == 0:
            return set()
        reasons = set()
        if payer in self.silent and not allowed:
            reasons.add("ERC20InsufficientAllowance")
        if self.balances[token, payer] < amount:
            reasons.add("ERC20InsufficientBalance")
        if token == self.quirky and self._keeps_back(amount):
            reasons.add(ANY)
        return reasons

    def _keeps_back(self, amount: int) -> bool:
        """Whether the quirky token does not deliver `amount` to a contract of ours."""
        if self.quirk is Quirk.TAKES_FEE:
            return amount >= 100
        return self.quirk in _NEVER_MOVES or self.quirk is Quirk.CALLS_RECEIVER
