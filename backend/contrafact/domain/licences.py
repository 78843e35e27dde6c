"""Licence versions: the one word that the catalogue keeps for each (work, version). The twin of `Licensing.sol`."""

from __future__ import annotations

from collections.abc import Sequence

from eth_utils import keccak

from contrafact.domain.words import Word

_HASH_BITS = 216
_LICENCE = Word(since=40, licence_hash=_HASH_BITS)


def licence_hash(split_root: bytes, words: Sequence[bytes]) -> bytes:
    """The 27 bytes that the chain keeps: the low end of `keccak256(abi.encodePacked(splitRoot, words))`.

    `words` are those of the terms in force, none before a licensor has set any.
    """
    return keccak(split_root + b"".join(words))[-_HASH_BITS // 8 :]


def licence_word(split_root: bytes, words: Sequence[bytes], since: int) -> int:
    """The stored number: the hash above, and in the lowest 40 bits the second at which the version took force."""
    number = int.from_bytes(licence_hash(split_root, words))
    return _LICENCE.pack(since=since, licence_hash=number)


def since(word: int) -> int:
    """The second at which the version with this stored word took force."""
    return _LICENCE.unpack(word)[0]


def hash_in(word: int) -> bytes:
    """The 27 bytes in a stored word, as `licence_hash` gives them."""
    return _LICENCE.unpack(word)[1].to_bytes(_HASH_BITS // 8)
