"""A connection to one chain through a node's JSON-RPC: calls, locally signed transactions, receipts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock, RLock
from typing import Any, Self

from web3 import Web3
from web3.contract import Contract
from web3.contract.contract import ContractConstructor, ContractFunction
from web3.exceptions import ContractLogicError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import BlockIdentifier, Nonce, TxParams, TxReceipt, Wei

from contrafact.errors import ChainError, ContrafactError, Payment
from contrafact.ledger.agreement import Agreement, require_agreement
from contrafact.ledger.artifacts import load
from contrafact.ledger.endpoints import open_endpoints
from contrafact.ledger.failover import FailoverProvider
from contrafact.ledger.failures import chain_failures, from_web3_revert
from contrafact.ledger.fees import Cost, Fees, data_fee
from contrafact.ledger.journal import Journal, Pending
from contrafact.ledger.log_ranges import LogRange
from contrafact.ledger.policy import Policy
from contrafact.ledger.sending import Outbox
from contrafact.ledger.signer import Signer
from contrafact.ledger.transactions import unsigned

MAX_GAS = 16_777_216  # a transaction's cap, EIP-7825
_SALT_GAS = 1_000
GAS_MARGIN = 5  # a fifth more than estimated: an account may be credited for the first time meanwhile

Target = ContractFunction | ContractConstructor


class Connection:
    """One chain. Thread-safe: several threads may send from one account."""

    def __init__(self, web3: Web3, place: str, policy: Policy | None = None) -> None:
        """`place` names the node in errors. Prefer `open`."""
        self.web3 = web3
        self.place = place
        self.policy = policy or Policy()
        self.agreement: Agreement | None = None
        """What the nodes said, where they had to agree."""
        self._locks: dict[str, RLock] = {}
        self._locks_lock = Lock()
        self._recovered: set[str] = set()
        self.log_range = LogRange()
        web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)  # harmless where blocks are not signed
        web3.middleware_onion.remove("validation")  # it asks for the chain id at every call; `open` asks once
        with self.failures():
            self.chain_id = web3.eth.chain_id
            genesis = bytes(web3.eth.get_block(0)["hash"]).hex()[:8] if self.policy.journal else ""
        self.network = self.policy.network(self.chain_id)
        self._poll = self.policy.poll(self.network)
        journal = Journal(self.policy.journal, f"{self.chain_id}-{genesis}")
        self._outbox = Outbox(web3, self.network, self.policy, journal, place)

    @classmethod
    def open(cls, urls: str, expected_chain_id: int | None = None, policy: Policy | None = None) -> Self:
        """Connects to the node at a URL (http, https, ws, wss), or to several with commas between.

        Of several, one that fails is left alone for a while and another is asked; see `failover`.
        Raises ChainError when none can be reached, when it serves another chain than expected, and when nodes
        disagree that must agree.
        """
        policy = policy or Policy()
        endpoints = open_endpoints(urls, policy.request_seconds)
        provider = FailoverProvider(endpoints, policy.patience_seconds)
        connection = cls(Web3(provider), ", ".join(endpoint.place for endpoint in endpoints), policy)
        if expected_chain_id not in (None, connection.chain_id):
            text = f"{connection.place} serves chain {connection.chain_id}, not {expected_chain_id}."
            raise ChainError(text, "Use an RPC URL of that chain, or the deployment of this one.")
        if policy.agree:
            connection.agreement = require_agreement(endpoints, connection.network.confirmations)
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

    def call(
        self, function: ContractFunction, block: BlockIdentifier = "latest", sender: str | None = None, value: int = 0
    ) -> Any:
        """The result of a view, or of a transaction tried out. Raises ContractError and ChainError."""
        transaction: TxParams = {"value": Wei(value)} if value else {}
        if sender:
            transaction["from"] = Web3.to_checksum_address(sender)
        with self.failures():
            return function.call(transaction, block_identifier=block)

    def head(self) -> int:
        """The newest block's number."""
        with self.failures():
            return self.web3.eth.block_number

    @property
    def poll_seconds(self) -> float:
        """How often the chain is asked for something new."""
        return self._poll

    def confirmed_head(self) -> int:
        """The newest block that has the network's confirmations."""
        return max(self.head() - self.network.confirmations + 1, 0)

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

    def recover(self, account: Signer) -> int:
        """Brings to their end the transactions that an earlier process, or a failed `send`, left under way.

        Returns how many those were. `send` does it first; do it yourself before you look up what is done already.
        Raises ChainError where one of them stays under way.
        """
        with self.exclusive(account.address):
            found = 0 if account.address in self._recovered else self._outbox.recover(account)
            self._recovered.add(account.address)
            return found

    def under_way(self, address: str) -> Sequence[Pending]:
        """The transactions of an account that a process has begun, and no process has seen the end of."""
        return self._outbox.under_way(address)

    def fees(self) -> Fees:
        """What a transaction offers per gas now. Raises ChainError where the chain wants more than the cap."""
        return self._outbox.fees()

    def gas(self, target: Target, sender: str, value: int = 0) -> int:
        """The gas to give a transaction: what it takes now, with a margin. Raises ContractError and ChainError."""
        with self.failures():
            estimate = target.estimate_gas({"from": Web3.to_checksum_address(sender), "value": Wei(value)})
        return min(estimate + estimate // GAS_MARGIN, MAX_GAS)

    def cost(self, target: Target, sender: str, value: int = 0) -> Cost:
        """The most that the transaction takes from `sender` beside `value`, by what the chain asks for now.

        Raises ContractError when it would revert, ChainError when the chain asks for more than the cap.
        """
        gas, fees = self.gas(target, sender, value), self._outbox.fees()
        draft = target.build_transaction({**self._params(sender, value, gas), **fees.fields(), "nonce": Nonce(2**32)})
        with self.failures():
            return Cost(gas, fees, data_fee(self.web3, self.network.fees, unsigned(draft)))

    def send(self, target: Target, account: Signer, value: int = 0) -> TxReceipt:
        """Signs the transaction here, sends it, and waits until its block has the network's confirmations.

        A transaction that no block takes is replaced by one with higher fees, within the policy's cap; one that a
        reorganisation drops is sent again. Raises ContractError when it reverts (most reverts are found before
        anything is sent), Payment when the account's native coin does not cover value and cost, ChainError otherwise.
        """
        self.recover(account)
        with self._recovering_after_failure(account):
            with self.exclusive(account.address):
                params = self._prepared(target, account.address, value)
                pending = self._outbox.start(account, target.build_transaction(params))
            receipt = self._outbox.finish(account, pending)
        if receipt["status"] != 1:
            self._raise_reason(target, params, receipt)
        return receipt

    def wait_until_idle(self, address: str) -> None:
        """Waits until no transaction of `address` waits for a block. Raises ChainError after the policy's time."""
        end = time.monotonic() + self.policy.transaction_seconds
        while self.nonce(address, "pending") > self.nonce(address, "latest"):
            if time.monotonic() > end:
                text = f"Transactions of {address} still wait for a block."
                raise ChainError(text, "Wait for them, or replace them with a higher fee where they were sent.")
            time.sleep(self._poll)

    def close(self) -> None:
        """Closes what is open to the nodes."""
        provider = self.web3.provider
        if isinstance(provider, FailoverProvider):
            provider.close()

    @contextmanager
    def _recovering_after_failure(self, account: Signer) -> Iterator[None]:
        """Has the account's next `send` go on with what may be under way when this one fails."""
        try:
            yield
        except ContrafactError:
            self._recovered.discard(account.address)
            raise

    def _prepared(self, target: Target, sender: str, value: int) -> TxParams:
        funds = self.balance(sender)
        self._require_funds(sender, funds, value)
        cost = _unlike_others(self.cost(target, sender, value))
        self._require_funds(sender, funds, value + cost.total)
        return {**self._params(sender, value, cost.gas), **cost.fees.fields(), "nonce": Nonce(0)}

    def _params(self, sender: str, value: int, gas: int) -> TxParams:
        return {"chainId": self.chain_id, "from": Web3.to_checksum_address(sender), "value": Wei(value), "gas": gas}

    def _require_funds(self, address: str, funds: int, needed: int) -> None:
        if funds < needed:
            text = f"{address} holds {funds} wei of the chain's coin; value and gas need {needed}."
            raise Payment(text, self.network.faucet)

    def _raise_reason(self, target: Target, params: TxParams, receipt: TxReceipt) -> None:
        """A transaction that was fine when estimated failed in its block: tries it out there to learn why."""
        digest = f"0x{receipt['transactionHash'].hex()}"
        if isinstance(target, ContractFunction):
            try:
                target.call({"from": params["from"], "value": params["value"]}, receipt["blockNumber"])
            except ContractLogicError as error:
                raise from_web3_revert(error) from None
        raise ChainError(f"The transaction {digest} failed in its block.", "Look at the state and try it again.")


def _unlike_others(cost: Cost) -> Cost:
    """With some gas more, by chance, which is not used: so two processes that do the same with one key at the same
    time send two transactions. Were they the same, byte for byte, each would take the other's for its own.
    """
    return replace(cost, gas=min(cost.gas + secrets.randbelow(_SALT_GAS), MAX_GAS))
