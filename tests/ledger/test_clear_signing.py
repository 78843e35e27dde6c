"""What wallets show (ERC-7730): of everything that people sign or call, and nothing that is not there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_utils.abi import abi_to_signature

from contrafact.domain.orders import Quote
from contrafact.domain.typed_data import TYPES, encode_type
from contrafact.ledger.artifacts import CONTRACTS, load
from contrafact.ledger.clear_signing import descriptors, file_name, to_text
from contrafact.ledger.clear_signing.schema import leaves, parameters
from tests.domain.documents import QUOTED

from .scene import Scene

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).parent.parent / "descriptor-linter/bin/python"
ADDRESSES = {name: f"0x{number:040x}" for number, name in enumerate(CONTRACTS, 1)}
MESSAGES = ("messages", "token_messages")
FOUND = descriptors(31337, ADDRESSES)
CALLED = sorted(FOUND.keys() - set(MESSAGES))
Format = dict[str, Any]


def formats(name: str) -> dict[str, Format]:
    found: dict[str, Format] = FOUND[name]["display"]["formats"]
    return found


def changing(contract: str) -> dict[str, Any]:
    """The contract's functions that change something, by name."""
    functions = [one for one in load(contract).abi if one["type"] == "function"]
    return {one["name"]: one for one in functions if one["stateMutability"] not in ("view", "pure")}


def between_contracts() -> set[tuple[str, str]]:
    """The functions that only contracts can call, from the page that lists privileges."""
    page = (ROOT / "docs/privileges.md").read_text()
    rows = page.split("## Contracts among themselves")[1].split("##")[0]
    listed = {
        (contract, name)
        for contract, first, more in re.findall(r"^\| `(\w+)\.(\w+)`((?:, `\w+`)*) \|", rows, re.M)
        for name in (first, *re.findall(r"\w+", more))
    }
    return listed | {(contract, "setAuthority") for contract in ("GenerationEscrow", "DisputeDesk")}


def paths(one: Format) -> Iterator[str]:
    """All paths of a format, those of tokens included, without the slices of packed words."""
    for field in one["fields"]:
        yield from (p for p in (field["path"], field.get("params", {}).get("tokenPath")) if p)


def members(one: Format) -> set[str]:
    return {re.sub(r"\.\[-?\d*:\d*\]$", "", path).removeprefix("#.") for path in paths(one) if path[0] == "#"}


def test_every_message_that_people_sign_has_a_format() -> None:
    keys = {key for name in MESSAGES for key in formats(name)}
    assert keys == {encode_type(kind) for kind in TYPES.keys() - {"Source"}}


def test_every_function_that_people_call_has_a_format() -> None:
    wanted = {(contract, name) for contract in CALLED for name in changing(contract)} - between_contracts()
    assert {(contract, key.split("(")[0]) for contract in CALLED for key in formats(contract)} == wanted
    assert set(CALLED) == set(CONTRACTS) - {"Authority"}  # OpenZeppelin's, for administrators


@pytest.mark.parametrize("contract", CALLED)
def test_formats_find_their_functions_and_show_what_is_there(contract: str) -> None:
    for key, one in formats(contract).items():
        function = changing(contract)[key.split("(")[0]]
        bare = re.sub(r" \w+(?=[,)])", "", key).replace(", ", ",")
        assert bare == abi_to_signature(function)
        assert members(one) == set(leaves(function["inputs"])), key


@pytest.mark.parametrize("section", MESSAGES)
def test_formats_of_messages_show_every_member(section: str) -> None:
    for key, one in formats(section).items():
        assert members(one) == set(leaves(parameters(key.split("(")[0]))), key


@pytest.mark.parametrize("name", sorted(FOUND))
def test_containers_labels_and_purposes_fit_small_displays(name: str) -> None:
    for one in formats(name).values():
        assert 0 < len(one["intent"]) <= 30
        assert all(0 < len(field["label"]) <= 20 for field in one["fields"])
        assert {path for path in paths(one) if path[0] != "#"} <= {"@.value", "@.to"}
        labels = [field["label"] for field in one["fields"] if "visible" not in field]
        assert len(set(labels)) == len(labels)


