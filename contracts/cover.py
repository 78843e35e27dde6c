"""How much of the contracts' sources their tests run: prints a table, and writes coverage.json
unless arguments choose among the tests.

The fast tests of tests/contracts run on code that was compiled to be measured: through the same IR, without optimizer,
whose source maps are exact; limits on the size of code are lifted for it. (With the optimizer, code of several places
becomes one, and what the map then names is a matter of chance.) Left out are the tests of gas and artifacts, which are
about the code as it is shipped, and the fuzzers, which reach lines without saying what should happen there.

What is counted, over constructors and functions of all our contracts, whichever contract runs them:
- A **line** on which statements start; it is covered when each of them was entered. Statements that no contract has
  code for are not counted, nor are declarations. `if (x) revert E();` is two statements on one line.
- A **branch**: each of the two outcomes of an `if`, a `?:`, the left side of `&&` and `||`, the condition of a loop,
  and of the one `if` or `for` of an inline assembly. What the compiler checks of itself (overflow, calldata, the result
  of a call) is not counted.
- A block of code counts as run once it is entered; that gas may run out within it is overlooked. What runs counts, also
  where a revert undoes it. An inline assembly is one statement: source maps do not look into it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import compile as compiler
import cover_trace
import pytest
from cover_map import Code, Decision, Lines, Sources, Span

REPORT = compiler.HERE / "coverage.json"
ROOT = compiler.HERE.parent
TESTS = ROOT / "tests" / "contracts"
LEFT_OUT = ("fuzz", "test_analysis.py", "test_artifacts.py", "test_gas.py")
ABOUT_GAS = (  # what these say is true of the shipped code only, which needs less
    "test_commit.py::test_too_little_gas_reverts_and_does_not_turn_a_payment_into_a_debt",
    "test_training_pool.py::test_a_tree_has_up_to_a_million_leaves",
)
NOT_OURS = ("doubles/", "Authority.sol", "TestDollar.sol")
DEPLOY_GAS = 16_000_000

Outcome = tuple[Decision, bool]  # the value that its condition had


def main() -> int:
    sources = Sources([name for name in compiler.targets() if not name.startswith(NOT_OURS)])
    traces = cover_trace.install()
    use_measured(sources)
    failed = run_tests(sys.argv[1:])
    report = summary(sources, *what_ran(sources.codes, traces))
    if not sys.argv[1:]:
        REPORT.write_text(json.dumps(report, indent=1) + "\n")
    print_table(report)
    return failed


def run_tests(arguments: list[str]) -> int:
    """Runs what is not left out, to its end whatever fails. Returns pytest's exit code."""
    options = ["-q", "-m", "not slow", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    options += [f"--ignore={TESTS / name}" for name in LEFT_OUT]
    options += [f"--deselect=tests/contracts/{name}" for name in ABOUT_GAS]
    return int(pytest.main([*options, "--rootdir", str(ROOT), str(TESTS), *arguments]))


def use_measured(sources: Sources) -> None:
    """Makes the tests deploy the code that is measured in the place of the artifacts'."""
    sys.path.insert(0, str(ROOT))
    from tests.contracts import chain, evm

    artifact, transact = chain.artifact, chain.Chain.transact

    def measured(name: str) -> dict[str, Any]:
        build: dict[str, Any] = artifact(name)
        return {**build, "bytecode": sources.bytecode(name) or build["bytecode"]}

    def transact_larger(self: Any, sender: str, to: str | None, *arguments: Any, **options: Any) -> Any:
        if to is None:
            options["gas"] = DEPLOY_GAS
        return transact(self, sender, to, *arguments, **options)

    chain.artifact = measured
    evm.Evm = chain.Chain  # type: ignore[misc, assignment]  # py-evm can be traced
    chain.Chain.transact = transact_larger  # type: ignore[method-assign]


def what_ran(codes: list[Code], traces: cover_trace.Traces) -> tuple[set[Span], set[Outcome]]:
    statements: set[Span] = set()
    outcomes: set[Outcome] = set()
    for (content, creates), trace in traces.items():
        for code in codes:
            if code.is_of(content, creates):
                ran = {counter for start in trace.blocks for counter in code.block(start)}
                statements |= {code.statements[counter] for counter in ran & code.statements.keys()}
                outcomes |= {
                    (code.decisions[counter], taken == code.decisions[counter].jumps_when)
                    for counter, taken in trace.jumps
                    if counter in code.decisions
                }
    return statements, outcomes


def summary(sources: Sources, ran: set[Span], seen: set[Outcome]) -> dict[str, Any]:
    """For each source, and in all: how many lines and branches there are, how many were covered, which were not."""
    files = {}
    for name in sorted({span.source for span in sources.statements}):
        lines = Lines(name)
        starting = {lines.place(span)[0] for span in sources.statements if span.source == name}
        missed = {lines.place(span)[0] for span in sources.statements - ran if span.source == name}
        decisions = [decision for decision in sources.decisions if decision.span.source == name]
        never = [(*lines.place(d.span), value) for d in decisions for value in (False, True) if (d, value) not in seen]
        files[name] = {
            "lines": len(starting),
            "lines_covered": len(starting - missed),
            "branches": 2 * len(decisions),
            "branches_covered": 2 * len(decisions) - len(never),
            "uncovered_lines": sorted(missed),
            "uncovered_branches": [
                f"{line}:{column} never {str(value).lower()}" for line, column, value in sorted(never)
            ],
        }
    counts = ("lines", "lines_covered", "branches", "branches_covered")
    return {"all": {key: sum(file[key] for file in files.values()) for key in counts}, "files": files}


def print_table(report: dict[str, Any]) -> None:
    print(f"\n{'':34}{'lines':>8}{'branches':>10}  uncovered lines; branches")
    for name, file in (*report["files"].items(), ("all", report["all"])):
        lines = ", ".join(str(line) for line in file.get("uncovered_lines", ()))
        branches = ", ".join(file.get("uncovered_branches", ()))
        missing = "; ".join(part for part in (lines, branches) if part)
        print(f"{name:34}{part(file, 'lines'):>8}{part(file, 'branches'):>10}  {missing}".rstrip())


def part(file: dict[str, Any], what: str) -> str:
    return f"{100 * file[f'{what}_covered'] / file[what]:.1f} %" if file[what] else "–"


if __name__ == "__main__":
    sys.exit(main())
