"""What a transaction offers on a real node, and how one that is stuck is replaced."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from contrafact.errors import ChainError
from tests.clients.anvil import Anvil

from .proxy import Request, proxy
from .sent import Town, beside, wait_for


def test_stuck_transaction_is_replaced_with_both_fees_an_eighth_higher(town: Town) -> None:
    town.stop_mining()
    connection = town.open(replace_seconds=0.5)
    with beside(lambda: town.send(connection)) as (sending,):
        (first,) = wait_for(town.waiting)
        (second,) = wait_for(lambda: [row for row in town.waiting() if row["hash"] != first["hash"]])
        wait_for(lambda: town.mine() or sending.done())
    assert second["nonce"] == first["nonce"]
    for fee in ("maxFeePerGas", "maxPriorityFeePerGas"):
        assert int(second[fee], 16) * 8 >= int(first[fee], 16) * 9
    assert sending.result()["status"] == 1
    assert (town.sent(), town.minted()) == (1, 1)


def test_first_version_may_be_mined_after_all(town: Town) -> None:
    """The node never hears of the replacements: somebody answers for it."""
    town.stop_mining()
    sent: list[str] = []

    def swallow_replacements(request: Request) -> bytes | None:
        if request["method"] != "eth_sendRawTransaction":
            return None
        sent.append(request["params"][0])
        return None if len(sent) == 1 else json.dumps({"jsonrpc": "2.0", "id": 0, "result": "0x" + "00" * 32}).encode()

    with proxy(town.node.url, swallow_replacements) as url:
        connection = town.open(url, replace_seconds=0.3)
        with beside(lambda: town.send(connection)) as (sending,):
            wait_for(lambda: len(set(sent)) > 2)
            (first,) = town.waiting()
            town.mine()
    assert len(sent) == len(set(sent))  # no version is sent again while the node has any of them
    assert "0x" + sending.result()["transactionHash"].hex() == first["hash"]
    assert town.sent() == 1


def test_replacement_stops_at_the_cap_and_the_error_says_so(town: Town) -> None:
    town.stop_mining()
    cap = town.open().cost(town.mint(town.open()), town.node.account(0).address).fees.highest
    connection = town.open(replace_seconds=0.1, transaction_seconds=1.0, max_fee=cap)
    with pytest.raises(ChainError, match=r"no block holds it yet.*cap of [0-9.]+ gwei"):
        town.send(connection)
    assert [int(row["maxFeePerGas"], 16) for row in town.waiting()] <= [cap]


def test_base_fee_above_the_cap_is_refused_before_anything_is_sent(town: Town) -> None:
    town.node.rpc("anvil_setNextBlockBaseFeePerGas", [hex(7 * 10**9)])
    town.mine()
    with pytest.raises(ChainError, match=r"base fee is [0-9.]+ gwei; at most 2.5 gwei") as caught:
        town.send(town.open(max_fee=2_500_000_000))
    assert "CONTRAFACT_MAX_FEE_GWEI" in caught.value.hint
    assert town.sent() == 0


def test_offer_stays_within_the_cap(town: Town) -> None:
    receipt = town.send(town.open(max_fee=1_200_000_000))
    sent = town.node.rpc("eth_getTransactionByHash", ["0x" + receipt["transactionHash"].hex()])
    assert int(sent["maxFeePerGas"], 16) <= 1_200_000_000


def test_chain_without_a_base_fee_is_paid_a_gas_price(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--hardfork", "berlin")
    town = Town(node, node.account(8).address)
    receipt = town.send(town.open())
    assert (receipt["status"], receipt["type"]) == (1, 0)


def test_stuck_transaction_with_a_gas_price_is_replaced(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--hardfork", "berlin", "--no-mining")
    town = Town(node, node.account(8).address)
    connection = town.open(replace_seconds=0.5)
    with beside(lambda: town.send(connection)) as (sending,):
        (first,) = wait_for(town.waiting)
        (second,) = wait_for(lambda: [row for row in town.waiting() if row["hash"] != first["hash"]])
        wait_for(lambda: town.mine() or sending.done())
    assert int(second["gasPrice"], 16) * 8 >= int(first["gasPrice"], 16) * 9


def test_signer_that_does_not_sign_a_replacement_does_not_end_the_waiting(town: Town) -> None:
    class ReluctantFake:
        """Signs once, then refuses."""

        address = town.node.account(0).address
        asked = 0

        def sign_transaction(self, transaction: dict[str, Any], /) -> Any:
            self.asked += 1
            if self.asked > 1:
                raise ChainError("denied by the user")
            return town.node.account(0).sign_transaction(transaction)

        def sign_message(self, message: Any, /) -> Any:
            raise AssertionError

    town.stop_mining()
    connection, signer = town.open(replace_seconds=0.1), ReluctantFake()
    with beside(lambda: connection.send(town.mint(connection), signer)) as (sending,):
        wait_for(lambda: signer.asked > 2)
        town.mine()
        assert sending.result(timeout=60)["status"] == 1


def test_transaction_behind_a_stuck_one_is_not_made_dearer(town: Town) -> None:
    """Another program's transaction waits first; only whoever sent it can do something about that."""
    town.stop_mining()
    key = town.node.account(0)
    plain = {"to": key.address, "value": 1, "gas": 21_000, "nonce": 0, "chainId": 31337}
    fees = {"maxFeePerGas": 2 * 10**9, "maxPriorityFeePerGas": 1}
    town.node.rpc("eth_sendRawTransaction", ["0x" + key.sign_transaction(plain | fees).raw_transaction.hex()])
    connection = town.open(replace_seconds=0.1, transaction_seconds=1.5)
    with pytest.raises(ChainError, match=f"1 earlier of {key.address} wait before it"):
        town.send(connection)
    assert len(town.waiting()) == 2
