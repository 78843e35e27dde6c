"""A connection to one chain through a node's JSON-RPC: calls, locally signed transactions, receipts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, RLock
from typing import Any, Self, cast
from urllib.parse import urlsplit

import requests
from eth_account.signers.local import LocalAccount
from hexbytes import HexBytes
from web3 import HTTPProvider, Web3
from web3.contract import Contract
from web3.contract.contract import ContractConstructor, ContractFunction
from web3.exceptions import ContractLogicError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.providers.rpc.utils import REQUEST_RETRY_ALLOWLIST, ExceptionRetryConfiguration
from web3.types import BlockIdentifier, Nonce, TxParams, TxReceipt, Wei

from contrafact.errors import ChainError, Payment
from contrafact.ledger.artifacts import load
from contrafact.ledger.failures import chain_failures, from_web3_revert

MAX_GAS = 16_777_216  # a transaction's cap, EIP-7825
GAS_MARGIN = 5  # a fifth more than estimated: an account may be credited for the first time meanwhile
REQUEST_SECONDS = 20.0
RECEIPT_SECONDS = 180.0
POLL_SECONDS = 0.5

Target = ContractFunction | ContractConstructor


class Connection:
    """One chain. Thread-safe: several threads may send from one account."""

    def __init__(self, web3: Web3, place: str, receipt_seconds: float = RECEIPT_SECONDS) -> None:
        """`place` names the node in errors. Prefer `open`."""
        self.web3 = web3
        self.place = place
        self._receipt_seconds = receipt_seconds
        self._locks: dict[str, RLock] = {}
        self._locks_lock = Lock()
        web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)  # harmless where blocks are not signed
        web3.middleware_onion.remove("validation")  # it asks for the chain id at every call; `open` asks once
        with self.failures():
            self.chain_id = web3.eth.chain_id

    @classmethod
    def open(
        cls,
        url: str,
        expected_chain_id: int | None = None,
        *,
        request_seconds: float = REQUEST_SECONDS,
        receipt_seconds: float = RECEIPT_SECONDS,
    ) -> Self:
        """Connects to the node at an http(s) URL.

        Raises ChainError when the node cannot be reached or serves another chain than expected.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise ChainError("The RPC URL must start with http:// or https://.", "Give a node's JSON-RPC URL.")
        provider = HTTPProvider(url, {"timeout": request_seconds}, exception_retry_configuration=_retries())
        connection = cls(Web3(provider), place(url), receipt_seconds)
        if expected_chain_id not in (None, connection.chain_id):
            text = f"{connection.place} serves chain {connection.chain_id}, not {expected_chain_id}."
            raise ChainError(text, "Use an RPC URL of that chain, or the deployment of this one.")
        return connection

    def __repr__(self) -> str:
        return f"Connection(chain {self.chain_id} at {self.place})"

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Turns what web3 raises inside into errors of this project."""
        with chain_failures(self.place):
            yield

    def contract(self, name: str, address: str) -> Contract:
        """The contract `name` of the compiled artifacts at `address`, as a web3 object."""
        return self.web3.eth.contract(Web3.to_checksum_address(address), abi=load(name).abi)

    def call(self, function: ContractFunction, block: BlockIdentifier = "latest", sender: str | None = None) -> Any:
        """The result of a view, or of a transaction tried out. Raises ContractError and ChainError."""
        with self.failures():
            return function.call({"from": sender} if sender else {}, block_identifier=block)

    def head(self) -> int:
        """The newest block's number."""
        with self.failures():
            return self.web3.eth.block_number

    def timestamp(self, block: BlockIdentifier = "latest") -> int:
        """A block's time, in seconds since the epoch."""
        with self.failures():
            return self.web3.eth.get_block(block)["timestamp"]

    def code(self, address: str, block: BlockIdentifier = "latest") -> bytes:
        """The code at `address`; empty where there is no contract."""
        with self.failures():
            return bytes(self.web3.eth.get_code(Web3.to_checksum_address(address), block))

    def balance(self, address: str, block: BlockIdentifier = "latest") -> int:
        """The account's native coin, in wei."""
        with self.failures():
            return self.web3.eth.get_balance(Web3.to_checksum_address(address), block)

    def nonce(self, address: str, block: BlockIdentifier = "pending") -> int:
        """How many transactions `address` has sent, those that wait for a block included."""
        with self.failures():
            return self.web3.eth.get_transaction_count(Web3.to_checksum_address(address), block)

    def exclusive(self, address: str) -> RLock:
        """The lock under which `address` sends; hold it where several transactions must not be interleaved."""
        with self._locks_lock:
            return self._locks.setdefault(address, RLock())

    def send(self, target: Target, account: LocalAccount, value: int = 0) -> TxReceipt:
        """Signs the transaction here, sends it, and waits for its block.

        Raises ContractError when it reverts (most reverts are found before anything is sent), Payment when the
        account's native coin does not cover value and gas, ChainError otherwise.
        """
        with self.exclusive(account.address):
            params = self._prepared(target, account.address, value)
            digest = self._broadcast(account, target.build_transaction(params))
        receipt = self.receipt(digest)
        if receipt["status"] != 1:
            self._raise_reason(target, params, receipt)
        return receipt

    def receipt(self, transaction: bytes) -> TxReceipt:
        """The receipt of a transaction that was sent, waiting for its block. Raises ChainError after a while."""
        with self.failures():
            return self.web3.eth.wait_for_transaction_receipt(
                HexBytes(transaction), self._receipt_seconds, POLL_SECONDS
            )

    def wait_until_idle(self, address: str) -> None:
        """Waits until no transaction of `address` waits for a block. Raises ChainError after a while."""
        end = time.monotonic() + self._receipt_seconds
        while self.nonce(address, "pending") > self.nonce(address, "latest"):
            if time.monotonic() > end:
                text = f"Transactions of {address} still wait for a block."
                raise ChainError(text, "Wait for them, or replace them with a higher fee.")
            time.sleep(POLL_SECONDS)

    def _prepared(self, target: Target, sender: str, value: int) -> TxParams:
        funds = self.balance(sender)
        _require_funds(sender, funds, value)
        with self.failures():
            estimate = target.estimate_gas({"from": sender, "value": Wei(value)})
            base = self.web3.eth.get_block("latest").get("baseFeePerGas", 0)
            tip = self.web3.eth.max_priority_fee
        gas, fee = min(estimate + estimate // GAS_MARGIN, MAX_GAS), Wei(2 * base + tip)
        _require_funds(sender, funds, value + gas * fee)
        params: TxParams = {"chainId": self.chain_id, "from": sender, "nonce": Nonce(self.nonce(sender))}
        return {**params, "value": Wei(value), "gas": gas, "maxFeePerGas": fee, "maxPriorityFeePerGas": tip}

    def _broadcast(self, account: LocalAccount, transaction: TxParams) -> bytes:
        signed = account.sign_transaction(cast(dict[str, Any], transaction))
        try:
            with self.failures():
                return bytes(self.web3.eth.send_raw_transaction(signed.raw_transaction))
        except ChainError as error:
            text = f"{error.message} The transaction 0x{signed.hash.hex()} may or may not have been sent."
            raise ChainError(text, "Look it up before you repeat it. " + error.hint) from None

    def _raise_reason(self, target: Target, params: TxParams, receipt: TxReceipt) -> None:
        """A transaction that was fine when estimated failed in its block: tries it out there to learn why."""
        digest = f"0x{receipt['transactionHash'].hex()}"
        if isinstance(target, ContractFunction):
            try:
                target.call({"from": params["from"], "value": params["value"]}, receipt["blockNumber"])
            except ContractLogicError as error:
                raise from_web3_revert(error) from None
        raise ChainError(f"The transaction {digest} failed in its block.", "Look at the state and try it again.")


def _require_funds(address: str, funds: int, needed: int) -> None:
    if funds < needed:
        text = f"{address} holds {funds} wei of the chain's coin; value and gas need {needed}."
        raise Payment(text, "Fund the account.")


def _retries() -> ExceptionRetryConfiguration:
    """Reads are tried twice; a transaction is sent once, because a lost answer does not mean a lost transaction."""
    reads = [method for method in REQUEST_RETRY_ALLOWLIST if method != "eth_sendRawTransaction"]
    errors = (ConnectionError, requests.ConnectionError, requests.Timeout)
    return ExceptionRetryConfiguration(errors, retries=2, method_allowlist=reads)


def place(url: str) -> str:
    """Scheme, host and port: the rest of a URL may hold an API key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
