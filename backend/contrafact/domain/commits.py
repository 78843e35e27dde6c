"""Commits: what an operator states of a finished generation, packed as the contracts take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contrafact.domain.words import Word
from contrafact.errors import InvalidInput

_SHARE_BITS, _DURATION_AT = 24, 216


@dataclass(frozen=True, slots=True)
class Commit:
    """What the operator signs when a generation is finished, its fields in the order in which they are signed.

    `duration` in seconds of music; shares in ppm, in the order of the inference set.
    """

    order_id: bytes
    record_digest: bytes
    output_digest: bytes
    evidence_root: bytes
    duration: int
    base_share: int
    shares: tuple[int, ...]

    def to_abi(self) -> tuple[bytes, bytes, bytes, int]:
        """The Solidity struct, packed; it does not hold the order's id. Raises InvalidInput for what does not fit."""
        shares = _shares_word(len(self.shares)).pack(
            base_share=self.base_share,
            **{f"share_{i}": share for i, share in enumerate(self.shares)},
            spare=0,
            duration=self.duration,
        )
        return self.record_digest, self.output_digest, self.evidence_root, shares

    @classmethod
    def from_abi(cls, struct: Sequence[Any], order_id: bytes, sources: int) -> Commit:
        """The inverse of `to_abi` for an order with so many works in its inference set.

        Raises InvalidInput where the word holds shares of more works than that.
        """
        *digests, word = struct
        base_share, *shares, spare, duration = _shares_word(sources).unpack(word)
        if spare:
            raise InvalidInput(f"The commit has shares for more than {sources} works.")
        record, output, evidence = (bytes(digest) for digest in digests)
        return cls(order_id, record, output, evidence, duration, base_share, tuple(shares))


def _shares_word(sources: int) -> Word:
    shares = {f"share_{i}": _SHARE_BITS for i in range(sources)}
    spare = _DURATION_AT - _SHARE_BITS * (1 + sources)
    if spare < 0:
        raise InvalidInput(f"A commit holds the shares of at most 8 works, not {sources}.")
    return Word(base_share=_SHARE_BITS, **shares, spare=spare, duration=32)
