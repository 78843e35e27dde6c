"""Earnings summed up, what else waits for a holder, and contests, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from contrafact.domain.digests import to_hex
from contrafact.domain.terms import NATIVE
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.roles import ROLES

from .hall import Hall
from .test_statements import path, settle_two, units


def desk(hall: Hall, who: str, name: str, *arguments: object, value: int = 0) -> None:
    contract = hall.scene.connection.contract("DisputeDesk", hall.scene.deployment.contracts["DisputeDesk"])
    hall.scene.connection.send(contract.get_function_by_name(name)(*arguments), hall.scene.keys[who], value)


def test_sums_agree_with_the_lines_whatever_they_are_by(hall: Hall) -> None:
    settle_two(hall)
    lines = hall.get(path(hall, "earnings", "publisher"), "publisher", params={"limit": 100})["rows"]
    assert {line["title"] for line in lines} == {"Tune 1", "Tune 2"}
    for by in ("work", "kind", "operator", "month"):
        found = hall.get(path(hall, "earnings/sums", "publisher"), "publisher", params={"by": by})
        assert found["others"] == []
        for row in found["rows"]:
            mine = [
                line for line in lines if _key(line, by) == row["key"] and _token(line["due"]) == _token(row["earned"])
            ]
            assert (row["lines"], units(row["earned"])) == (len(mine), sum(units(line["due"]) for line in mine))
        assert sum(row["lines"] for row in found["rows"]) == len(lines) > 2
    one = hall.get(path(hall, "earnings", "publisher"), "publisher", params={"work": hall.work(1)})["rows"]
    assert one == [line for line in lines if line["work"] == hall.work(1)]


def _key(line: dict[str, Any], by: str) -> str:
    return str(line["at"][:7] if by == "month" else line[by])


def _token(amount: dict[str, Any]) -> str:
    return str(amount["token"])


def test_sums_beyond_those_asked_for_are_summed_together(hall: Hall) -> None:
    settle_two(hall)
    everything = hall.get(path(hall, "earnings/sums", "publisher"), "publisher")
    first = hall.get(path(hall, "earnings/sums", "publisher"), "publisher", params={"most": 1})
    assert len(first["rows"]) == len(first["others"]) == 2
    for row, others in zip(first["rows"], first["others"], strict=True):
        both = [one for one in everything["rows"] if _token(one["earned"]) == _token(row["earned"])]
        assert units(row["earned"]) == max(units(one["earned"]) for one in both)
        assert units(row["earned"]) + units(others["earned"]) == sum(units(one["earned"]) for one in both)


def test_what_waits_is_what_the_chain_keeps_for_the_holder(hall: Hall) -> None:
    settle_two(hall)
    hall.scene.writer("composer").set_threshold(hall.scene.dollar, 1_500_000)
    found = hall.get(path(hall, "waiting"), "composer")
    thresholds = {_token(one): one["text"] for one in found["thresholds"]}
    assert thresholds == {NATIVE: "0.00 ETH", hall.scene.dollar: "1.50 TUSD"}
    assert (found["owed"], found["epochs"]) == ([], [])


def test_nobody_but_the_holder_reads_sums_and_what_waits(hall: Hall) -> None:
    for what in ("earnings/sums", "waiting"):
        hall.get(path(hall, what), status=401)
        assert hall.get(path(hall, what), "stranger", status=403)["code"] == "not_permitted"
        hall.get(path(hall, what), "composer")


def test_what_the_desk_asks_of_a_contest_is_read_of_the_chain_once(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    rules, call, asked = hall.get("/v1/contests/rules"), Connection.call, []

    def counted(connection: Connection, function: Any, *arguments: Any) -> Any:
        asked.append(function.address)
        return call(connection, function, *arguments)

    monkeypatch.setattr(Connection, "call", counted)
    assert hall.get("/v1/contests/rules") == rules
    assert hall.scene.deployment.contracts["DisputeDesk"] not in asked


def test_contests_are_everybodys_to_read(hall: Hall) -> None:
    scene = hall.scene
    rules = hall.get("/v1/contests/rules")
    claimed = scene.split("trainer").root
    desk(hall, "trainer", "contest", scene.works[1], claimed, bytes([1] * 32), value=units(rules["min_bond"]))
    desk(hall, "trainer", "holdAccount", 1, (scene.works[1], scene.metadata[1].split.root, NATIVE), 40, value=40)
    scene.settle(scene.deal(NATIVE, works=(0,), nonce=3))
    hall.index()
    (one,) = hall.get("/v1/contests", params={"touching": scene.address("arranger")})["rows"]
    assert (one["number"], one["title"], one["state"], one["overdue"]) == (1, "Tune 1", "open", False)
    assert (one["claimant"], one["claimant_split"]) == (scene.address("trainer"), to_hex(claimed))
    assert one["claimed"] == [{"holder": scene.address("trainer"), "share": 1_000_000}]
    assert one["holders"] == hall.get(f"/v1/works/{hall.work(1)}")["holders"] != []
    (hold,) = one["holds"]
    assert (units(hold["bond"]), units(hold["most"]), units(hold["held"])) == (40, 40 * rules["hold_ratio"], 0)
    assert hall.get("/v1/contests", params={"work": hall.work(0)})["rows"] == []
    scene.pass_time(rules["ruling_days"] * 86_400 + 60)
    hall.index()
    assert hall.get("/v1/contests")["rows"][0]["overdue"]
    desk(hall, "trainer", "withdrawContest", 1)
    hall.index()
    assert hall.get("/v1/contests")["rows"][0]["state"] == "withdrawn"
    assert hall.get("/v1/contests", params={"open": "true"})["rows"] == []
    page = hall.client.get(f"/works/{hall.work(1)}").text
    assert page.index("Contest 1 withdrawn") < page.index("Contested by") < page.index(">Registered ")


def test_who_decides_a_contest_is_told_as_the_chain_has_it_now(hall: Hall) -> None:
    scene = hall.scene
    authority = Contracts(scene.connection, scene.deployment).authority.functions
    assert hall.get("/v1/contests/rules")["arbiters"] == []
    person, board = scene.address("trainer"), scene.deployment.contracts["Catalogue"]
    for account in (person, board):
        scene.connection.send(authority.grantRole(ROLES["arbiter"].number, account, 0), scene.keys["deployer"])
    hall.index()
    found = hall.get("/v1/contests/rules")["arbiters"]
    assert found == [{"address": person, "kind": "account"}, {"address": board, "kind": "contract"}]
    scene.connection.send(authority.revokeRole(ROLES["arbiter"].number, person), scene.keys["deployer"])
    assert hall.get("/v1/contests/rules")["arbiters"] == found[1:]
