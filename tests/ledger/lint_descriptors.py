"""Runs the reference linter of ERC-7730, in its own environment. Arguments: a file of ABIs, a folder.

The linter asks block explorers for ABIs. Here a fake explorer answers, with the ABIs in the file, by address.
"""

import json
import sys
from pathlib import Path

from erc7730.common import client
from erc7730.common.output import ListOutputAdder, Output
from erc7730.convert.calldata.convert_erc7730_v2_input_to_calldata import (
    erc7730_v2_descriptor_to_calldata_descriptors as convert,
)
from erc7730.lint.v2.lint import lint_all
from erc7730.model.abi import ABI
from erc7730.model.input.v2.descriptor import InputERC7730Descriptor
from pydantic import TypeAdapter


def main(abis: Path, folder: Path) -> None:
    """Prints, last, how many files there were, ABIs asked for, and calls for devices; and what was found."""
    known = json.loads(abis.read_text())
    asked = set()

    def fake_explorer(chain_id: int, address: str) -> list[ABI]:
        asked.add(address.lower())
        return TypeAdapter(list[ABI]).validate_json(json.dumps(known[address.lower()]))

    client.get_contract_abis = fake_explorer
    client.get_contract_explorer_url = lambda chain_id, address: address
    out = ListOutputAdder()
    count = lint_all([folder], out)
    calls = [path for path in sorted(folder.iterdir()) if path.name.startswith("calldata-")]
    for_devices = sum(len(convert(InputERC7730Descriptor.load(path), chain_id=1)) for path in calls)
    grave = (Output.Level.WARNING, Output.Level.ERROR)
    found = [f"{one.title}: {one.message}" for one in out.outputs if one.level in grave]
    print("\n" + json.dumps({"files": count, "abis": len(asked), "calls": for_devices, "found": found}))


main(Path(sys.argv[1]), Path(sys.argv[2]))
