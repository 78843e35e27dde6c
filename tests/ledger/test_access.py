"""The way to the chain as the settings and the options of commands describe it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from eth_account import Account

from contrafact.errors import ChainError, InvalidInput
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy
from contrafact.settings import Settings, load
from contrafact.wiring.access import open_connection, policy
from contrafact.wiring.audited_ledger import ChainToAudit
from contrafact.wiring.auditing import require_other_nodes
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil
from tests.e2e.command import Command

from .scene import Scene


def test_settings_become_the_policy(tmp_path: Path) -> None:
    made = policy(
        Settings(home=tmp_path, max_fee_gwei=Decimal("2.5"), confirmations=7, poll_seconds=1.5, replace_seconds=9.0)
    )
    assert (made.max_fee, made.confirmations, made.poll_seconds) == (2_500_000_000, 7, 1.5)
    assert (made.replace_seconds, made.journal) == (9.0, tmp_path / "transactions")


@pytest.mark.parametrize("setting", ["max_fee_gwei", "confirmations", "poll_seconds", "replace_seconds"])
def test_settings_that_make_no_sense_are_refused(setting: str) -> None:
    with pytest.raises(InvalidInput, match=setting):
        load(**{setting: 0})


def test_network_says_how_many_confirmations_unless_the_setting_does(
    start_anvil: Callable[..., Anvil], tmp_path: Path
) -> None:
    node, networks = start_anvil("--chain-id", "4242"), tmp_path / "networks.toml"
    networks.write_text("[networks.mine]\nchain_id = 4242\nconfirmations = 6\n")
    described = Settings(rpc_url=node.url, home=tmp_path, networks_file=networks)
    assert open_connection(described, 4242).network.confirmations == 6
    assert open_connection(described.model_copy(update={"confirmations": 2})).network.confirmations == 2
    assert open_connection(described.model_copy(update={"networks_file": None})).network.name == "chain-4242"


def test_agreement_that_is_set_is_asked_for(node: Devnet, tmp_path: Path) -> None:
    with pytest.raises(ChainError, match="Only one node is named"):
        open_connection(Settings(rpc_url=node.url, home=tmp_path, rpc_agreement=True))


def test_audit_can_ask_for_agreement(scene: Scene, node: Devnet, tmp_path: Path) -> None:
    file = tmp_path / "deployment.json"
    scene.deployment.save(file)
    settings = {"RPC_URL": node.url, "DEPLOYMENT": str(file), "STORE": f"folder:{tmp_path / 'store'}"}
    (tmp_path / "store").mkdir()
    answer = Command(settings)("audit", "--agree", "--json")
    assert "none that it could agree with" in answer.error["message"]


def test_a_node_does_not_agree_with_itself() -> None:
    for again in ("http://node:80", "http://NODE/", " http://user@node/?key=other"):
        with pytest.raises(ChainError, match="One node is named twice"):
            require_other_nodes(f"http://node,{again}")
    require_other_nodes("http://node/a,http://node/b,https://node/a,http://node:81/a,http://[bad")


def test_audit_of_what_is_confirmed_stops_at_the_block_that_is(scene: Scene, node: Devnet) -> None:
    connection = Connection.open(node.url, policy=Policy(confirmations=3))
    works = scene.reader.works()
    for amount in (1, 2):
        scene.writer("deployer").mint_dollars(scene.address("maker"), amount)
    scene.set_terms(0, scene.terms[1])
    newest, confirmed = (ChainToAudit(connection, scene.deployment, confirmed=only) for only in (False, True))
    assert (newest.head(), confirmed.head()) == (connection.head(), connection.head() - 2)
    assert list(confirmed.works()) == list(works)
    assert len(newest.terms_history()) == len(confirmed.terms_history()) + 1


@pytest.mark.slow
def test_command_with_a_keystore_says_nothing_of_its_secrets(anvil: Anvil, tmp_path: Path) -> None:
    """Nor do the files that it writes. The third run has the wrong passphrase."""
    secret, words = "0x" + "7a" * 32, "correct horse battery staple"
    account, keystore = Account.from_key(secret), tmp_path / "keystore.json"
    keystore.touch(mode=0o600)
    keystore.write_text(json.dumps(Account.encrypt(secret, words, kdf="scrypt", iterations=2**12)))
    anvil.rpc("anvil_setBalance", [account.address, hex(10**19)])
    settings = {"RPC_URL": anvil.url, "DEPLOYMENT": str(tmp_path / "deployment.json"), "HOME": str(tmp_path / "home")}
    command = Command(settings | {"KEY_FILE": str(keystore), "KEY_PASSPHRASE": words})
    answers = [command.apart("deploy", "--json"), command.apart("deploy")]
    wrong = command.under(KEY_PASSPHRASE="incorrect horse").apart("deploy")
    assert [answer.code for answer in answers] == [0, 0], answers
    assert "does not open" in wrong.err
    written = "".join(answer.out + answer.err for answer in (*answers, wrong))
    written += "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file() and path != keystore)
    for hidden in (secret[2:], words, "incorrect horse"):
        assert hidden not in written
