"""Static analysis of the shipped contracts with Slither: prints what it finds, by impact and check, and judges it.

It fails on every finding of impact High, Medium or Low that is not accepted, on every accepted finding that is not
found any more, and on every disabling comment in a source that disables nothing. A finding is accepted in one of two
ways: a false alarm by a comment `slither-disable-next-line` in the source with its reason above it, what is meant so by
an entry in accepted_findings.toml. What is informational, or about gas, is counted only.

The errors that Slither logs about EIP712 are its own limits: it cannot follow OpenZeppelin's short strings, and leaves
out that constructor and the two functions that read a name and a version. Nothing of ours is left out for it.
"""

from __future__ import annotations

import inspect
import os
import sys
import tomllib
from collections import Counter, defaultdict
from typing import Any

import compile as compiler
from crytic_compile import CryticCompile
from crytic_compile.compilation_unit import CompilationUnit
from crytic_compile.compiler.compiler import CompilerVersion
from crytic_compile.platform.solc_standard_json import SolcStandardJson, parse_standard_json_output
from slither import Slither
from slither.detectors import all_detectors
from slither.detectors.abstract_detector import AbstractDetector

ACCEPTED = compiler.HERE / "accepted_findings.toml"
JUDGED = ("High", "Medium", "Low")
IMPACTS = (*JUDGED, "Informational", "Optimization")
NO_CODE = {"object": "", "sourceMap": ""}

Finding = tuple[str, str]  # check, where


class OurCompiler(SolcStandardJson):
    """Syntax trees by the pinned compiler, without code: Slither reads none, and making it takes most of the time."""

    def compile(self, crytic_compile: CryticCompile, **_: Any) -> None:
        unit = CompilationUnit(crytic_compile, "contracts")
        unit.compiler_version = CompilerVersion("solc", compiler.solc_version(), optimized=True, via_ir=True)
        output = compiler.run_solc(self.to_dict())
        for contracts in output["contracts"].values():
            for contract in contracts.values():
                contract["evm"] = {"bytecode": NO_CODE, "deployedBytecode": NO_CODE}
        parse_standard_json_output(output, unit)


def main() -> int:
    os.chdir(compiler.HERE)  # sources are found by their names
    slither = analyse()
    results = [result for found in slither.run_detectors() for result in found]
    print_summary(results)
    problems = unaccepted(results, accepted()) + unused(slither)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def analyse() -> Slither:
    """The analysis with all detectors, before it is run. Libraries are read, and nothing is reported of them."""
    names = set().union(*(compiler.closure(name) for name in compiler.targets() if not name.startswith("doubles/")))
    job = {
        "language": "Solidity",
        "sources": {name: {"content": compiler.read(name)} for name in sorted(names)},
        "settings": {
            "evmVersion": compiler.SETTINGS["evmVersion"],
            "outputSelection": {"*": {"*": ["abi", "devdoc", "userdoc"], "": ["ast"]}},
        },
    }
    slither = Slither(CryticCompile(OurCompiler(job)), filter_paths=["node_modules"])
    slither.warn_unused_ignores = True
    for _, detector in inspect.getmembers(all_detectors, inspect.isclass):
        if issubclass(detector, AbstractDetector) and detector is not AbstractDetector:
            slither.register_detector(detector)
    return slither


def print_summary(results: list[dict[str, Any]]) -> None:
    counts = Counter((result["impact"], result["check"]) for result in results)
    for impact in IMPACTS:
        checks = [f"{check} {count}" for (given, check), count in sorted(counts.items()) if given == impact]
        print(f"{impact + ':':15}{', '.join(checks) or 'none'}")


def accepted() -> dict[Finding, str]:
    """What accepted_findings.toml accepts, with its reason."""
    entries = tomllib.loads(ACCEPTED.read_text())["accepted"]
    return {(entry["check"], where): entry["why"] for entry in entries for where in entry["where"]}


def unaccepted(results: list[dict[str, Any]], accepted: dict[Finding, str]) -> list[str]:
    """What stands in the results and not in the list, and the other way round; a line for each."""
    found: dict[Finding, list[str]] = defaultdict(list)
    for result in results:
        if result["impact"] in JUDGED:
            found[result["check"], place(result)].append(f"{result['impact']}: {result['description'].strip()}")
    new = [text for finding, texts in found.items() if finding not in accepted for text in texts]
    gone = [f"Accepted, but not found any more: {check} in {where}" for check, where in accepted.keys() - found.keys()]
    return new + sorted(gone)


def place(result: dict[str, Any]) -> str:
    """`Contract.function` of the finding's first element, or what else that is."""
    element = result["elements"][0]
    while element["type"] not in ("function", "contract"):
        element = element["type_specific_fields"]["parent"]
    if element["type"] == "contract":
        return str(element["name"])
    return f"{element['type_specific_fields']['parent']['name']}.{element['name']}"


def unused(slither: Slither) -> list[str]:
    """Comments in our sources that disable nothing any more; libraries have their own reasons."""
    comments = [comment for comment in slither.get_unused_ignore_comments() if "node_modules" not in comment["file"]]
    return [f"Disables nothing: {c['file']}:{c['line']}, {', '.join(c['unused_detectors'])}" for c in comments]


if __name__ == "__main__":
    sys.exit(main())
