"""`contrafact deploy` and `network` as people and scripts use them: what they answer, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.ledger.artifacts import CONTRACTS
from hardhat_free_devnet import Devnet

from .command import Command, key_file

DEPLOYER, SOMEBODY = (world.account(i).address for i in (0, 9))


@pytest.fixture(scope="module")
def node() -> Iterator[Devnet]:
    with Devnet() as node:
        yield node


@pytest.fixture
def command(node: Devnet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The deployer's command, in a folder where nothing is."""
    monkeypatch.chdir(tmp_path)
    return Command({"rpc_url": node.url, "key_file": str(key_file(tmp_path, 0)), "poll_seconds": "0.05"})


def test_dry_run_says_what_it_costs_and_leaves_no_file(command: Command, tmp_path: Path) -> None:
    found = command("deploy", "--dry-run", "--json").json
    assert [step["what"] for step in found["steps"]] == [*CONTRACTS, "roles"]
    assert found["gas"] == sum(step["gas"] for step in found["steps"])
    assert int(found["cost_now"]) < int(found["cost_offered"]) < int(found["cost_cap"])
    assert found["missing"] == "0"
    assert {check["verdict"] for check in found["checks"]} == {"ok"}
    assert not (tmp_path / "deployments").exists()


def test_steps_are_told_where_nobody_sees_a_terminal(command: Command) -> None:
    said = command("deploy").err
    assert [line for line in said.splitlines() if line.endswith("…")] == [f"{step} …" for step in (*CONTRACTS, "roles")]


def test_dry_run_without_the_test_dollar_leaves_it_out(command: Command) -> None:
    found = command("deploy", "--dry-run", "--no-test-dollar", "--json").json
    assert [step["what"] for step in found["steps"]] == [*CONTRACTS[:-1], "roles"]


def test_an_account_without_money_sends_nothing(command: Command, tmp_path: Path, node: Devnet) -> None:
    path = tmp_path / "poor.key"
    path.touch(mode=0o600)
    path.write_text("11" * 32)
    answer = command.under(key_file=path)("deploy", "--json")
    assert answer.code == 5
    assert "Nothing was sent." in answer.error["message"]
    assert not (tmp_path / "deployments").exists()
    assert command.under(key_file=path)("deploy", "--dry-run", "--json").code == 5


def test_the_address_to_fund_is_shown_in_full(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "poor.key"
    path.touch(mode=0o600)
    path.write_text("11" * 32)
    said = command.under(key_file=path)("deploy", "--dry-run").out
    last = "".join(line.split("│")[-2].strip() for line in said.splitlines() if line.count("│") == 5)
    assert "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A" in last


def test_a_chains_file_has_its_id_as_name(command: Command, tmp_path: Path) -> None:
    assert command("deploy", "--network", "devnet", "--json").json["file"] == "deployments/31337.json"
    assert (tmp_path / "deployments/31337.json").is_file()
    assert command("deploy", "check", "--network", "devnet", "--json").json["ok"]


def test_an_admin_that_is_no_contract_is_refused_before_anything_is_sent(command: Command, tmp_path: Path) -> None:
    answer = command("deploy", "--admin", SOMEBODY, "--json")
    assert answer.code == 2
    assert "--admin-is-a-key" in answer.error["hint"]
    assert not (tmp_path / "deployments").exists()


def test_roles_that_come_too_late_end_with_code_13_and_change_nothing(command: Command, tmp_path: Path) -> None:
    command("deploy", "--json")
    before = (tmp_path / "deployments/31337.json").read_text()
    answer = command("deploy", "--guardian", SOMEBODY, "--json")
    assert answer.code == 13
    assert any("does not have the role pause" in problem for problem in json.loads(answer.out)["problems"])
    assert (tmp_path / "deployments/31337.json").read_text() == before
    assert command("deploy", "--json").code == 0


def test_check_compares_with_who_is_named(command: Command) -> None:
    command("deploy", "--admin", SOMEBODY, "--admin-is-a-key", "--json")
    assert command("deploy", "check", "--admin", SOMEBODY, "--json").json["ok"]
    answer = command("deploy", "check", "--admin", DEPLOYER, "--json")
    assert answer.code == 13
    failed = [check for check in json.loads(answer.out)["checks"] if check["verdict"] == "fail"]
    assert {check["check"] for check in failed} == {"powers"}


def test_check_of_a_file_that_only_names_addresses_warns_that_roles_are_not_known(
    command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "deployments/31337.json"
    command("deploy", "--json")
    made = json.loads(path.read_text())
    path.write_text(json.dumps({key: made[key] for key in ("chain_id", "block", "contracts")}))
    checks = {check["check"]: check["verdict"] for check in command("deploy", "check", "--json").json["checks"]}
    assert (checks["powers"], checks["creation"]) == ("warn", "warn")
    answer = command("deploy", "verify-input", "--out", tmp_path / "v", "--json")
    assert "--deployer" in answer.error["hint"]
    assert command("deploy", "verify-input", "--out", tmp_path / "v", "--deployer", DEPLOYER, "--json").code == 0


def test_clear_signing_writes_a_descriptor_for_each_contract_that_people_call(command: Command, tmp_path: Path) -> None:
    command("deploy", "--json")
    offline = command.under(rpc_url="http://127.0.0.1:1")
    found = offline("deploy", "clear-signing", "--network", "devnet", "--out", tmp_path / "c", "--json").json
    assert sorted(path.name for path in (tmp_path / "c").iterdir()) == found["files"]
    orders = json.loads((tmp_path / "c" / "calldata-GenerationEscrow.json").read_text())
    assert any(key.startswith("fund(") for key in orders["display"]["formats"])


def test_verify_input_asks_no_chain_where_the_file_is_known(command: Command, tmp_path: Path) -> None:
    command("deploy", "--json")
    offline = command.under(rpc_url="http://127.0.0.1:1")
    found = offline("deploy", "verify-input", "--network", "devnet", "--out", tmp_path / "v", "--json").json
    assert found["contracts"] == list(CONTRACTS)
    assert len(list((tmp_path / "v").iterdir())) == 4 * len(CONTRACTS)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["deploy", "--network", "ropsten"], 3, "No network is called 'ropsten'"),
        (["deploy", "--network", "sepolia"], 6, "serves chain 31337, not 11155111"),
        (["deploy", "--networks", "none.toml"], 3, "none.toml cannot be read"),
        (["deploy", "--admin", "0x12"], 2, "'0x12' is not an address"),
        (["deploy", "--network", "devnet", "check"], 2, "Options of `deploy check` stand behind it"),
        (["deploy", "check"], 3, "There is no deployment file"),
        (["deploy", "verify-input"], 2, "--out"),
        (["network", "check", "ftp://x"], 6, "must start with http"),
        (["network", "check", "http://[::1/v3/s3cr3t"], 6, "name a host"),
        (["network", "check", "http://x:99999/v3/s3cr3t"], 6, "name a host"),
    ],
)
def test_what_cannot_be_is_refused(command: Command, arguments: list[str], code: int, words: str) -> None:
    answer = command(*arguments, "--json")
    assert answer.code == code
    assert words in answer.error["message"]


