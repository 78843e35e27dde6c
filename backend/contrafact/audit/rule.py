"""A rule of the audit as a value: what it promises, how grave a breach is, and how to check it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contrafact.audit.outcomes import Severity


class Promise(StrEnum):
    """What the ledger promises. The first nine are the rules that always hold of its contracts."""

    CONSERVATION = "what the contracts hold is what came in less what went out, to the unit"
    WHOLE = "shares sum to one million, and a settlement's amounts to what was escrowed"
    ONCE = "an order is committed or refunded, once, never both"
    ENTITLEMENT = "nobody takes more than is theirs"
    PERMISSION = "a work that is opted out, expired or contested enters no new order"
    HISTORY = "the history of terms is append-only, and any version can be proved for ever"
    CONTESTED = "contested money is neither paid nor lost"
    HOLDERS = "nobody, the admin included, moves a holder's balance"
    BOND = "an operator's bond covers its open orders"
    CODE = "the contracts are the published code, and nobody can exchange it"
    SIGNED = "nobody is bound by what they did not sign"
    REGISTERED = "what is registered is what is published under its digest"
    CONSENT = "a model learnt only from works whose licences let it"
    PROVENANCE = "what was paid for is what was generated, and anyone can generate it again"
    DELIVERED = "the maker gets what was ordered"
    POOL = "the base share reaches the works that a model learnt from"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `means` says what holds where it passes, `guards` what the ledger promises by it.

    `severity` is that of a breach; where it `varies`, that says on what. `by_hand` is a recipe for an engineer: lines
    that begin with `$ ` are commands, the others say what to look for. Words in capitals stand for values: see
    `by_hand.PLACEHOLDERS`.
    """

    name: str
    means: str
    guards: Promise
    by_hand: str
    severity: Severity = Severity.ERROR
    varies: str = ""

    @property
    def gravity(self) -> str:
        """The severity in words."""
        return f"{self.severity.value}; {self.varies}" if self.varies else self.severity.value

    def to_dict(self) -> dict[str, str]:
        """The rule for machines."""
        return {
            "name": self.name,
            "means": self.means,
            "guards": self.guards.value,
            "severity": self.severity.value,
            "varies": self.varies,
            "by_hand": self.by_hand,
        }
