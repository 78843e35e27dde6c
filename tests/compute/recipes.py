"""Recipes for workers of the tests: workers that die on the way, and one that never begins."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from contrafact.compute.tasks import Instruments, Recipe
from contrafact.domain.generation import Generation, GenerationRequest
from contrafact.errors import InvalidOrder
from contrafact.ports import Generator
from tests.jobs.band import FakeBand

HANG = bytes(32)


@dataclass(frozen=True, slots=True)
class Mortal:
    """A band in a worker that is killed (SIGKILL) at the second bar, as often as `times` says.

    Each death leaves a file in `folder`.
    """

    band: Recipe
    folder: Path
    times: int

    def open(self) -> Instruments:
        band = self.band.open()
        return replace(band, generator=MortalGenerator(band.generator, self))


class MortalGenerator:
    def __init__(self, inner: Generator, fate: Mortal) -> None:
        self._inner, self._fate = inner, fate
        self.model_digest, self.identity = inner.model_digest, inner.identity

    def generate(self, request: GenerationRequest, on_bar: Callable[[int, int], None]) -> Generation:
        def bar(number: int, count: int) -> None:
            on_bar(number, count)
            deaths = len(list(self._fate.folder.iterdir()))
            if number == 2 and deaths < self._fate.times:
                (self._fate.folder / str(deaths)).touch()
                os.kill(os.getpid(), signal.SIGKILL)

        return self._inner.generate(request, bar)


@dataclass(frozen=True, slots=True)
class Hanging:
    """A band that hangs after the first bar of the seed `HANG`, and plays any other."""

    def open(self) -> Instruments:
        band = FakeBand().open()
        return replace(band, generator=FakeHanging(band.generator))


class FakeHanging:
    def __init__(self, inner: Generator) -> None:
        self._inner = inner
        self.model_digest, self.identity = inner.model_digest, inner.identity

    def generate(self, request: GenerationRequest, on_bar: Callable[[int, int], None]) -> Generation:
        if request.seed == HANG:
            on_bar(1, 2)
            time.sleep(1000)
        return self._inner.generate(request, on_bar)


@dataclass(frozen=True, slots=True)
class Refusing:
    """A worker that cannot even open its model."""

    def open(self) -> Instruments:
        raise InvalidOrder("It cannot be.", "Do without.")
