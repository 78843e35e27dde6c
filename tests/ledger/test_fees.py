"""What transactions offer, what a replacement adds, and what they cost at most."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.errors import Payment
from contrafact.ledger.fees import GAS_PRICE_ORACLE, Cost, Fees, in_gwei
from tests.clients.anvil import Anvil

from .proxy import proxy
from .sent import Town

BASE_SEPOLIA = "84532"
FEE_PER_BYTE = 10**9
FAKE_ORACLE = "0x36633b9aca00025f5260205ff3"  # returns the size of its calldata times 10**9
amounts = st.integers(0, 2**80)


@given(amounts, amounts, amounts, amounts, amounts)
def test_replacement_adds_an_eighth_to_both_fees_within_the_cap(
    highest: int, tip: int, now: int, now_tip: int, cap: int
) -> None:
    before = Fees(max(highest, tip), tip)
    raised = before.raised(Fees(max(now, now_tip), now_tip), cap)
    if raised is None:
        assert cap * 8 < before.highest * 9 + 16
        return
    assert raised.tip is not None
    assert raised.highest * 8 >= before.highest * 9
    assert raised.tip * 8 >= tip * 9
    assert raised.tip <= raised.highest <= cap


@given(amounts, amounts, amounts)
def test_replacement_adds_an_eighth_to_a_gas_price_within_the_cap(price: int, now: int, cap: int) -> None:
    raised = Fees(price, None).raised(Fees(now, None), cap)
    if raised is None:
        assert cap * 8 < price * 9 + 16
        return
    assert raised.tip is None
    assert price * 9 <= raised.highest * 8
    assert raised.highest <= cap


def test_cost_is_gas_at_the_highest_fee_and_the_fee_for_data() -> None:
    assert Cost(21_000, Fees(7, 1), 500).total == 147_500


@pytest.mark.parametrize(("wei", "text"), [(10**9, "1 gwei"), (1, "0.000000001 gwei"), (12_500_000_000, "12.5 gwei")])
def test_fees_are_written_in_gwei(wei: int, text: str) -> None:
    assert in_gwei(wei) == text


def test_offer_follows_the_tips_that_others_pay(start_anvil: Callable[..., Anvil]) -> None:
    town = Town.on(start_anvil())
    sender, other = town.node.account(0).address, town.node.account(1)
    for nonce in range(12):
        fees = {"maxFeePerGas": 50 * 10**9, "maxPriorityFeePerGas": 5 * 10**9}
        plain = {"to": sender, "value": 1, "gas": 21_000, "nonce": nonce, "chainId": 31337}
        raw = other.sign_transaction(plain | fees).raw_transaction.hex()
        town.node.rpc("eth_sendRawTransaction", ["0x" + raw])
    assert town.open().cost(town.mint(town.open()), sender).fees.tip == 5 * 10**9


@pytest.fixture
def layer_two(start_anvil: Callable[..., Anvil]) -> Town:
    """A chain with Base Sepolia's id and a fake of its predeploy that states the fee for data."""
    node = start_anvil("--chain-id", BASE_SEPOLIA)
    node.rpc("anvil_setCode", [GAS_PRICE_ORACLE, FAKE_ORACLE])
    return Town(node, node.account(8).address)


def test_layer_two_costs_the_data_fee_too_with_a_margin(layer_two: Town) -> None:
    connection = layer_two.open(confirmations=1)
    cost = connection.cost(layer_two.mint(connection), layer_two.node.account(0).address)
    least = 4 + 2 * 32 + (4 + 2 * 32)  # the oracle's own call, and the call of `mint` inside of it
    assert cost.data_fee > least * FEE_PER_BYTE * 5 // 4
    assert cost.total == cost.gas * cost.fees.highest + cost.data_fee
    assert layer_two.send(connection)["status"] == 1


def test_account_that_cannot_pay_for_the_data_is_told_where_to_get_coin(layer_two: Town) -> None:
    connection, sender = layer_two.open(confirmations=1), layer_two.node.account(0).address
    cost = connection.cost(layer_two.mint(connection), sender)
    layer_two.node.rpc("anvil_setBalance", [sender, hex(cost.gas * cost.fees.highest + cost.data_fee // 2)])
    with pytest.raises(Payment, match="value and gas need") as caught:
        layer_two.send(connection)
    assert "Base Sepolia" in caught.value.hint
    assert layer_two.sent() == 0


def test_other_chains_take_no_data_fee(anvil: Anvil) -> None:
    town = Town.on(anvil)
    assert town.open().cost(town.mint(town.open()), anvil.account(0).address).data_fee == 0


def test_node_without_fee_history_is_asked_for_its_base_fee(anvil: Anvil) -> None:
    def refuse(request: dict[str, object]) -> bytes | None:
        unknown = b'{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"the method does not exist"}}'
        return unknown if request["method"] == "eth_feeHistory" else None

    town = Town.on(anvil)
    base = int(anvil.rpc("eth_getBlockByNumber", ["latest", False])["baseFeePerGas"], 16)
    with proxy(anvil.url, refuse) as url:
        connection = town.open(url)
        cost = connection.cost(town.mint(connection), anvil.account(0).address)
        assert cost.fees.highest >= 2 * base
        assert town.send(connection)["status"] == 1
