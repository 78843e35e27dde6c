"""What an audit looks at, and which orders it generates again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction

from contrafact.errors import InvalidInput, NotFound

RULE = "the lowest SHA-256 of the audited block's hash and the order's id"
"""By it everybody chooses the same orders, and no operator can know which before the audited block is there."""
LAST_BLOCK = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Scope:
    """What is judged; of everything, nothing is left out. Ids as `0x…`; blocks are those in which orders were funded.

    Several of one kind widen the scope (either work), several kinds narrow it (of this work and by this operator).
    """

    orders: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    first_block: int | None = None
    last_block: int | None = None

    def __post_init__(self) -> None:
        """Raises InvalidInput for blocks that there cannot be: of nothing an audit would say that it holds."""
        first, last = self.first_block or 0, LAST_BLOCK if self.last_block is None else self.last_block
        if not 0 <= first <= last <= LAST_BLOCK:
            text = f"There are no blocks from {self.first_block} to {self.last_block}."
            raise InvalidInput(text, "Name blocks by their numbers, the first one first.")

    @property
    def is_everything(self) -> bool:
        return self == Scope()

    @property
    def is_operators(self) -> bool:
        """Whether all orders of some operators are judged, by which their bonds can be."""
        return bool(self.operators) and self == Scope(operators=self.operators)

    def to_dict(self) -> dict[str, object]:
        """What narrows the scope; nothing for everything."""
        return {name: value for name, value in asdict(self).items() if value not in ((), None)}

    def in_words(self) -> str:
        """`orders 0x12…, from block 7`; `everything` where nothing narrows it."""
        parts = [
            f"{name} {', '.join(value)}" for name, value in asdict(self).items() if isinstance(value, tuple) and value
        ]
        if self.first_block is not None:
            parts.append(f"from block {self.first_block}")
        if self.last_block is not None:
            parts.append(f"to block {self.last_block}")
        return ", ".join(parts) or "everything"


@dataclass(frozen=True, slots=True)
class Replays:
    """How many of the delivered orders are generated and rendered again: a `part` of them, or a `count`; else all."""

    count: int | None = None
    part: Fraction | None = None

    @classmethod
    def parse(cls, text: str) -> Replays:
        """`all`, `none`, `50` or `5%`. Raises InvalidInput."""
        if text in ("all", "none"):
            return cls(None if text == "all" else 0)
        number = text.removesuffix("%")
        if not (number.isascii() and number.replace(".", "", 1).isdigit() and len(number) < 12):
            raise InvalidInput(f"{text!r} is no number of replays.", "Write all, none, 50, or 5%.")
        if number == text:
            if "." in text:
                raise InvalidInput(f"{text!r} is no number of orders.", f"Write a whole number, or {text}%.")
            return cls(int(text))
        part = Fraction(number) / 100
        if part > 1:
            raise InvalidInput(f"{text} is more than all.", "Write all, none, 50, or 5%.")
        return cls(part=part)

    def of(self, delivered: int) -> int:
        """How many of so many delivered orders; a part is rounded up."""
        if self.part is not None:
            return math.ceil(delivered * self.part)
        return delivered if self.count is None else min(self.count, delivered)

    def __str__(self) -> str:
        if self.part is not None:
            return f"{float(self.part * 100):g}%"
        return "all" if self.count is None else str(self.count) if self.count else "none"


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many of the delivered orders in scope were to be replayed, and by which rule they were chosen."""

    asked: str
    replayed: int
    delivered: int

    @property
    def is_sample(self) -> bool:
        return self.replayed < self.delivered

    @property
    def verdict(self) -> str:
        """What an audit says that found nothing in a sample."""
        left = self.delivered - self.replayed
        pieces = "1 delivered piece was" if left == 1 else f"{left:,} delivered pieces were"
        return f"What was asked for holds; {pieces} not generated again"

    def in_words(self) -> str:
        text = f"Replayed {self.replayed:,} of {self.delivered:,} delivered orders"
        return f"{text}, those with {RULE}." if self.is_sample and self.replayed else f"{text}."

    def to_dict(self) -> dict[str, object]:
        rule = RULE if self.is_sample and self.replayed else None
        return {"asked": self.asked, "replayed": self.replayed, "delivered": self.delivered, "rule": rule}


def require_known(what: str, missing: Sequence[str]) -> None:
    """Raises NotFound where something that the scope names is not there."""
    if missing:
        raise NotFound(
            f"There is no {what} {', '.join(missing)} up to the audited block.", "Check the id, and the chain."
        )
