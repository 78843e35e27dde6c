"""Key files: plain keys, keystores, signers elsewhere; and that no secret shows anywhere."""

from __future__ import annotations

import io
import json
import logging
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from pydantic import SecretStr

from contrafact.errors import ChainError, ContrafactError, InvalidInput, NotFound
from contrafact.keys import Passphrase, load_key
from contrafact.ledger.connection import Connection
from contrafact.ledger.signer import ExternalSigner
from contrafact.ledger.signing import check_commit_signature, check_quote_signature, sign_commit, sign_quote
from contrafact.settings import Settings
from contrafact.wiring.access import signer as signer_of
from tests.clients.anvil import CAST, Anvil

from .proxy import Request, proxy
from .scene import Scene
from .sent import Town

PASSPHRASE = "correct horse battery staple"
KEY: LocalAccount = Account.from_key("0x" + "5e" * 32)
SECRETS = (PASSPHRASE, KEY.key.hex())


def private(path: Path, content: str) -> Path:
    path.write_text(content)
    path.chmod(0o600)
    return path


@pytest.fixture(scope="session")
def keystore_text() -> str:
    return json.dumps(Account.encrypt(KEY.key, PASSPHRASE, kdf="scrypt", iterations=2**12))


@pytest.fixture
def keystore(tmp_path: Path, keystore_text: str) -> Path:
    return private(tmp_path / "keystore.json", keystore_text)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any library logs, of any importance."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def test_plain_key_is_read(tmp_path: Path) -> None:
    assert load_key(private(tmp_path / "key", KEY.key.hex() + "\n"), "key_file").address == KEY.address


def test_keystore_opens_with_its_passphrase_however_it_is_given(keystore: Path, tmp_path: Path) -> None:
    file = private(tmp_path / "passphrase", PASSPHRASE + "\r\nnot this\n")
    for passphrase in (Passphrase(SecretStr(PASSPHRASE)), Passphrase(file=file)):
        assert load_key(keystore, "key_file", passphrase).address == KEY.address


def test_keystore_of_another_wallet_opens(tmp_path: Path) -> None:
    """The example of the Web3 Secret Storage definition, with PBKDF2."""
    example = {
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
            "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
            "kdf": "pbkdf2",
            "kdfparams": {
                "c": 262144,
                "dklen": 32,
                "prf": "hmac-sha256",
                "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
            },
            "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
        },
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
        "version": 3,
    }
    path = private(tmp_path / "keystore", json.dumps(example))
    found = load_key(path, "key_file", Passphrase(SecretStr("testpassword")))
    assert found.address.lower() == "0x008aeeda4d805471df9b2a5b0f38a0c3bcba786b"


def test_keystore_that_cast_has_written_opens(tmp_path: Path) -> None:
    """`cast wallet` is what many deploy with."""
    if not CAST.exists():
        pytest.skip("cast is not installed: run ./scripts/test, or npm ci in tests/clients")
    words = ["wallet", "import", "mine", "-k", str(tmp_path), "--private-key", KEY.key.hex()]
    subprocess.run([CAST, *words, "--unsafe-password", PASSPHRASE], check=True, capture_output=True, timeout=60)
    path = private(tmp_path / "private", (tmp_path / "mine").read_text())
    assert load_key(path, "key_file", Passphrase(SecretStr(PASSPHRASE))).address == KEY.address


def test_settings_name_the_passphrase_of_each_account(keystore: Path, tmp_path: Path) -> None:
    file = private(tmp_path / "passphrase", PASSPHRASE)
    settings = Settings(
        key_file=keystore,
        key_passphrase=SecretStr(PASSPHRASE),
        operator_key_file=keystore,
        operator_key_passphrase_file=file,
    )
    assert signer_of(settings, "key_file").address == signer_of(settings, "operator_key_file").address == KEY.address
    with pytest.raises(InvalidInput, match="does not open"):
        signer_of(settings.model_copy(update={"key_passphrase": SecretStr("wrong")}), "key_file")


