"""The py-evm chain class: Prague rules from block 0, any chain id, a constant block gas limit."""

from __future__ import annotations

from typing import Any

import rlp
from eth.abc import BlockAPI, BlockHeaderAPI, DatabaseAPI, SignedTransactionAPI, VirtualMachineAPI
from eth.chains.base import MiningChain
from eth.consensus.applier import ConsensusApplier
from eth.consensus.noproof import NoProofConsensus
from eth.constants import (
    POST_MERGE_DIFFICULTY,
    POST_MERGE_MIX_HASH,
    POST_MERGE_NONCE,
    ZERO_ADDRESS,
    ZERO_HASH32,
)
from eth.db.atomic import AtomicDB
from eth.db.chain import ChainDB
from eth.db.schema import SchemaV1
from eth.vm.chain_context import ChainContext
from eth.vm.forks.prague import PragueVM
from eth_typing import BlockNumber

from .store import Store

FORK = "prague"
BEACON_ROOT = {"parent_beacon_block_root": ZERO_HASH32}  # there is no beacon chain


def open_chain(
    store: Store, chain_id: int, gas_limit: int, balances: dict[bytes, int], timestamp: int
) -> MiningChain:
    """The chain in `store`; an empty store gets a genesis block with these balances (wei by address)."""
    chain_class = _chain_class(chain_id)
    database = AtomicDB(store)
    if store.exists(SchemaV1.make_canonical_head_hash_lookup_key()):
        return chain_class(database)
    genesis: dict[str, Any] = {
        "coinbase": ZERO_ADDRESS,
        "difficulty": POST_MERGE_DIFFICULTY,
        "extra_data": b"",
        "gas_limit": gas_limit,
        "mix_hash": POST_MERGE_MIX_HASH,
        "nonce": POST_MERGE_NONCE,
        "timestamp": timestamp,
        **BEACON_ROOT,
    }
    state = {address: _account(balance) for address, balance in balances.items()}
    return chain_class.from_genesis(database, genesis, state)  # type: ignore[arg-type, return-value]


def machine(chain: MiningChain, header: BlockHeaderAPI, data: DatabaseAPI) -> VirtualMachineAPI:
    """A machine of the chain's rules in the context of `header`, over `data` instead of the chain's store."""
    return chain.get_vm_class(header)(
        header=header,
        chaindb=ChainDB(AtomicDB(data)),
        chain_context=ChainContext(chain.chain_id),
        consensus_context=chain.consensus_context,
    )


def advance(chain: MiningChain, block: BlockAPI) -> None:
    """Make a child of the latest block the latest one. Its transactions and receipts are in the store.

    py-evm's own `persist_block` also keeps scores and gaps of the chain, which this chain has no use for.
    """
    header = block.header
    with chain.chaindb.db.atomic_batch() as batch:
        batch.set(header.hash, rlp.encode(header))
        ChainDB._add_block_number_to_hash_lookup(batch, header)
        for index, transaction in enumerate(block.transactions):
            ChainDB._add_transaction_to_canonical_chain(batch, transaction.hash, header, index)
        batch.set(SchemaV1.make_canonical_head_hash_lookup_key(), header.hash)


def retreat(chain: MiningChain, block: BlockAPI) -> None:
    """Take the latest block off the canonical chain. It can still be found by its hash."""
    data = chain.chaindb.db
    with data.atomic_batch() as batch:
        for transaction in block.transactions:
            batch.delete(SchemaV1.make_transaction_hash_to_block_lookup_key(transaction.hash))
        batch.delete(SchemaV1.make_block_number_to_hash_lookup_key(block.number))
        batch.set(SchemaV1.make_canonical_head_hash_lookup_key(), block.header.parent_hash)


def base_fee(header: BlockHeaderAPI) -> int:
    """Wei per gas that is burnt in this block; every block here has one (London)."""
    assert header.base_fee_per_gas is not None
    return header.base_fee_per_gas


def effective_price(transaction: SignedTransactionAPI, header: BlockHeaderAPI) -> int:
    """Wei per gas that the sender paid in this block (EIP-1559)."""
    return min(transaction.max_fee_per_gas, transaction.max_priority_fee_per_gas + base_fee(header))


def _account(balance: int) -> dict[str, Any]:
    return {"balance": balance, "nonce": 0, "code": b"", "storage": {}}


def _chain_class(chain_id_: int) -> type[MiningChain]:
    vms = ConsensusApplier(NoProofConsensus).amend_vm_configuration(((BlockNumber(0), PragueVM),))

    class DevChain(MiningChain):
        chain_id = chain_id_
        vm_configuration = vms

        def create_header_from_parent(self, parent_header: BlockHeaderAPI, **fields: Any) -> BlockHeaderAPI:
            fields.setdefault("gas_limit", parent_header.gas_limit)
            return super().create_header_from_parent(parent_header, **fields)

    return DevChain
