"""`contrafact operator status` and `resume`: what is due is said, and brought to its end."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.domain.digests import to_hex
from contrafact.ledger.checklist import Verdict
from contrafact.order.job import FEW_ORDERS
from contrafact.ports import Bond, OrderStatus
from contrafact.wiring.standing import LAG, SOON, OpenOrder, Standing, checks

from .command import Command, key_file
from .town import Town, operator

NOW = 2_000_000_000
ORDER = OpenOrder(bytes(31) + b"\1", "0x", 1, NOW + SOON + 1, is_committed=False, is_here=True)
WELL = Standing("0xop", "0xMe", NOW, NOW - LAG, Bond(10, 9), (ORDER,), (), "0xme", FEW_ORDERS * 7, 7, ())


def bad(standing: Standing) -> list[tuple[str, Verdict]]:
    return [(check.name, check.verdict) for check in checks(standing) if check.verdict is not Verdict.OK]


def test_operator_with_nothing_due_is_told_nothing() -> None:
    assert bad(WELL) == []
    assert bad(replace(WELL, signer=None, sender="0xOP")) == []
    assert bad(replace(WELL, orders=())) == []


@pytest.mark.parametrize(
    ("changes", "name", "verdict"),
    [
        ({"block_time": NOW - LAG - 1}, "node", Verdict.WARN),
        ({"signer": None}, "signing key", Verdict.FAIL),
        ({"signer": "0xnew"}, "signing key", Verdict.FAIL),
        ({"bond": Bond(10, 10)}, "bond", Verdict.WARN),
        ({"bond": Bond(10, 12)}, "bond", Verdict.WARN),
        ({"orders": (replace(ORDER, deadline=NOW + SOON),)}, "order 0x00000000", Verdict.WARN),
        ({"orders": (replace(ORDER, deadline=NOW),)}, "order 0x00000000", Verdict.FAIL),
        ({"orders": (replace(ORDER, is_here=False),)}, "order 0x00000000", Verdict.FAIL),
        ({"orders": (replace(ORDER, is_committed=True, deadline=NOW),)}, "order 0x00000000", Verdict.WARN),
        ({"challenged": (ORDER.order_id,)}, "order 0x00000000", Verdict.WARN),
        ({"coins": FEW_ORDERS * 7 - 1}, "coin for gas", Verdict.WARN),
        ({"coins": 6}, "coin for gas", Verdict.FAIL),
        ({"under_way": ("0xab",)}, "transactions", Verdict.WARN),
    ],
)
def test_what_is_due_is_said(changes: dict[str, object], name: str, verdict: Verdict) -> None:
    assert bad(replace(WELL, **changes)) == [(name, verdict)]  # type: ignore[arg-type]


def test_advice_stands_beside_everything_that_is_not_well() -> None:
    due = replace(WELL, bond=Bond(0, 0), coins=0, under_way=("0xab",), block_time=0, challenged=(ORDER.order_id,))
    assert all(check.advice for check in checks(due) if check.verdict is not Verdict.OK)


@pytest.fixture
def command(a_town: Town, tmp_path: Path) -> Command:
    """The operator's, with a home and a copy of the store of its own."""
    shutil.copytree(a_town.settings.store.removeprefix("folder:"), tmp_path / "store")
    return Command(
        {
            "rpc_url": a_town.settings.rpc_url,
            "deployment": str(a_town.settings.deployment),
            "store": f"folder:{tmp_path / 'store'}",
            "home": str(tmp_path / "home"),
            "operator_key_file": str(key_file(tmp_path, world.OPERATOR)),
        }
    )


@pytest.mark.slow
def test_resume_finishes_the_orders_of_this_home_and_says_what_hinders_the_others(
    a_town: Town, command: Command, tmp_path: Path
) -> None:
    site = a_town.site(home=tmp_path / "home", store=command.settings["store"])
    lost, broken, good = (a_town.funded(site) for _ in range(3))
    orders = tmp_path / "home/orders"
    shutil.rmtree(orders / to_hex(lost))
    (orders / to_hex(broken) / "quote.json").write_text("{}")
    answer = command("operator", "status", "--json")
    assert answer.code == 13
    status = json.loads(answer.out)
    assert {row["order"]: row["here"] for row in status["orders"]} == {
        to_hex(lost): False,
        to_hex(broken): True,
        to_hex(good): True,
    }
    answer = command("operator", "resume", "--json")
    outcome = {row["order"]: row["error"] for row in json.loads(answer.out)["orders"]}
    assert outcome.keys() == {to_hex(broken), to_hex(good)}
    assert outcome[to_hex(good)] is None
    assert answer.code != 0
    assert outcome[to_hex(broken)]["code"]
    assert site.reader.order_status(good) is OrderStatus.COMMITTED
    assert (orders / to_hex(good) / "delivery/record.json").is_file()
    left = json.loads(command("operator", "status", "--json").out)["orders"]
    assert {row["order"] for row in left} == {to_hex(lost), to_hex(broken)}
    assert len(site.reader.committed()) == 1
    for method, *given in (("evm_increaseTime", 3 * 86_400), ("evm_mine",)):
        a_town.rpc(method, *given)
    answer = command("operator", "resume", "--json")
    ((row,), code) = json.loads(answer.out)["orders"], answer.code
    assert (row["order"], code) == (to_hex(broken), 6)
    assert "deadline" in row["error"]["message"]


def test_key_that_is_only_named_cannot_touch_the_bond(command: Command, tmp_path: Path) -> None:
    named = command.under(operator=operator().address, operator_key_file=key_file(tmp_path, 9))
    for arguments in (("withdraw", "--amount", "1"), ("withdraw",), ("register",)):
        answer = named("operator", *arguments, "--json")
        assert answer.error["code"] == "not_permitted"
        assert operator().address in answer.error["message"]
    status = json.loads(named("operator", "status", "--json").out)
    assert status["operator"] == operator().address


@pytest.mark.slow
def test_a_deposit_that_was_interrupted_is_not_made_twice(a_town: Town, command: Command) -> None:
    def bond() -> int:
        return int(command("operator", "status", "--token", "native", "--json").json["bond"])

    deposit = ("operator", "deposit", "1", "--token", "native", "--json")
    before = bond()
    a_town.rpc("evm_setAutomine", False)
    assert command.under(transaction_seconds="1")(*deposit).error["code"] == "chain"
    a_town.rpc("evm_setAutomine", True)
    a_town.rpc("evm_mine")
    again = command(*deposit).error
    assert "1 transaction of an earlier run" in again["message"]
    assert bond() == before + 10**18
    assert int(command(*deposit).json["bond"]) == before + 2 * 10**18


def test_the_error_of_a_missing_test_dollar_says_how_to_get_one(a_town: Town, command: Command) -> None:
    refused = command("operator", "deposit", "1000000000", "--json").error
    assert (refused["code"], "contrafact mint AMOUNT --to" in refused["hint"]) == ("payment", True)
    held = command.under(key_file=command.settings["operator_key_file"])("mint", "7.5", "--json").json
    assert held["amount"] == "7500000"
    assert int(held["balance"]) >= 7_500_000
