"""The page docs/compatibility.md, made from what the clients were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .explanations import explained
from .steps import Step

HEAD = """# Compatibility

Which client speaks which method to the development chain (`hardhat-free-devnet`), and where its answers differ from
those of another project's node, Anvil {anvil}. Clients: web3.py {web3}, viem {viem}, ethers {ethers}, cast {cast}.
Every client asks two fresh nodes the same {steps} requests in the same order: right ones, wrong ones, and what changes
time, accounts and blocks. A test makes this page anew and compares it.

- `=` the answers are the same in members, types, values and error codes. Hashes of blocks, times and other chance are
  not compared.
- a number: they differ as the note below says.
- `t` the client's own typed call was made too (`getBlock`, `get_block`, `cast block`, …) and read both nodes' answers;
  its results were compared like the raw ones.
- `–` not asked through this client.

cast asks each method once by `cast rpc`; what comes between goes past it.
"""
Differences = Mapping[str, Sequence[tuple[str, str]]]
"""By method: the request's parameters, as JSON, and a line."""


@dataclass(frozen=True)
class Answered:
    """What one client found: differences, the methods it asked, those it has typed calls for, and tasks that agree."""

    differences: Differences
    asked: frozenset[str]
    typed: frozenset[str]
    tasks: Mapping[str, bool] = field(default_factory=dict)


def unexplained(found: Mapping[str, Answered]) -> list[str]:
    """Differences that nothing explains yet, and tasks that came out differently."""
    rows = [
        f"{client} {method}{given} {line}"
        for client, answered in found.items()
        for method, lines in answered.differences.items()
        for given, line in lines
        if explained(method, given, line) is None
    ]
    return rows + [f"{client}: {task}" for client, one in found.items() for task, same in one.tasks.items() if not same]


def page(
    found: Mapping[str, Answered], steps: Sequence[Step], versions: Mapping[str, str], more: Sequence[str] = ()
) -> str:
    """The whole page, in Markdown; `more` are lines of further sections."""
    notes: list[str] = []
    methods = sorted({step["method"] for step in steps}, key=lambda name: (name.split("_")[0] != "eth", name))
    head = ["| method | " + " | ".join(found) + " |", "| --- |" + " --- |" * len(found)]
    rows = [_row(f"`{method}`", [_cell(one, method, notes) for one in found.values()]) for method in methods]
    tasks = list(dict.fromkeys(task for one in found.values() for task in one.tasks))
    done = [_row(task, [_task(one, task) for one in found.values()]) for task in tasks]
    listed = [f"{number}. {text}" for number, text in enumerate(notes, 1)]
    parts = [HEAD.format(**versions, steps=len(steps)), "## Methods", *head, *rows, ""]
    parts += ["## Whole tasks, by typed calls", *head, *done, "", *more, "## Notes", *listed, ""]
    return "\n".join(parts)


def _row(name: str, cells: Sequence[Any]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _cell(answered: Answered, method: str, notes: list[str]) -> str:
    if method not in answered.asked:
        return "–"
    texts = {explained(method, *row) or "?" for row in answered.differences.get(method, ())}
    for text in sorted(texts - set(notes)):
        notes.append(text)
    numbers = sorted(notes.index(text) + 1 for text in texts)
    return (", ".join(map(str, numbers)) or "=") + (" t" if method in answered.typed else "")


def _task(answered: Answered, task: str) -> str:
    return "=" if answered.tasks.get(task) else "–"
