"""Every rule is explained, and its recipe names what there is: views, events, commands and placeholders."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import click
import typer

from contrafact.audit.by_hand import CID, PLACEHOLDERS, filled, page, placeholders
from contrafact.audit.rules import GROUPS, RULES, Rule
from contrafact.cli import app
from contrafact.domain.digests import cid, sha256
from contrafact.ledger.artifacts import CONTRACTS, load

PAGE = Path(__file__).parents[2] / "docs" / "audit-rules.md"


def commands(program: str) -> list[str]:
    """The lines of all recipes that run `program`."""
    lines = [line for rule in RULES.values() for line in rule.by_hand.splitlines()]
    return [line[2:] for line in lines if line.startswith(f"$ {program} ")]


def of_abi(kind: str) -> set[str]:
    """Signatures of the contracts' functions or events, with types only."""
    entries = [entry for name in CONTRACTS for entry in load(name).abi if entry["type"] == kind]
    return {f"{e['name']}({','.join(map(type_of, e['inputs']))})" for e in entries}


def type_of(item: dict[str, Any]) -> str:
    parts = f"({','.join(map(type_of, item['components']))}){item['type'][5:]}" if "components" in item else ""
    return (parts or item["type"]) + (" indexed" if item.get("indexed") else "")


def without_names(event: str) -> str:
    """An event's signature as `of_abi` has it: `uint256 amount` is `uint256`."""
    return re.sub(r" (?!indexed)\w+(?=[,)])", "", event)


def test_page_is_that_of_the_rules() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: contrafact audit --rules > docs/audit-rules.md"


def test_every_rule_is_explained() -> None:
    for rule in RULES.values():
        explained(rule)


def explained(rule: Rule) -> None:
    assert rule.name.split(".")[0] in GROUPS
    assert rule.means[0].isupper()
    assert not rule.means.endswith(".")
    assert rule.by_hand
    assert placeholders(rule.by_hand) <= set(PLACEHOLDERS)


def test_recipes_name_views_and_events_of_the_contracts() -> None:
    functions, events = of_abi("function"), of_abi("event")
    for line in commands("cast call"):
        signature = line.split('"')[1]
        name, inputs = re.match(r"(\w+)\((.*)$", signature).groups()  # type: ignore[union-attr]
        assert any(f"{name}({inputs}".startswith(known) for known in functions), signature
    for line in commands("cast decode-calldata"):
        assert line.split('"')[1] in functions, line
    for line in commands("cast logs"):
        assert without_names(line.split('"')[1]) in events, line


def test_recipes_name_commands_and_options_that_there_are() -> None:
    for line in commands("contrafact"):
        command: Any = typer.main.get_command(app)
        words = line.split()[1:]
        while isinstance(command, click.Group) or hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


def test_function_of_the_shell_gives_the_name_of_a_digest() -> None:
    digest = sha256(b"a document")
    script = f"{CID}\ncid 0x{digest.hex()}"
    found = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == cid(digest)


def test_values_are_filled_in_commands_only() -> None:
    recipe = '$ cast call ESCROW "MIN_DELIVERY()(uint256)" ORDER --rpc-url RPC\nThe ORDER is one.'
    expected = '$ cast call 0xe5 "MIN_DELIVERY()(uint256)" 0x01 --rpc-url RPC\nThe ORDER is one.'
    assert filled(recipe, {"ESCROW": "0xe5", "ORDER": "0x01"}) == expected
