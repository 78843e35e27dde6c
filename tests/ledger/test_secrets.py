"""No secret shows in a log, an error, a representation or an option."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from contrafact.errors import ContrafactError
from contrafact.keys import Passphrase
from contrafact.ledger.connection import Connection
from contrafact.settings import Settings
from contrafact.wiring.access import signer as signer_of
from tests.clients.anvil import Anvil

from .key_files import KEY, PASSPHRASE
from .sent import Town

SECRETS = (PASSPHRASE, KEY.key.hex())


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
