"""Accounts with code (ERC-1271): the chain is asked whether they say yes to a signature, as the contracts ask them."""

from __future__ import annotations

from eth_abi.abi import encode
from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.types import BlockIdentifier

from contrafact.ledger.connection import Connection

_YES = bytes.fromhex("1626ba7e")
"""The selector of `isValidSignature(bytes32,bytes)`, and what the function answers for yes."""


def says_yes(
    connection: Connection, wallet: str, digest: bytes, signature: bytes, block: BlockIdentifier = "latest"
) -> bool:
    """Whether `wallet` is a contract that says yes to `signature` of `digest`. Raises ChainError.

    What a wallet answers may change with its owners: it holds for `block` alone.
    """
    address = Web3.to_checksum_address(wallet)
    if not connection.code(address, block):
        return False
    question = _YES + encode(["bytes32", "bytes"], [digest, signature])
    with connection.failures():
        try:
            answer = bytes(connection.web3.eth.call({"to": address, "data": HexBytes(question)}, block))
        except (ContractLogicError, Web3RPCError):
            return False
    return len(answer) >= 32 and answer[:32] == _YES + bytes(28)
