"""`contrafact statement`: a month as files with their digests, from an index that is there and not behind."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.domain.digests import sha256

from .command import Command
from .town import Town, operator


@pytest.fixture
def command(a_town: Town, tmp_path: Path) -> Command:
    settings = a_town.settings
    names = {"rpc_url": settings.rpc_url, "deployment": str(settings.deployment), "store": settings.store}
    return Command({**names, "home": str(tmp_path / "home")})


def test_a_months_statements_are_files_with_their_digests(a_town: Town, command: Command, tmp_path: Path) -> None:
    a_town.funded(a_town.site())
    month = datetime.fromtimestamp(a_town.site().reader.timestamp(), UTC).strftime("%Y-%m")
    who, asked = operator().address, ("--month", month, "--out", tmp_path / "out")
    missing = command("statement", "public", *asked, "--json").error
    assert (missing["code"], "contrafact index run" in missing["hint"], "--index" in missing["hint"]) == (
        "not_found",
        True,
        True,
    )
    command("index", "run", "--once", "--json")
    kinds = {"public": 3, f"operator {who}": 3, f"holder {world.account(10).address}": 4}
    for kind, count in kinds.items():
        answer = command("statement", *kind.split(), *asked, "--json")
        told = json.loads(answer.out)
        assert (answer.code, told["complete"], len(told["files"])) == (0, False, count)
        assert "PROVISIONAL" in answer.err
        for file in told["files"]:
            assert Path(file["file"]).parent == tmp_path / "out"
            assert f"0x{sha256(Path(file['file']).read_bytes()).hex()}" == file["sha256"]
    assert command("statement", "operator", who, *asked, "--format", "dsr", "--json").error["code"] == "invalid_input"
    assert command("statement", "holder", "0x12", *asked, "--json").error["code"] == "invalid_input"
    mistyped = who.swapcase().replace("X", "x")
    assert "its checksum is wrong" in command("statement", "holder", mistyped, *asked, "--json").error["message"]
    assert command("audit", "--holder", mistyped, "--json").error["code"] == "invalid_input"
    assert command("statement", "holder", "0x" + "12" * 20, *asked, "--json").error["code"] == "not_found"
    future = command("statement", "public", "--month", "9998-01", *asked[2:], "--json").error
    assert (future["code"], "has not begun" in future["message"]) == ("not_found", True)


def test_an_index_that_is_behind_says_what_to_do_and_is_brought_up_where_it_is_told_to(
    a_town: Town, command: Command, tmp_path: Path
) -> None:
    command("index", "run", "--once", "--json")
    for _ in range(25):
        a_town.rpc("evm_mine")
    month = datetime.fromtimestamp(a_town.site().reader.timestamp(), UTC).strftime("%Y-%m")
    asked = ("statement", "public", "--month", month, "--out", tmp_path, "--format", "csv")
    behind = command(*asked, "--json").error
    assert "25 blocks behind" in behind["message"]
    assert "contrafact index run --once" in behind["hint"]
    assert command(*asked, "--index").code == 0