def sliced(word: int, path: str) -> int:
    """What a path's slice takes from a packed word."""
    found = re.search(r"\[(-?\d+):(\d*)\]$", path)
    assert found is not None, path
    return int.from_bytes(word.to_bytes(32)[int(found[1]) : int(found[2]) if found[2] else None])


def shown(quote: Quote, field: Format) -> list[int]:
    """The numbers that a field of `fund` shows of a quote as it is sent."""
    names = ("makerWord", "operatorWord", "tokenWord", "amounts")
    packed = quote.to_abi()
    words: dict[str, Any] = dict(zip(names, packed[:4], strict=True))
    words["sources.[].pinned"] = [source[2] for source in packed[8]]  # type: ignore[attr-defined]
    word = words[re.sub(r"\.\[-?\d+:\d*\]$", "", field["path"]).removeprefix("#.quote.")]
    return [sliced(one, field["path"]) for one in (word if isinstance(word, list) else [word])]


def test_packed_words_of_an_order_show_what_its_operator_signed() -> None:
    (fund,) = (one for key, one in formats("GenerationEscrow").items() if key.startswith("fund("))
    found = {field["label"]: shown(QUOTED, field) for field in fund["fields"] if ":" in field["path"]}
    assert found == {
        "Maker": [int(QUOTED.maker, 16)],
        "Operator": [int(QUOTED.operator, 16)],
        "Use": [QUOTED.use],
        "Length": [QUOTED.duration],
        "Token": [int(QUOTED.token, 16)],
        "Operator fee": [QUOTED.operator_fee],
        "Base price per 30 s": [QUOTED.base_rate],
        "Highest base share": [QUOTED.max_base_share],
        "Fund before": [QUOTED.valid_until],
        "Delivered before": [QUOTED.deadline],
        "Song price per 30 s": [source.price for source in QUOTED.sources],
        "Song weight": [source.weight for source in QUOTED.sources],
    }


def test_files_in_the_documentation_are_those_of_the_development_chain(scene: Scene) -> None:
    made = scene.deployment
    wanted = {file_name(name): to_text(one) for name, one in descriptors(made.chain_id, made.contracts).items()}
    committed = {path.name: path.read_text() for path in (ROOT / "docs/clear-signing").glob("*.json")}
    assert committed == wanted, "run: contrafact deploy clear-signing --out docs/clear-signing"


@pytest.mark.slow
def test_reference_linter_finds_nothing_and_turns_every_call_into_the_form_for_devices(tmp_path: Path) -> None:
    if not LINTER.exists():
        pytest.skip("ERC-7730's linter is not installed: it needs Python 3.12; run ./scripts/test where that is")
    (tmp_path / "all").mkdir()
    for name, one in descriptors(1, ADDRESSES).items():  # a chain that the linter knows
        (tmp_path / "all" / file_name(name)).write_text(to_text(one))
    # Functions that only contracts call, and views, have no format on purpose.
    abis = {
        ADDRESSES[contract]: [
            function for name, function in changing(contract).items() if (contract, name) not in between_contracts()
        ]
        for contract in CALLED
    }
    (tmp_path / "abis.json").write_text(json.dumps(abis))
    script = Path(__file__).parent / "lint_descriptors.py"
    done = subprocess.run(
        [LINTER, script, tmp_path / "abis.json", tmp_path / "all"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert (answer["files"], answer["abis"]) == (len(FOUND), len(CALLED))
    assert answer["calls"] == sum(len(formats(contract)) for contract in CALLED)
    assert [text for text in answer["found"] if not is_list_whose_members_are_shown(text)] == []


def is_list_whose_members_are_shown(text: str) -> bool:
    """The linter wants a field for each list of structs as well as for each of their members."""
    path = re.match(r"Missing display field: No display field is defined for path `#\.([^`]*\.\[\])`", text)
    shown = {member for contract in CALLED for one in formats(contract).values() for member in members(one)}
    return path is not None and any(member.startswith(path[1] + ".") for member in shown)
