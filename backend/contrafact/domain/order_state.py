"""The one word that the escrow stores for an order: the twin of `GenerationEscrow.sol`.

Its two lowest bits say the status, the other 254 what was agreed: 0 none, 1 refunded,
`keccak256(abi.encode(deal))` with the bits 10 when funded, and
`keccak256(abi.encode(keccak256(abi.encode(deal)), keccak256(abi.encode(commit)), use))` with 11 when committed, where
`use` is the use paid for so far.
"""

from __future__ import annotations

from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.history import Funded
from contrafact.domain.orders import Commit
from contrafact.domain.terms import Use

REFUNDED = (1).to_bytes(32, "big")
_FUNDED_TAG, _COMMITTED_TAG = 2, 3
_DEAL_ABI = "(bytes32,bytes32,address,uint256,address,uint256)"
_COMMIT_ABI = "(bytes32,bytes32,bytes32,uint256)"


def funded_word(order: Funded) -> bytes:
    """The word of an order that waits for its commit."""
    return _tagged(_deal(order), _FUNDED_TAG)


def committed_word(order: Funded, commit: Commit, use: Use | None = None) -> bytes:
    """The word of an order that was settled by `commit`, and raised to `use` where one is given."""
    result = keccak(encode([_COMMIT_ABI], [commit.to_abi()]))
    paid_for = order.quote.use if use is None else use
    return _tagged(keccak(encode(["bytes32", "bytes32", "uint8"], [_deal(order), result, paid_for])), _COMMITTED_TAG)


def _deal(order: Funded) -> bytes:
    return keccak(encode([_DEAL_ABI], [order.deal]))


def _tagged(word: bytes, tag: int) -> bytes:
    return word[:-1] + bytes([word[-1] & ~3 | tag])
