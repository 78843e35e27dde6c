"""Which statement and which decision of our sources each instruction belongs to, for code compiled to be measured.

Statements and decisions come from the syntax trees, instructions from the source maps of code without optimizer, whose
maps are exact: each instruction names the expression or statement that it was made for. See cover.py for what counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import compile as compiler

JUMPI, JUMPDEST, PUSH1, PUSH32 = 0x57, 0x5B, 0x60, 0x7F
ENDS = {0x00, 0x56, JUMPI, 0xF3, 0xFD, 0xFE, 0xFF}  # stop, jump, jumpi, return, revert, invalid, selfdestruct
SIMPLE = {"Break", "Continue", "EmitStatement", "ExpressionStatement", "InlineAssembly", "Return", "RevertStatement"}
SIMPLE |= {"TryStatement", "VariableDeclarationStatement"}
LOOPS = {"DoWhileStatement", "ForStatement", "WhileStatement"}
STATEMENTS = SIMPLE | LOOPS | {"IfStatement"}


class Span(NamedTuple):
    """A part of a source, in bytes."""

    source: str
    start: int
    length: int


class Decision(NamedTuple):
    """What a conditional jump decides. `number` tells those with the same span apart, in the order of evaluation."""

    span: Span
    number: int
    jumps_when: bool  # the value of the condition with which the jump is taken


@dataclass(frozen=True)
class Code:
    """Code as compiled, to be created or created, with what each instruction belongs to; by its program counters."""

    content: bytes
    immutables: list[dict[str, int]]
    creates: bool
    starts: list[int]
    statements: dict[int, Span]
    decisions: dict[int, Decision]

    def is_of(self, content: bytes, creates: bool) -> bool:
        """Whether `content` is this code: with arguments, or but for immutables."""
        if creates or self.creates:
            return creates and self.creates and content.startswith(self.content)
        if len(content) != len(self.content):
            return False
        blank = bytearray(content)
        for place in self.immutables:
            blank[place["start"] : place["start"] + place["length"]] = bytes(place["length"])
        return bytes(blank) == self.content

    def block(self, start: int) -> Iterator[int]:
        """Program counters from `start` up to where control leaves, or may arrive from elsewhere."""
        for counter in self.starts[bisect_right(self.starts, start) - 1 :]:
            if counter != start and self.content[counter] == JUMPDEST:
                return
            yield counter
            if self.content[counter] in ENDS:
                return


class Sources:
    """Our sources with their statements and decisions, and the code made of them."""

    def __init__(self, names: list[str]) -> None:
        self.codes: list[Code] = []
        self._bytecodes: dict[str, str] = {}
        output = _compiled(names)
        self._names = {source["id"]: name for name, source in output["sources"].items()}
        self._decisions: dict[Span, list[bool]] = defaultdict(list)
        spans: dict[str, list[Span]] = defaultdict(list)
        for name, source in output["sources"].items():
            for node in _nodes(source["ast"]) if not name.startswith("@") else ():
                if node["nodeType"] in STATEMENTS:
                    spans[name].append(self._span(node["src"]))
                for span, jumps_when in self._decided(node):
                    self._decisions[span].append(jumps_when)
        self._statements = {name: Nesting(found) for name, found in spans.items()}
        for name in names:
            built = output["contracts"][name][name.removesuffix(".sol")]["evm"]
            self.codes += [self._code(built["bytecode"], True), self._code(built["deployedBytecode"], False)]
            self._bytecodes[name.removesuffix(".sol")] = f"0x{built['bytecode']['object']}"

    def bytecode(self, contract: str) -> str | None:
        """What creates a contract, as hex; None where it is not measured."""
        return self._bytecodes.get(contract)

    @property
    def statements(self) -> set[Span]:
        """All that code was made for."""
        return {span for code in self.codes for span in code.statements.values()}

    @property
    def decisions(self) -> set[Decision]:
        return {decision for code in self.codes for decision in code.decisions.values()}

    def _decided(self, node: dict[str, Any]) -> Iterator[tuple[Span, bool]]:
        """The span that a node's conditional jump has, and the condition's value with which it is taken.

        The jump is taken where what it is made on is not zero: for `||` and loops the IR negates the condition, for
        what has two branches it compares it with zero.
        """
        kind = node["nodeType"]
        if kind in ("IfStatement", "Conditional"):
            yield self._span(node["src"]), not node.get("falseBody") and kind == "IfStatement"
        elif kind == "BinaryOperation" and node["operator"] in ("&&", "||"):
            yield self._span(node["src"]), node["operator"] == "&&"
        elif kind in LOOPS and node.get("condition"):
            yield self._span(node["condition"]["src"]), False
        elif kind == "InlineAssembly":  # the source map does not look into it
            inner = [part for part in _nodes(node["AST"]) if part["nodeType"] in ("YulIf", "YulForLoop", "YulSwitch")]
            if len(inner) == 1:
                yield self._span(node["src"]), True

    def _span(self, text: str) -> Span:
        start, length, source = (int(part) for part in text.split(":")[:3])
        return Span(self._names.get(source, ""), start, length)

    def _code(self, built: dict[str, Any], creates: bool) -> Code:
        content = bytes.fromhex(built["object"])
        starts, statements, decisions = [], {}, {}
        seen: dict[Span, int] = defaultdict(int)
        for counter, span in zip(_counters(content), self._spans(built["sourceMap"]), strict=False):
            starts.append(counter)
            if span.source not in self._statements:
                continue
            if statement := self._statements[span.source].innermost(span):
                statements[counter] = statement
            if content[counter] == JUMPI and (values := self._decisions.get(span)):
                number = seen[span] % len(values)
                decisions[counter] = Decision(span, number, values[len(values) - 1 - number])
                seen[span] += 1
        immutables = [place for group in built.get("immutableReferences", {}).values() for place in group]
        return Code(content, immutables, creates, starts, statements, decisions)

    def _spans(self, source_map: str) -> Iterator[Span]:
        current = ["", "", ""]
        for entry in source_map.split(";"):
            for place, value in enumerate(entry.split(":")[:3]):
                current[place] = value or current[place]
            yield self._span(":".join(current))


class Nesting:
    """Spans of one source, of which each pair is nested or apart."""

    def __init__(self, spans: list[Span]) -> None:
        self._spans = sorted(spans, key=lambda span: -span.length)
        self._parents: list[int] = []
        self._inner = [-1] * (1 + max(span.start + span.length for span in spans))
        for number, span in enumerate(self._spans):
            self._parents.append(self._inner[span.start])
            self._inner[span.start : span.start + span.length] = [number] * span.length

    def innermost(self, given: Span) -> Span | None:
        """The smallest span that holds `given`."""
        number = self._inner[given.start] if 0 <= given.start < len(self._inner) else -1
        while number >= 0:
            span = self._spans[number]
            if span.start + span.length >= given.start + given.length:
                return span
            number = self._parents[number]
        return None


@dataclass(frozen=True)
class Lines:
    """Places in one source, as an editor shows them."""

    name: str

    @cached_property
    def _starts(self) -> list[int]:
        content = compiler.read(self.name).encode()
        return [0, *(place + 1 for place, byte in enumerate(content) if byte == ord("\n"))]

    def place(self, span: Span) -> tuple[int, int]:
        """Line and column, from 1, where `span` starts."""
        line = bisect_right(self._starts, span.start)
        return line, span.start - self._starts[line - 1] + 1


def _compiled(names: list[str]) -> dict[str, Any]:
    made = ["object", "sourceMap"]
    wanted = [f"evm.{code}.{part}" for code in ("bytecode", "deployedBytecode") for part in made]
    selection = {"*": {"*": [*wanted, "evm.deployedBytecode.immutableReferences"], "": ["ast"]}}
    sources = set().union(*(compiler.closure(name) for name in names))
    settings = {**compiler.SETTINGS, "optimizer": {"enabled": False}, "outputSelection": selection}
    contents = {name: {"content": compiler.read(name)} for name in sorted(sources)}
    return compiler.run_solc({"language": "Solidity", "sources": contents, "settings": settings})


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """All nodes of a syntax tree, parents first."""
    if isinstance(tree, dict):
        if "nodeType" in tree:
            yield tree
        for child in tree.values():
            yield from _nodes(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from _nodes(child)


def _counters(content: bytes) -> Iterator[int]:
    counter = 0
    while counter < len(content):
        yield counter
        op = content[counter]
        counter += 1 + (op - PUSH1 + 1 if PUSH1 <= op <= PUSH32 else 0)
