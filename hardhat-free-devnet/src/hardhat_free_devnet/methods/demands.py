"""What tests make so: accounts, senders without keys, properties of the next block."""

from __future__ import annotations

from dataclasses import replace

from ..errors import InvalidParams
from ..node import Node
from ..registry import method
from ..requests import Address, Data, Flag, Hash, Quantity, Slot

LEAST_GAS_LIMIT = 5_000_000
MOST_GAS_LIMIT = 2**40


@method("hardhat_setBalance", "anvil_setBalance", "evm_setAccountBalance")
def set_balance(node: Node, address: Address, wei: Quantity) -> bool:
    node.chain.edit_state(lambda state: state.set_balance(address, wei))
    return True


@method("hardhat_setNonce", "anvil_setNonce", "evm_setAccountNonce")
def set_nonce(node: Node, address: Address, nonce: Quantity) -> bool:
    if nonce >= 2**64:
        raise InvalidParams("nonce: must be below 2^64")
    node.chain.edit_state(lambda state: state.set_nonce(address, nonce))
    return True


@method("hardhat_setCode", "anvil_setCode", "evm_setAccountCode")
def set_code(node: Node, address: Address, code: Data) -> bool:
    node.chain.edit_state(lambda state: state.set_code(address, code))
    return True


@method("hardhat_setStorageAt", "anvil_setStorageAt", "evm_setAccountStorageAt")
def set_storage_at(node: Node, address: Address, slot: Slot, word: Slot) -> bool:
    node.chain.edit_state(lambda state: state.set_storage(address, slot, word))
    return True


@method("hardhat_impersonateAccount", "anvil_impersonateAccount")
def impersonate_account(node: Node, address: Address) -> bool:
    """eth_sendTransaction takes transactions of this account, though nobody has its key."""
    node.impersonated.add(address)
    return True


@method("hardhat_stopImpersonatingAccount", "anvil_stopImpersonatingAccount")
def stop_impersonating_account(node: Node, address: Address) -> bool:
    was = address in node.impersonated
    node.impersonated.discard(address)
    return was


@method("anvil_autoImpersonateAccount")
def auto_impersonate_account(node: Node, on: Flag) -> None:
    """Of every account."""
    node.impersonates_all = on


@method("hardhat_setCoinbase", "anvil_setCoinbase")
def set_coinbase(node: Node, address: Address) -> bool:
    """Who gets the tips from the next block on."""
    node.chain.next_block = replace(node.chain.next_block, coinbase=address)
    return True


@method("hardhat_setNextBlockBaseFeePerGas", "anvil_setNextBlockBaseFeePerGas")
def set_next_block_base_fee_per_gas(node: Node, wei: Quantity) -> bool:
    if wei >= 2**128:
        raise InvalidParams("wei: must be below 2^128")
    node.chain.next_block = replace(node.chain.next_block, base_fee=wei)
    return True


@method("hardhat_setPrevRandao")
def set_prev_randao(node: Node, word: Hash) -> bool:
    """What PREVRANDAO answers in the next block."""
    node.chain.next_block = replace(node.chain.next_block, random=word)
    return True


@method("evm_setBlockGasLimit", "anvil_setBlockGasLimit")
def set_block_gas_limit(node: Node, gas: Quantity) -> bool:
    if not LEAST_GAS_LIMIT <= gas <= MOST_GAS_LIMIT:
        raise InvalidParams(f"gas: must be from {LEAST_GAS_LIMIT} to {MOST_GAS_LIMIT}")
    node.chain.next_block = replace(node.chain.next_block, gas_limit=gas)
    return True
