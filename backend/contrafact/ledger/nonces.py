"""Nonces: which one an account's next transaction has, also where a node has not heard of the last one yet."""

from __future__ import annotations

from threading import Lock

from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import TransactionNotFound

from contrafact.ledger.journal import Pending


class Nonces:
    """What the node says, and what this process has sent itself. Thread-safe."""

    def __init__(self, web3: Web3) -> None:
        self._eth = web3.eth
        self._lock = Lock()
        self._under_way: dict[str, set[int]] = {}
        self._last: dict[str, tuple[int, bytes]] = {}

    def following(self, address: str) -> int:
        """The nonce of the account's next transaction."""
        told = self._eth.get_transaction_count(Web3.to_checksum_address(address), "pending")
        with self._lock:
            own = max(self._under_way.get(address) or {-1}) + 1
            last, digest = self._last.get(address, (-1, b""))
        if last >= max(told, own) and self._is_mined(digest):  # this node is behind the one that had the receipt
            own = last + 1
        return max(told, own)

    def before(self, pending: Pending) -> int:
        """How many transactions must be in blocks before this one can be; negative where it is too late for it."""
        return pending.nonce - self._eth.get_transaction_count(Web3.to_checksum_address(pending.sender), "latest")

    def sent(self, pending: Pending) -> None:
        with self._lock:
            self._under_way.setdefault(pending.sender, set()).add(pending.nonce)

    def is_watched(self, pending: Pending) -> bool:
        """Whether a thread of this process waits for it."""
        with self._lock:
            return pending.nonce in self._under_way.get(pending.sender, set())

    def mined(self, pending: Pending, digest: bytes) -> None:
        with self._lock:
            self._last[pending.sender] = (pending.nonce, digest)

    def done(self, pending: Pending) -> None:
        """Nobody watches the transaction any more."""
        with self._lock:
            self._under_way.get(pending.sender, set()).discard(pending.nonce)

    def _is_mined(self, digest: bytes) -> bool:
        """False after a reorganisation that took the transaction back."""
        try:
            self._eth.get_transaction_receipt(HexBytes(digest))
        except TransactionNotFound:
            return False
        return True
