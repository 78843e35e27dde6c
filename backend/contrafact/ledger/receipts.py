"""Receipts: whether a transaction is in a block, and whether that block will stay."""

from __future__ import annotations

from collections.abc import Iterable

from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import BlockNotFound, TransactionIndexingInProgress, TransactionNotFound
from web3.types import TxReceipt


class Receipts:
    """What a chain says of transactions; `confirmations` counts the blocks from the transaction's own on."""

    def __init__(self, web3: Web3, confirmations: int) -> None:
        self._eth = web3.eth
        self.confirmations = confirmations

    def find(self, hashes: Iterable[bytes]) -> TxReceipt | None:
        """The receipt of whichever of these is in a block."""
        for digest in hashes:
            try:
                return self._eth.get_transaction_receipt(HexBytes(digest))
            except (TransactionNotFound, TransactionIndexingInProgress):  # the latter: a node that has just started
                continue
        return None

    def is_final(self, receipt: TxReceipt) -> bool:
        """Whether the receipt's block has its confirmations and is still the chain's."""
        if self.confirmations <= 1:
            return True  # the receipt, which the node has just given, says so
        if self._eth.block_number < receipt["blockNumber"] + self.confirmations - 1:
            return False
        try:
            return self._eth.get_block(receipt["blockNumber"])["hash"] == receipt["blockHash"]
        except BlockNotFound:
            return False

    def is_known(self, digest: bytes) -> bool:
        """Whether the node has the transaction, in a block or waiting for one."""
        try:
            self._eth.get_transaction(HexBytes(digest))
        except TransactionNotFound:
            return False
        return True
