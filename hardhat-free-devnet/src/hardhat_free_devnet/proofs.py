"""eth_getProof: Merkle proofs of an account and of slots of its storage (EIP-1186)."""

from __future__ import annotations

from collections.abc import Sequence

import rlp
from eth.rlp.accounts import Account
from eth_hash.auto import keccak
from eth_typing import Address
from trie.hexary import HexaryTrie

from .chain import Moment
from .hexes import data, quantity
from .views import Json

HASH_BYTES = 32


def account_proof(moment: Moment, address: Address, slots: Sequence[int]) -> Json:
    """The account, its slots, and the nodes of the tries from the state root of the block down to them."""
    key, nodes = keccak(address), moment.vm().chaindb.db
    account_trie = HexaryTrie(nodes, moment.header.state_root)
    encoded = account_trie[key]
    account = rlp.decode(encoded, Account) if encoded else Account()
    storage = HexaryTrie(nodes, account.storage_root)
    return {
        "address": data(address),
        "accountProof": _proof(account_trie, key),
        "balance": quantity(account.balance),
        "nonce": quantity(account.nonce),
        "codeHash": data(account.code_hash),
        "storageHash": data(account.storage_root),
        "storageProof": [_slot_proof(storage, slot) for slot in slots],
    }


def _slot_proof(storage: HexaryTrie, slot: int) -> Json:
    key = keccak(slot.to_bytes(32))
    word = storage[key]
    value = rlp.decode(word, rlp.sedes.big_endian_int) if word else 0
    return {"key": data(slot.to_bytes(32)), "value": quantity(value), "proof": _proof(storage, key)}


def _proof(trie: HexaryTrie, key: bytes) -> list[str]:
    """The nodes on the way. Below the root, one of less than 32 bytes lies inside its parent alone."""
    nodes = [rlp.encode(node) for node in trie.get_proof(key)]  # type: ignore[no-untyped-call]
    return [data(node) for depth, node in enumerate(nodes) if depth == 0 or len(node) >= HASH_BYTES]
