"""Processes that die with transactions under way: the next one brings them to their end, and sends nothing twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contrafact.errors import ChainError, InvalidInput
from contrafact.ledger.artifacts import load
from tests.clients.anvil import Anvil

from .proxy import Status, proxy
from .sent import Town, beside, wait_for

SENDER = """
import sys
from pathlib import Path
from eth_account import Account
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy

url, dollar, holder, journal = sys.argv[1:]
connection = Connection.open(url, policy=Policy(journal=Path(journal)))
mint = connection.contract("TestDollar", dollar).functions.mint(holder, 1)
connection.send(mint, Account.from_key(sys.stdin.read()))
"""


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "transactions"


def kill_while_sending(town: Town, journal: Path) -> None:
    """A process of its own sends, and is killed while its transaction waits for a block."""
    arguments = [town.node.url, town.dollar, town.node.account(5).address, str(journal)]
    process = subprocess.Popen([sys.executable, "-c", SENDER, *arguments], stdin=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(town.node.account(0).key.hex())
    process.stdin.close()
    wait_for(town.waiting)
    process.kill()
    process.wait()


def files(journal: Path) -> list[Path]:
    return sorted(path for path in journal.iterdir() if path.suffix != ".lock")


def test_killed_process_leaves_what_the_next_one_waits_for(town: Town, journal: Path) -> None:
    town.stop_mining()
    kill_while_sending(town, journal)
    assert len(files(journal)) == 1
    restarted = town.open(journal=journal)
    with beside(lambda: restarted.recover(town.node.account(0))) as (recovering,):
        time.sleep(0.2)
        town.mine()
        assert recovering.result(timeout=60) == 1
    assert (town.sent(), town.minted(), files(journal)) == (1, 1, [])
    assert restarted.recover(town.node.account(0)) == 0


def test_next_process_replaces_what_is_stuck(town: Town, journal: Path) -> None:
    town.stop_mining()
    kill_while_sending(town, journal)
    (first,) = town.waiting()
    restarted = town.open(journal=journal, replace_seconds=0.2)
    with beside(lambda: restarted.recover(town.node.account(0))) as (recovering,):
        (second,) = wait_for(lambda: [row for row in town.waiting() if row["hash"] != first["hash"]])
        wait_for(lambda: town.mine() or recovering.done())
    assert second["nonce"] == first["nonce"]
    assert (town.sent(), town.minted(), files(journal)) == (1, 1, [])


def test_transaction_that_the_node_forgot_meanwhile_is_sent_again(town: Town, journal: Path) -> None:
    town.stop_mining()
    kill_while_sending(town, journal)
    (first,) = town.waiting()
    town.node.rpc("anvil_dropTransaction", [first["hash"]])
    restarted = town.open(journal=journal)
    with beside(lambda: restarted.recover(town.node.account(0))) as (recovering,):
        (again,) = wait_for(town.waiting)
        town.mine()
        assert recovering.result(timeout=60) == 1
    assert again["hash"] == first["hash"]


def test_send_recovers_first_and_takes_the_next_nonce(town: Town, journal: Path) -> None:
    town.stop_mining()
    kill_while_sending(town, journal)
    (first,) = town.waiting()
    town.node.rpc("anvil_dropTransaction", [first["hash"]])
    town.node.rpc("evm_setAutomine", [True])
    town.send(town.open(journal=journal), 10)
    assert (town.sent(), town.minted(), files(journal)) == (2, 11, [])


def test_send_that_failed_is_brought_to_its_end_by_the_next_one_of_the_same_process(town: Town, journal: Path) -> None:
    connection = town.open(journal=journal, transaction_seconds=0.1)
    town.stop_mining()
    with pytest.raises(ChainError, match="no block holds it yet"):
        town.send(connection)
    (first,) = town.waiting()
    town.node.rpc("anvil_dropTransaction", [first["hash"]])
    town.node.rpc("evm_setAutomine", [True])
    town.send(connection, 10)
    assert (town.sent(), town.minted(), files(journal)) == (2, 11, [])


def test_transaction_that_never_reached_a_node_is_sent_by_the_next_run(town: Town, journal: Path) -> None:
    def cut(request: dict[str, object]) -> Status | None:
        return Status(503) if request["method"] == "eth_sendRawTransaction" else None

    with proxy(town.node.url, cut) as url, pytest.raises(ChainError, match="may or may not have been sent"):
        town.send(town.open(url, journal=journal))
    assert (town.sent(), len(files(journal))) == (0, 1)
    assert town.open(journal=journal).recover(town.node.account(0)) == 1
    assert (town.sent(), town.minted(), files(journal)) == (1, 1, [])


def test_creation_of_a_contract_is_recovered_and_replaced_too(town: Town, journal: Path) -> None:
    town.stop_mining()
    hasty, artifact = town.open(journal=journal, transaction_seconds=0.1), load("TestDollar")
    factory = hasty.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    with pytest.raises(ChainError, match="no block holds it yet"):
        hasty.send(factory.constructor(), town.node.account(0))
    (first,) = town.waiting()
    restarted = town.open(journal=journal, replace_seconds=0.2)
    with beside(lambda: restarted.recover(town.node.account(0))) as (recovering,):
        (second,) = wait_for(lambda: [row for row in town.waiting() if row["hash"] != first["hash"]])
        wait_for(lambda: town.mine() or recovering.done())
    assert second["input"] == first["input"]
    assert restarted.web3.eth.get_transaction_receipt(second["hash"])["contractAddress"]


def test_transaction_that_was_mined_meanwhile_is_not_sent_again(town: Town, journal: Path) -> None:
    town.stop_mining()
    kill_while_sending(town, journal)
    town.mine()
    assert town.open(journal=journal).recover(town.node.account(0)) == 1
    assert (town.sent(), town.minted(), files(journal)) == (1, 1, [])


def test_refused_transaction_leaves_nothing_behind(town: Town, journal: Path) -> None:
    def refuse(request: dict[str, object]) -> str | None:
        return "this node takes none" if request["method"] == "eth_sendRawTransaction" else None

    with proxy(town.node.url, refuse) as url, pytest.raises(ChainError, match="this node takes none"):
        town.send(town.open(url, journal=journal))
    assert files(journal) == []


def test_transaction_of_another_chain_with_the_same_id_is_left_alone(
    town: Town, journal: Path, start_anvil: Callable[..., Anvil]
) -> None:
    town.stop_mining()
    kill_while_sending(town, journal)
    anew = start_anvil("--timestamp", "1700000000")
    assert Town.on(anew).open(journal=journal).recover(anew.account(0)) == 0
    assert len(files(journal)) == 1


def test_unreadable_journal_is_an_error_that_names_the_file(town: Town, journal: Path) -> None:
    town.stop_mining()
    kill_while_sending(town, journal)
    (file,) = files(journal)
    file.write_text("{")
    with pytest.raises(InvalidInput, match=file.name):
        town.send(town.open(journal=journal))
    assert file.exists()


def test_journal_holds_no_key_and_only_its_owner_may_look(town: Town, journal: Path) -> None:
    town.stop_mining()
    kill_while_sending(town, journal)
    (file,) = files(journal)
    assert town.node.account(0).key.hex() not in file.read_text()
    assert journal.stat().st_mode & 0o077 == 0
