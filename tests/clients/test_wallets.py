"""Other people's wallets take what is prepared here, and sign exactly what a key here signs."""

from __future__ import annotations

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

from contrafact.domain import typed_data
from contrafact.domain.typed_data import TYPES
from contrafact.domain.wallet_json import wallet_json
from hardhat_free_devnet import Devnet

from .anvil import CAST, MNEMONIC, Anvil
from .documents_to_sign import documents
from .wallets import LIBRARIES, Job, ask, cast_typed_data, missing_library

SIGNED = documents()
JOBS: list[Job] = [{"do": "typedData", "key": key, "document": wallet_json(message)} for key, message in SIGNED]


def ours() -> list[dict[str, str]]:
    """Deterministic signatures (RFC 6979): the same key gives the same bytes wherever it signs."""
    return [
        {
            "hash": "0x" + typed_data.digest(message).hex(),
            "signature": "0x" + Account.from_key(key).sign_message(message).signature.hex(),
        }
        for key, message in SIGNED
    ]


def test_every_kind_of_typed_data_is_among_those_that_are_compared() -> None:
    assert {job["document"]["primaryType"] for job in JOBS} == TYPES.keys() - {"Source"}


@pytest.mark.parametrize("library", LIBRARIES)
def test_library_hashes_and_signs_typed_data_as_a_key_here_does(library: str) -> None:
    if reason := missing_library(library):
        pytest.skip(reason)
    assert ask(library, JOBS) == ours()


def test_cast_signs_typed_data_as_a_key_here_does() -> None:
    if not CAST.exists():
        pytest.skip("cast is not installed: run ./scripts/test, or npm ci in tests/clients")
    assert [cast_typed_data(job) for job in JOBS] == [answer["signature"] for answer in ours()]


def accounts_key() -> LocalAccount:
    """The first account of both nodes, whose key everybody knows."""
    Account.enable_unaudited_hdwallet_features()
    made: LocalAccount = Account.from_mnemonic(MNEMONIC)
    return made


def test_nodes_sign_typed_data_as_a_key_here_does(anvil: Anvil) -> None:
    """As a page asks a wallet: `eth_signTypedData_v4` with the document."""
    account = accounts_key()
    with Devnet(accounts=1) as devnet:
        w3 = Web3(HTTPProvider(devnet.url))
        for _, message in SIGNED:
            params = [account.address, wallet_json(message)]
            wanted = "0x" + account.sign_message(message).signature.hex()
            assert anvil.rpc("eth_signTypedData_v4", params) == wanted
            assert w3.provider.make_request("eth_signTypedData_v4", params)["result"] == wanted  # type: ignore[arg-type]