def test_keystore_without_passphrase_and_nobody_to_ask_says_which_setting(
    keystore: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(NotFound, match="needs a passphrase") as caught:
        load_key(keystore, "operator_key_file")
    assert "CONTRAFACT_OPERATOR_KEY_PASSPHRASE_FILE" in caught.value.hint


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "{" + text,
        lambda text: "{}",
        lambda text: text.replace('"version": 3', '"version": 9'),
    ],
)
def test_damaged_keystore_is_refused(tmp_path: Path, keystore_text: str, damage: Callable[[str], str]) -> None:
    path = private(tmp_path / "keystore", damage(keystore_text))
    with pytest.raises(InvalidInput, match="is not a keystore"):
        load_key(path, "key_file", Passphrase(SecretStr(PASSPHRASE)))


def test_keystore_that_opens_to_another_key_than_it_says_is_refused(tmp_path: Path, keystore_text: str) -> None:
    """Its check sum does not cover all that the key is computed from."""
    store = json.loads(keystore_text)
    store["crypto"]["cipherparams"]["iv"] = "00" * 16
    path = private(tmp_path / "keystore", json.dumps(store))
    with pytest.raises(InvalidInput, match="holds another key than"):
        load_key(path, "key_file", Passphrase(SecretStr(PASSPHRASE)))


def test_files_that_others_can_read_are_refused(keystore: Path, tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE)
    file.chmod(0o644)
    with pytest.raises(InvalidInput, match=r"passphrase file .* can be read by others"):
        load_key(keystore, "key_file", Passphrase(file=file))
    keystore.chmod(0o640)
    with pytest.raises(InvalidInput, match=r"key file .* can be read by others"):
        load_key(keystore, "key_file", Passphrase(SecretStr(PASSPHRASE)))


# A signer that is a process of its own


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


# Secrets


def test_api_key_of_a_node_shows_in_no_log(anvil: Anvil, log: io.StringIO) -> None:
    for url in (anvil.url, anvil.ws_url):
        connection = Connection.open(f"{url}/?key=s3cr3t")
        assert connection.head() == 0
        connection.close()
    assert "s3cr3t" not in log.getvalue()


def test_secrets_show_in_no_log_no_error_and_no_representation(
    keystore: Path, anvil: Anvil, log: io.StringIO, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTRAFACT_KEY_PASSPHRASE", PASSPHRASE)
    settings, town = Settings(key_file=keystore), Town.on(anvil)
    account = signer_of(settings, "key_file")
    anvil.rpc("anvil_setBalance", [account.address, hex(10**18)])
    connection = town.open(journal=keystore.parent / "transactions")
    connection.send(town.mint(connection), account)
    errors = [failure(settings, keystore, damage) for damage in ("{", "}", "0" * 64, "=")]
    shown = [
        repr(settings),
        str(settings),
        repr(account),
        repr(vars(connection)),
        repr(Passphrase(SecretStr(PASSPHRASE))),
    ]
    everything = "\n".join([log.getvalue(), *capfd.readouterr(), *errors, *shown])
    assert "eth_sendRawTransaction" in log.getvalue()
    for secret in SECRETS:
        assert secret not in everything


def failure(settings: Settings, keystore: Path, damage: str) -> str:
    """The whole of what is raised for a key file that holds the key beside what makes it unusable."""
    content = keystore.read_text()
    keystore.write_text(f"{damage}{KEY.key.hex()} {PASSPHRASE}")
    try:
        signer_of(settings, "key_file")
    except ContrafactError as error:
        chain = [error, error.__cause__, *([] if error.__suppress_context__ else [error.__context__])]
        return "\n".join(repr(link) + str(link) for link in chain)
    finally:
        keystore.write_text(content)
    raise AssertionError("The file was taken.")


def test_no_option_of_any_command_takes_a_secret() -> None:
    from typer.main import get_command

    from contrafact.cli import app

    def options(command: Any) -> Iterator[str]:
        for parameter in command.params:
            yield from parameter.opts
        for child in getattr(command, "commands", {}).values():
            yield from options(child)

    found = set(options(get_command(app)))
    assert "--key-file" in found
    assert not {name for name in found if "passphrase" in name or name in ("--key-hex", "--private-key", "--mnemonic")}
