"""What a worker does: it opens a model once, and runs one task after the other with it.

Nothing heavy is imported here, so that a worker can set its threads before torch reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from contrafact.domain.generation import EventLedger, Generation, GenerationRequest, MusicRequest
from contrafact.errors import ComputeError, ContrafactError
from contrafact.ports import Generator, Rendered, Renderer, ReplayResult

OnBar = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Instruments:
    """What a worker plays."""

    generator: Generator
    renderer: Renderer


class Recipe(Protocol):
    """How a worker comes by its instruments. Pickled and hashed: a frozen dataclass of plain values."""

    def __hash__(self) -> int: ...

    def open(self) -> Instruments: ...


@dataclass(frozen=True, slots=True)
class Packaged:
    """The model and the soundfont of this package, with so many threads."""

    threads: int = 1

    def open(self) -> Instruments:
        from contrafact.music.checkpoint import load_model
        from contrafact.music.generate import Generator as MixtureGenerator
        from contrafact.music.renderer import SoundfontRenderer

        return Instruments(MixtureGenerator(load_model(), self.threads), SoundfontRenderer())


@dataclass(frozen=True, slots=True)
class Identity:
    """What must be the same on all workers, because it stands in the attribution record."""

    model_digest: bytes
    generator: dict[str, object]
    renderer: dict[str, object]


@dataclass(frozen=True, slots=True)
class Task:
    """A call for a worker: a function of this module, its arguments, and who the worker must be."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    expected: Identity | None = None


def perform(recipe: Recipe, task: Task, on_bar: OnBar) -> Any:
    """The task's result, or the project's error that it raised, as a value: errors travel badly as exceptions."""
    try:
        instruments = opened(recipe)
        if task.expected is not None and identify(instruments, on_bar) != task.expected:
            text = "A worker has another model or another version of the software than the first one."
            return ComputeError(text, "Install the same version of Contrafact on every machine of the cluster.")
        return task.function(instruments, on_bar, *task.arguments)
    except ContrafactError as error:
        return error
    except MemoryError:
        return ComputeError("A worker ran out of memory.", "Lower CONTRAFACT_WORKERS, or give it more memory.")


@cache
def opened(recipe: Recipe) -> Instruments:
    """The instruments of this process, opened once."""
    return recipe.open()


def identify(instruments: Instruments, on_bar: OnBar) -> Identity:
    generator = instruments.generator
    return Identity(generator.model_digest, generator.identity, instruments.renderer.identity)


def generate(instruments: Instruments, on_bar: OnBar, request: GenerationRequest) -> Generation:
    return instruments.generator.generate(request, on_bar)


def replay(instruments: Instruments, on_bar: OnBar, request: GenerationRequest, events: EventLedger) -> ReplayResult:
    return instruments.generator.replay(request, events)


def render(instruments: Instruments, on_bar: OnBar, events: EventLedger, music: MusicRequest) -> Rendered:
    return instruments.renderer.render(events, music)
