"""How many transactions a second nodes take: plain transfers, and whole orders (paid in, then committed).

Everything is signed beforehand and sent one by one; the clock runs until the last is in a block. Each round visits
every node, so that what else the machine does meanwhile meets all of them; of a node's rounds the best one counts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3.contract import Contract

from contrafact.domain.terms import NATIVE
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.policy import Policy
from contrafact.ports import OrderStatus
from hardhat_free_devnet import Devnet
from tests.ledger.scene import ROLES, SALT, Scene

from .anvil import MNEMONIC, Anvil, missing
from .in_process import open_in_process

REFERENCE = "eth-tester"
GAS = 2_000_000
OFFER = {"maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 10**9}

Rates = dict[str, float]


def measure(transfers: int, orders: int, rounds: int) -> tuple[dict[str, Rates], dict[str, str]]:
    """Node → `transfers` and `settlements` a second, and the nodes that are not there → why."""
    with _scenes() as (scenes, left_out):
        best: dict[str, Rates] = {name: {"transfers": 0.0, "settlements": 0.0} for name in scenes}
        for _ in range(rounds):
            for name, scene in scenes.items():
                _keep_best(best[name], "transfers", transfers / _transfer(scene, transfers))
                _keep_best(best[name], "settlements", orders / _settle(scene, orders))
    return best, left_out


@contextmanager
def _scenes() -> Iterator[tuple[dict[str, Scene], dict[str, str]]]:
    """A scene on each node that is there; they end with the `with`."""
    policy = Policy(confirmations=1, poll_seconds=0.01)
    scenes = {REFERENCE: Scene(open_in_process(), _keys())}
    with Devnet(accounts=len(ROLES)) as devnet:
        scenes["devnet"] = Scene(Connection.open(devnet.url, policy=policy), _keys())
        if why := missing():
            yield scenes, {"anvil": why}
            return
        with Anvil() as anvil:
            scenes["anvil"] = Scene(Connection.open(anvil.url, policy=policy), _keys())
            yield scenes, {}


def _keys() -> list[LocalAccount]:
    Account.enable_unaudited_hdwallet_features()
    return [Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{i}") for i in range(len(ROLES))]


def _keep_best(best: Rates, what: str, rate: float) -> None:
    best[what] = max(best[what], rate)


def _transfer(scene: Scene, count: int) -> float:
    """The seconds that so many payments of one unit took. Raises AssertionError where one of them did not arrive."""
    to = scene.address("stranger")
    before = scene.connection.balance(to)
    seconds = _seconds(scene, _signed(scene, "trainer", [{"to": to, "value": 1, "gas": 21_000}] * count))
    assert scene.connection.balance(to) == before + count
    return seconds


def _settle(scene: Scene, count: int) -> float:
    """The seconds that so many orders took. Raises AssertionError where one of them was not settled."""
    escrow = Contracts(scene.connection, scene.deployment).escrow
    deals = [scene.deal(NATIVE, nonce=time.monotonic_ns() + i) for i in range(count)]
    fund = [_call(escrow, "fund", *_words(deal.fund_arguments()), value=deal.quote.escrow) for deal in deals]
    done = [scene.commit(deal) for deal in deals]
    commit = [
        _call(escrow, "commit", deal.quote.to_abi(), SALT, made.to_abi(), signature)
        for deal, (made, signature) in zip(deals, done, strict=True)
    ]
    both = zip(_signed(scene, "maker", fund), _signed(scene, "stranger", commit), strict=True)
    seconds = _seconds(scene, [raw for pair in both for raw in pair])
    assert {scene.reader.order_status(deal.order_id) for deal in deals} == {OrderStatus.COMMITTED}
    return seconds


def _words(arguments: Any) -> tuple[Any, ...]:
    """The arguments of the contract's `fund`, without grants."""
    quote, signature, salt, terms = arguments
    return quote.to_abi(), [list(version.to_words()) for version in terms], [], salt, signature


def _call(contract: Contract, function: str, *arguments: Any, value: int = 0) -> dict[str, Any]:
    data = contract.encode_abi(function, arguments)
    return {"to": contract.address, "data": data, "value": value, "gas": GAS}


def _signed(scene: Scene, role: str, transactions: Sequence[dict[str, Any]]) -> list[bytes]:
    key, first = scene.keys[role], scene.connection.nonce(scene.address(role))
    common = {**OFFER, "chainId": scene.connection.chain_id, "type": 2}
    numbered = [{**common, **one, "nonce": first + i} for i, one in enumerate(transactions)]
    return [bytes(key.sign_transaction(one).raw_transaction) for one in numbered]


def _seconds(scene: Scene, transactions: Sequence[bytes]) -> float:
    """How long it takes until all of them are in blocks."""
    eth = scene.connection.web3.eth
    start = time.perf_counter()
    sent = [eth.send_raw_transaction(raw) for raw in transactions]
    for digest in sent[-2:]:
        eth.wait_for_transaction_receipt(digest, timeout=60, poll_latency=0.005)
    return time.perf_counter() - start
