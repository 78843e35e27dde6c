"""What a deployment will cost is what it then costs, and what would make it fail is said before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from eth_account import Account

from contrafact.errors import ChainError
from contrafact.ledger import preflight
from contrafact.ledger.artifacts import CONTRACTS
from contrafact.ledger.checklist import Verdict
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment import deploy, prepare
from contrafact.ledger.fees import GWEI
from contrafact.ledger.installing import install
from contrafact.ledger.networks import Network
from contrafact.ledger.policy import Policy
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil

from .proxy import Request, proxy
from .scene import Scene

ORACLE = "0x420000000000000000000000000000000000000F"


def plan_for(connection: Connection, deployer: str, path: Path | None = None) -> preflight.Plan:
    return preflight.plan(connection, prepare(connection, deployer, path), deployer)


def verdicts(connection: Connection, deployer: str) -> dict[str, tuple[Verdict, str, str]]:
    record = prepare(connection, deployer)
    made = preflight.plan(connection, record, deployer)
    return {one.name: (one.verdict, one.found, one.advice) for one in preflight.check(connection, record, made)}


def test_estimated_gas_is_what_the_deployment_then_uses(scene: Scene, tmp_path: Path) -> None:
    account, used = scene.keys["stranger"], []
    made = plan_for(scene.connection, account.address)
    people = {
        name: scene.address(role) for name, role in (("admin", "bach"), ("arbiter", "anon"), ("guardian", "maker"))
    }
    first = scene.connection.head() + 1
    install(scene.connection, account, tmp_path / "d.json", people)
    for block in range(first, scene.connection.head() + 1):
        receipts = scene.connection.web3.eth.get_block_receipts(block)
        used += [receipt["gasUsed"] for receipt in receipts if receipt["from"] == account.address]
    estimated = {one.what: one.gas for one in made.expenses}
    assert list(estimated) == [*CONTRACTS, "roles"]
    for gas, name in zip(used, CONTRACTS, strict=False):
        assert gas <= estimated[name] <= gas * 1.02
    roles = sum(used[len(CONTRACTS) :])
    assert roles <= estimated["roles"] <= roles * 1.03


def test_planning_sends_and_writes_nothing(scene: Scene, tmp_path: Path) -> None:
    before = scene.connection.head(), scene.connection.nonce(scene.address("deployer"))
    plan_for(scene.connection, scene.address("deployer"), tmp_path / "d.json")
    assert verdicts(scene.connection, scene.address("deployer"))["balance"][0] is Verdict.OK
    assert (scene.connection.head(), scene.connection.nonce(scene.address("deployer"))) == before
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_missing_is_planned(scene: Scene, node: Devnet, tmp_path: Path) -> None:
    path, account, sent = tmp_path / "d.json", scene.keys["deployer"], []

    def interrupt(request: Request) -> str | None:
        sent.append(request["method"])
        return "out of order" if sent.count("eth_sendRawTransaction") > 3 else None

    with proxy(node.url, interrupt) as url, pytest.raises(Exception, match="out of order"):
        deploy(Connection.open(url), account, path)
    assert [one.what for one in plan_for(scene.connection, account.address, path).expenses] == [*CONTRACTS[3:], "roles"]
    deploy(scene.connection, account, path)
    assert [one.what for one in plan_for(scene.connection, account.address, path).expenses] == ["roles"]


def test_costs_follow_from_gas_and_fees() -> None:
    expenses = (preflight.Expense("a", 100, 7), preflight.Expense("b", 1000))
    made = preflight.Plan("0x", 0, fee_now=3, fee_offered=5, fee_cap=50, expenses=expenses)
    assert (made.gas, made.cost_now, made.cost_offered, made.cost_cap) == (1100, 3307, 5507, 55_007)
    assert made.needed == 100 * 3 + 7 + 1200 * 5


@pytest.mark.parametrize(
    ("wei", "text"), [(1, "0.000001"), (19_093_800_000_000_001, "0.019094"), (10**18, "1"), (12 * 10**19, "120")]
)
def test_what_is_missing_is_never_said_too_low(wei: int, text: str) -> None:
    assert preflight.at_least(wei) == text


def test_an_empty_account_is_told_how_much_it_lacks_and_where_to_get_it(scene: Scene) -> None:
    poor = Account.create().address
    made = plan_for(scene.connection, poor)
    verdict, found, advice = verdicts(scene.connection, poor)["balance"]
    assert verdict is Verdict.FAIL
    assert preflight.at_least(made.needed) + " are missing" in found
    assert poor in advice
    assert scene.connection.network.faucet in advice


def test_money_that_suffices_only_at_present_fees_is_warned_of(anvil: Anvil) -> None:
    connection, somebody = Connection.open(anvil.url), Account.create().address
    made = plan_for(connection, somebody)
    anvil.rpc("anvil_setBalance", [somebody, hex(made.needed)])
    assert made.needed < made.cost_offered
    assert verdicts(connection, somebody)["balance"][0] is Verdict.WARN
    anvil.rpc("anvil_setBalance", [somebody, hex(made.needed - 1)])
    assert verdicts(connection, somebody)["balance"][0] is Verdict.FAIL


def test_just_enough_money_for_the_plan_carries_the_deployment_through(anvil: Anvil, tmp_path: Path) -> None:
    connection, somebody = Connection.open(anvil.url), Account.create()
    made = plan_for(connection, somebody.address)
    anvil.rpc("anvil_setBalance", [somebody.address, hex(made.needed)])
    people = dict.fromkeys(("admin", "arbiter", "guardian"), str(somebody.address))
    assert install(connection, somebody, tmp_path / "d.json", people).problems == ()


@pytest.mark.parametrize(
    ("fork", "missing"), [("shanghai", ["MCOPY", "TLOAD"]), ("paris", ["PUSH0", "MCOPY", "TLOAD"])]
)
def test_an_evm_without_needed_instructions_is_found(
    start_anvil: Callable[..., Anvil], fork: str, missing: list[str]
) -> None:
    connection = Connection.open(start_anvil("--hardfork", fork).url)
    record = prepare(connection, ORACLE)
    made = preflight.Plan(ORACLE, 0, 1, 1, 1, ())
    checks = {one.name: one for one in preflight.check(connection, record, made)}
    assert checks["EVM"].verdict is Verdict.FAIL
    assert all(name in checks["EVM"].found for name in missing)


@pytest.mark.parametrize("fork", ["cancun", "prague"])
def test_an_evm_from_cancun_on_will_do(start_anvil: Callable[..., Anvil], fork: str) -> None:
    node = start_anvil("--hardfork", fork)
    found = verdicts(Connection.open(node.url), node.account(0).address)
    assert {verdict for verdict, _, _ in found.values()} == {Verdict.OK}


def test_a_lower_limit_of_code_is_found_by_trying(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--code-size-limit", "20000")
    record = prepare(connection := Connection.open(node.url), node.account(0).address)
    made = preflight.Plan(node.account(0).address, 10**18, 1, 1, 1, (preflight.Expense("GenerationEscrow", 5_000_000),))
    (check,) = [one for one in preflight.check(connection, record, made) if one.name == "creation"]
    assert check.verdict is Verdict.FAIL
    assert check.found.startswith("GenerationEscrow cannot be created")


def test_blocks_too_small_for_a_contract_are_found(scene: Scene) -> None:
    deployer = scene.address("deployer")
    made = replace(plan_for(scene.connection, deployer), expenses=(preflight.Expense("Catalogue", 15_000_000),))
    checks = preflight.check(scene.connection, prepare(scene.connection, deployer), made)
    assert [one.name for one in checks if one.verdict is Verdict.FAIL] == ["gas"]


def test_fees_above_the_cap_are_found(node: Devnet, scene: Scene) -> None:
    connection = Connection.open(node.url, policy=Policy(max_fee=GWEI // 2))
    verdict, found, advice = verdicts(connection, scene.address("deployer"))["fees"]
    assert verdict is Verdict.FAIL
    assert "at most 0.5 gwei" in found
    assert "CONTRAFACT_MAX_FEE_GWEI" in advice


def test_a_node_that_hangs_is_found(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--chain-id", "11155111", "--timestamp", "1700000000", "--no-mining")
    verdict, found, _ = verdicts(Connection.open(node.url), node.account(0).address)["clock"]
    assert verdict is Verdict.FAIL
    assert "newest block is" in found


def test_a_node_ahead_of_the_clock_is_warned_of(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--chain-id", "11155111", "--timestamp", "4102444800")
    assert verdicts(Connection.open(node.url), node.account(0).address)["clock"][0] is Verdict.WARN


def test_a_chain_over_another_one_takes_a_fee_for_the_data(start_anvil: Callable[..., Anvil]) -> None:
    """The oracle is a fake: it asks for one gwei, whatever the data."""
    node = start_anvil("--chain-id", "84532")
    node.rpc("anvil_setCode", [ORACLE, "0x633b9aca0060005260206000f3"])
    made = plan_for(Connection.open(node.url), node.account(0).address)
    fee = GWEI + GWEI // 4
    assert [one.data_fee for one in made.expenses] == [*[fee] * len(CONTRACTS), 8 * fee]
    assert made.cost_now == made.gas * made.fee_now + 15 * fee


def test_a_chain_that_lacks_the_oracle_which_its_network_has_is_refused(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--chain-id", "84532")
    with pytest.raises(ChainError, match="has no oracle of fees") as caught:
        plan_for(Connection.open(node.url), node.account(0).address)
    assert "base-sepolia" in caught.value.hint


def test_a_network_of_a_file_is_named_in_the_plan(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--chain-id", "4242")
    policy = Policy(networks=(Network(name="mychain", chain_id=4242),))
    connection = Connection.open(node.url, policy=policy)
    assert "mychain" in verdicts(connection, node.account(0).address)["chain"][1]
