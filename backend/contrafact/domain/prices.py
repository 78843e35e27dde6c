"""What an output is for, and what a work costs for it in one token."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from contrafact.domain import addresses
from contrafact.domain.words import Word
from contrafact.errors import InvalidInput

_PRIVATE = Word(token=160, private_price=80)
_WIDER = Word(commercial_price=80, broadcast_price=80, live_price=80)


class Use(IntEnum):
    """What the output of an order is for. The numbers are those of the contracts."""

    PRIVATE = 0
    COMMERCIAL = 1
    BROADCAST = 2
    LIVE = 3

    @classmethod
    def parse(cls, name: str) -> Use:
        """The use called `name`. Raises InvalidInput with the known names."""
        try:
            return cls[name.upper()]
        except KeyError:
            known = ", ".join(use.name.lower() for use in cls)
            raise InvalidInput(f"Unknown use {name!r}.", f"Known uses: {known}.") from None


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """Price per started 30 seconds of a piece made wholly of the work, by use, in units of `token`."""

    token: str
    prices: tuple[int, int, int, int]

    def to_words(self) -> tuple[int, int]:
        """The row's two words. Raises InvalidInput for a price of 2^80 or more."""
        private, commercial, broadcast, live = self.prices
        first = _PRIVATE.pack(token=addresses.to_number(self.token), private_price=private)
        return first, _WIDER.pack(commercial_price=commercial, broadcast_price=broadcast, live_price=live)

    @classmethod
    def from_words(cls, first: int, second: int) -> TokenPrice:
        """The inverse of `to_words`."""
        token, private = _PRIVATE.unpack(first)
        commercial, broadcast, live = _WIDER.unpack(second)
        return cls(addresses.from_number(token), (private, commercial, broadcast, live))
