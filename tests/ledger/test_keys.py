"""Key files: plain keys and keystores with their passphrases."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from contrafact.errors import InvalidInput, NotFound
from contrafact.keys import Passphrase, load_key
from contrafact.settings import Settings
from contrafact.wiring.access import signer as signer_of
from tests.clients.anvil import CAST

from .key_files import KEY, PASSPHRASE, private


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
