"""Licence terms: what a licensor permits, and at what price. The twin of `Licensing.sol`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput, NotPermitted

NATIVE = "0x0000000000000000000000000000000000000000"
TERMS_ABI = "(bool,bool,uint8,bool,uint32,uint64,uint64,uint128,(address,uint128[4])[])"


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


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a work's licence terms; fields as in `Types.sol`. `max_weight` is in ppm, times in seconds."""

    training: bool
    inference: bool
    uses: frozenset[Use]
    combinable: bool
    max_weight: int
    valid_from: int
    valid_until: int
    training_price: int
    prices: tuple[TokenPrice, ...]

    @classmethod
    def opted_out(cls) -> Terms:
        """Terms that permit nothing, from the next order on."""
        return cls(False, False, frozenset(), False, 0, 0, 0, 0, ())

    def to_abi(self) -> tuple[object, ...]:
        """The Solidity struct as a nested tuple."""
        bits = sum(1 << use for use in self.uses)
        prices = [(p.token, list(p.prices)) for p in self.prices]
        flags = (self.training, self.inference, bits, self.combinable, self.max_weight)
        return (*flags, self.valid_from, self.valid_until, self.training_price, prices)

    @classmethod
    def from_abi(cls, t: tuple[object, ...] | dict[str, object]) -> Terms:
        """The inverse of `to_abi`; also takes web3's dictionaries of decoded events."""
        values = list(t.values()) if isinstance(t, dict) else list(t)
        training, inference, bits, combinable, weight, start, end, training_price, rows = values
        pairs = [tuple(r.values()) if isinstance(r, dict) else tuple(r) for r in rows]  # type: ignore[attr-defined]
        prices = tuple(TokenPrice(token, tuple(amounts)) for token, amounts in pairs)
        uses = frozenset(use for use in Use if bits >> use & 1)  # type: ignore[operator]
        return cls(training, inference, uses, combinable, weight, start, end, training_price, prices)  # type: ignore[arg-type]

    def hash(self) -> bytes:
        """keccak256(abi.encode(terms)), what the chain stores for a version."""
        return keccak(encode([TERMS_ABI], [self.to_abi()]))

    def price(self, use: Use, token: str) -> int:
        """Price per started 30 seconds. Raises NotPermitted when the token is not accepted."""
        for row in self.prices:
            if row.token.lower() == token.lower():
                return row.prices[use]
        raise NotPermitted(
            f"The work's terms do not accept the token {token}.", "Pay in a token that all sources accept."
        )

    def require_permitted(self, work: str, use: Use, weight: int, alone: bool, now: int) -> None:
        """Raises NotPermitted where this version refuses the order; `alone`: all sources have one licensor."""
        if not self.inference:
            raise NotPermitted(f"Work {work} is opted out of generation.", "Choose another work.")
        if use not in self.uses:
            raise NotPermitted(f"Work {work} does not permit {use.name.lower()} use.", f"Permitted: {self._uses()}.")
        if weight > self.max_weight:
            text = f"Work {work} permits a weight of at most {self.max_weight / PPM:.0%}."
            raise NotPermitted(text, "Lower its weight.")
        if not (self.combinable or alone):
            text = f"Work {work} may not be combined with works of other licensors."
            raise NotPermitted(text, "Use it with works of the same licensor only.")
        if now < self.valid_from or (self.valid_until and now >= self.valid_until):
            raise NotPermitted(f"The terms of work {work} are not in force now.", "Choose another work.")

    def _uses(self) -> str:
        return ", ".join(use.name.lower() for use in sorted(self.uses)) or "none"

    def summary(self) -> str:
        """The terms in plain words, without prices."""
        training = "yes" if self.training else "no"
        if not self.inference:
            return f"to train: {training} · to condition pieces: no"
        combine = "" if self.combinable else " · not with other licensors' works"
        uses, weight = self._uses(), f"{self.max_weight / PPM:.0%}"
        return f"to train: {training} · to condition pieces: {uses} · weight ≤ {weight}{combine}"
