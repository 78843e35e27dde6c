"""Revert data as errors: each custom error of the contracts has a meaning, and anything else stays readable."""

from __future__ import annotations

import string

import pytest
from eth_abi import encode
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st
from web3.exceptions import ContractLogicError

from contrafact.errors import ContractError, Payment
from contrafact.ledger.artifacts import CONTRACTS, load
from contrafact.ledger.failures import from_web3_revert
from contrafact.ledger.revert_messages import MEANINGS
from contrafact.ledger.reverts import from_revert_data

ERRORS = {entry["name"]: entry for name in CONTRACTS for entry in load(name).abi if entry["type"] == "error"}
SAMPLES = {"address": "0x" + "ab" * 20, "bytes32": b"\1" * 32, "bytes4": b"\1" * 4, "string": "text"}


def test_every_error_of_the_contracts_has_a_meaning_and_every_meaning_an_error() -> None:
    assert set(MEANINGS) == set(ERRORS)


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_error_is_decoded_into_its_meaning(name: str) -> None:
    inputs = ERRORS[name]["inputs"]
    types = [item["type"] for item in inputs]
    data = keccak(text=f"{name}({','.join(types)})")[:4] + encode(types, [SAMPLES.get(t, 2) for t in types])
    error = from_revert_data(data)
    assert type(error) is MEANINGS[name].kind
    assert (error.name, len(error.arguments)) == (name, len(inputs))
    assert error.hint
    assert "{" not in error.message + error.hint


@pytest.mark.parametrize("name", sorted(MEANINGS))
def test_meaning_names_only_arguments_that_exist(name: str) -> None:
    text = MEANINGS[name].message + MEANINGS[name].hint
    named = {field for _, field, _, _ in string.Formatter().parse(text) if field}
    assert named <= {item["name"] for item in ERRORS[name]["inputs"]}


def test_plain_reason_is_passed_on() -> None:
    error = from_revert_data(bytes.fromhex("08c379a0") + encode(["string"], ["paused"]))
    assert (error.name, error.arguments) == ("Error", ("paused",))
    assert "paused" in error.message


def test_reason_that_is_no_text_is_still_an_error() -> None:
    assert from_revert_data(bytes.fromhex("08c379a0") + encode(["bytes"], [b"\xff\xfe"])).message


def test_panic_is_named() -> None:
    error = from_revert_data(bytes.fromhex("4e487b71") + encode(["uint256"], [0x11]))
    assert (error.name, error.arguments) == ("Panic", (0x11,))
    assert "too large or below zero" in error.message


def test_revert_without_data_is_said_to_be_so() -> None:
    assert "without a reason" in from_revert_data(b"").message


@given(st.binary(max_size=200))
def test_any_revert_data_becomes_an_error(data: bytes) -> None:
    assert isinstance(from_revert_data(data), ContractError)


@given(st.sampled_from(sorted(ERRORS)), st.binary(max_size=100))
def test_known_selector_with_any_arguments_becomes_an_error(name: str, body: bytes) -> None:
    types = [item["type"] for item in ERRORS[name]["inputs"]]
    selector = keccak(text=f"{name}({','.join(types)})")[:4]
    assert isinstance(from_revert_data(selector + body), ContractError)


NOTHING = keccak(text="RoyaltyVault_NothingToClaim()")[:4].hex()


@pytest.mark.parametrize("data", [f"0x{NOTHING}", f"Reverted 0x{NOTHING}", {"data": f"0x{NOTHING}"}])
def test_revert_data_is_found_as_different_nodes_give_it(data: object) -> None:
    assert isinstance(from_web3_revert(ContractLogicError("execution reverted", data)), Payment)  # type: ignore[arg-type]


def test_reason_is_taken_from_the_message_where_there_is_no_data() -> None:
    error = from_web3_revert(ContractLogicError("execution reverted: paused"))
    assert error.arguments == ("paused",)
