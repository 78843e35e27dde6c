"""Signers that are processes of their own, and what they might get wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import encode_defunct

from contrafact.errors import ChainError, InvalidInput
from contrafact.keys import load_key
from contrafact.ledger.signer import ExternalSigner
from contrafact.ledger.signing import check_commit_signature, check_quote_signature, sign_commit, sign_quote
from tests.clients.anvil import Anvil

from .key_files import KEY, private
from .proxy import Request, proxy
from .scene import Scene
from .sent import Town


@pytest.fixture
def elsewhere(tmp_path: Path, anvil: Anvil) -> Path:
    """A key file that names another project's node as the signer of one of its accounts."""
    return private(tmp_path / "signer", f'signer = "{anvil.url}"\naddress = "{anvil.account(3).address}"\n')


def test_signer_elsewhere_sends_a_transaction(elsewhere: Path, anvil: Anvil) -> None:
    town, account = Town.on(anvil), load_key(elsewhere, "key_file")
    connection = town.open()
    assert connection.send(town.mint(connection), account)["status"] == 1
    assert (town.sent(3), town.minted()) == (1, 1)


def test_signer_elsewhere_signs_quotes_and_commits_as_a_key_does(elsewhere: Path, scene: Scene) -> None:
    account, deal, domain = load_key(elsewhere, "operator_key_file"), scene.deal(), scene.deployment.domain
    quote = replace(deal.quote, operator=account.address, base_rate=2**100 + 1)
    check_quote_signature(quote, sign_quote(account, quote, domain), domain)
    commit, _ = scene.commit(deal)
    check_commit_signature(commit, account.address, sign_commit(account, commit, domain), domain)


def test_signer_that_speaks_as_clef_does_is_understood(anvil: Anvil) -> None:
    """A fake of Clef's names and of its answer, with another project's node behind it."""

    def clef(request: Request) -> bytes | None:
        if request["method"] == "eth_signTransaction":
            return b'{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"the method does not exist"}}'
        raw = anvil.rpc("eth_signTransaction", request["params"])
        return json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"raw": raw, "tx": {}}}).encode()

    town, plain = Town.on(anvil), Town.on(anvil).open()
    with proxy(anvil.url, clef) as url:
        account = ExternalSigner(url, anvil.account(3).address)
        assert plain.send(town.mint(plain), account)["status"] == 1


@pytest.mark.parametrize("change", [{"value": "0x1"}, {"to": "0x" + "66" * 20}, {"nonce": "0x7"}, {"from": None}])
def test_signer_that_signs_something_else_is_found_out(anvil: Anvil, change: dict[str, Any]) -> None:
    def cheat(request: Request) -> bytes:
        altered = request["params"][0] | {name: value or anvil.account(4).address for name, value in change.items()}
        raw = anvil.rpc("eth_signTransaction", [altered])
        return json.dumps({"jsonrpc": "2.0", "id": 1, "result": raw}).encode()

    town = Town.on(anvil)
    connection = town.open()
    with proxy(anvil.url, cheat) as url, pytest.raises(ChainError, match="signed another transaction"):
        connection.send(town.mint(connection), ExternalSigner(url, anvil.account(3).address))
    assert (town.sent(3), town.minted()) == (0, 0)


@pytest.mark.parametrize("answer", [b'{"result":"0x"}', b'{"result":{"raw":17}}', b'{"result":null}', b"[]", b"<html>"])
def test_signer_that_answers_nonsense_is_refused(anvil: Anvil, answer: bytes) -> None:
    town = Town.on(anvil)
    connection = town.open()
    with proxy(anvil.url, lambda request: answer) as url, pytest.raises(ChainError, match="The signer at"):
        connection.send(town.mint(connection), ExternalSigner(url, anvil.account(3).address))


def test_refusal_of_a_signer_is_passed_on(scene: Scene, node: Any) -> None:
    with proxy(node.url, lambda request: "denied by the user") as url, pytest.raises(ChainError, match="denied by"):
        sign_quote(ExternalSigner(url, KEY.address), scene.deal().quote, scene.deployment.domain)


def test_signer_elsewhere_signs_no_text(anvil: Anvil) -> None:
    with pytest.raises(ChainError, match="typed data only"):
        ExternalSigner(anvil.url, anvil.account(3).address).sign_message(encode_defunct(text="hello"))


def test_signer_that_is_gone_is_said_to_be_so(scene: Scene) -> None:
    gone = ExternalSigner("http://user:s3cr3t@127.0.0.1:9/s3cr3t", KEY.address)
    with pytest.raises(ChainError, match="cannot be reached") as caught:
        sign_quote(gone, scene.deal().quote, scene.deployment.domain)
    assert "s3cr3t" not in str(caught.value) + repr(gone)


@pytest.mark.parametrize(
    "content",
    ['signer = "ftp://x"\naddress = "0x"', 'signer = "http://x"', "a = [", 'signer = "http://x"\naddress = 7'],
)
def test_file_that_names_no_signer_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InvalidInput, match="names no signer"):
        load_key(private(tmp_path / "signer", content), "key_file")
