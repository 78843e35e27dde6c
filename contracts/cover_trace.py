"""Notes, for all code that py-evm runs in this process, which blocks were entered and how conditional jumps went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import eth.vm.forks.shanghai.computation as initcode_limit
import eth.vm.forks.spurious_dragon.computation as code_limit
from eth.vm.computation import BaseComputation
from eth.vm.forks.prague.computation import PragueComputation

JUMPI, JUMPDEST = 0x57, 0x5B

Hook = Callable[[Any, int], None]  # takes the computation and the program counter of what it has just done


@dataclass
class Trace:
    """By program counters: the blocks entered, and (jump, whether it was taken)."""

    blocks: set[int] = field(default_factory=lambda: {0})
    jumps: set[tuple[int, bool]] = field(default_factory=set)


Traces = dict[tuple[bytes, bool], Trace]  # by code, and whether it creates a contract


def install() -> Traces:
    """From now on everything is traced, and contracts of any size can be created."""
    traces: Traces = defaultdict(Trace)
    begin = BaseComputation.__init__

    def begin_traced(self: Any, state: Any, message: Any, context: Any) -> None:
        begin(self, state, message, context)
        self.trace = traces[bytes(message.code), message.is_create]

    BaseComputation.__init__ = begin_traced  # type: ignore[method-assign, assignment]
    _after(JUMPDEST, lambda computation, counter: computation.trace.blocks.add(counter))
    _after(JUMPI, _note_jump)
    code_limit.EIP170_CODE_SIZE_LIMIT = initcode_limit.MAX_INITCODE_SIZE = 2**20
    return traces


def _note_jump(computation: Any, counter: int) -> None:
    landed = computation.code.program_counter
    computation.trace.jumps.add((counter, landed != counter + 1))
    computation.trace.blocks.add(landed)


def _after(op: int, hook: Hook) -> None:
    original = PragueComputation.opcodes[op]

    def run(computation: Any) -> None:
        counter = computation.code.program_counter - 1
        original(computation=computation)
        hook(computation, counter)

    PragueComputation.opcodes[op] = run  # type: ignore[assignment]