def test_a_public_network_needs_a_node_that_is_named(command: Command) -> None:
    settings = {name: value for name, value in command.settings.items() if name != "rpc_url"}
    answer = Command(settings)("deploy", "--network", "sepolia", "--json")
    assert answer.code == 2
    assert "CONTRAFACT_RPC_URL" in answer.error["hint"]


def test_networks_of_a_file_are_listed_and_named(command: Command, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[networks.mychain]\nchain_id = 31337\nconfirmations = 1\n")
    listed = command("network", "list", "--networks", "own.toml", "--json").json
    assert {"mychain", "sepolia", "base-sepolia", "op-sepolia"} == {one["name"] for one in listed}
    own = ("--networks", "own.toml", "--network", "mychain")
    planned = command("deploy", *own, "--dry-run", "--json").json
    assert planned["network"] == "mychain"
    first = planned["checks"][0]
    assert (first["check"], first["verdict"]) == ("chain", "warn")
    assert first["found"] == "mychain, chain id 31337, is not known as a test network"
    assert "Warning: chain: mychain" in command("deploy", *own).err
    (tmp_path / "own.toml").write_text("[networks.mychain]\nchain_id = 31337\nconfirmations = 1\ntestnet = true\n")
    assert command("deploy", *own, "--dry-run", "--json").json["checks"][0]["verdict"] == "ok"


def test_network_check_says_whether_a_node_will_do(command: Command) -> None:
    found = command("network", "check", "--wait", "0", "--json").json
    assert found["ok"]
    answer = command("network", "check", "--network", "sepolia", "--wait", "0", "--json")
    assert answer.code == 13
    assert not json.loads(answer.out)["ok"]


def test_each_of_several_nodes_is_checked(command: Command, node: Devnet) -> None:
    both = f"{node.url},http://127.0.0.1:1"
    answer = command.under(rpc_url=both)("network", "check", "--wait", "0", "--json")
    assert answer.code == 13
    assert [one["ok"] for one in json.loads(answer.out)] == [True, False]


def test_tables_fit_a_terminal_and_say_what_to_do(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = [command("deploy", "--dry-run"), command("deploy"), command("deploy", "check")]
    said.append(command("network", "check", "--wait", "0"))
    assert "Nothing was sent" in said[0].out
    assert "has every role" in said[1].out
    assert "no check failed" in said[2].out
    assert "Nothing to do" in " ".join(said[3].out.replace("│", " ").split())
    for answer in said:
        assert answer.code == 0, answer.err
        assert max(len(line) for line in answer.out.splitlines() if line[:1] in "┏┃┡│└") <= 100
