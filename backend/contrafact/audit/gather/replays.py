"""Generating again: the committed attempt, and those before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from contrafact.audit.evidence import Catalogue, Chain
from contrafact.audit.gather.catalogue import source_form
from contrafact.audit.results import Done, Failed, Result, Skipped
from contrafact.domain import events as event_ledgers
from contrafact.domain import seeds
from contrafact.domain.digests import to_hex
from contrafact.domain.generation import EventLedger, GenerationRequest, SourceInput
from contrafact.domain.history import Funded
from contrafact.domain.orders import Quote
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ReplayError
from contrafact.ports import ContentStore, Generator, ReplayResult

T = TypeVar("T")

MAX_ATTEMPTS = 16
"""An operator that finds nothing within the order's bounds in so many attempts does not deliver."""

NO_GENERATOR = "Not replayed: no generator installed."


@dataclass(frozen=True, slots=True)
class Replayer:
    """Rebuilds the generator's request from chain and store alone, and runs it."""

    chain: Chain
    store: ContentStore
    generator: Generator | None
    catalogue: Catalogue

    def replay(
        self, order_id: bytes, record: Result[AttributionRecord], events: Result[EventLedger]
    ) -> Result[ReplayResult]:
        """The generator's verdict on the recorded notes."""
        if self.generator is None:
            return Skipped(NO_GENERATOR)
        if not isinstance(record, Done) or not isinstance(events, Done):
            return Skipped(f"Not replayed: {why(events) or 'the record or the list of notes could not be read.'}")
        request = self._request(order_id, record.value, record.value.attempt)
        if not isinstance(request, Done):
            return request
        generator = self.generator
        return _tried(lambda: generator.replay(request.value, events.value))

    def viable(self, order_id: bytes, record: Result[AttributionRecord]) -> Result[tuple[int, ...]]:
        """Attempts before the committed one whose shares keep the order's bounds: there should be none."""
        if not isinstance(record, Done):
            return Skipped("The attribution record could not be read.")
        attempt = record.value.attempt
        if attempt >= MAX_ATTEMPTS:
            return Failed(f"The record names attempt {attempt}; there are {MAX_ATTEMPTS}, counted from 0.")
        if attempt == 0:
            return Done(())
        if self.generator is None:
            return Skipped(NO_GENERATOR)
        kept: list[int] = []
        for number in range(attempt):
            outcome = self._keeps_bounds(order_id, record.value, number, self.generator)
            if not isinstance(outcome, Done):
                return outcome
            kept += [number] * outcome.value
        return Done(tuple(kept))

    def _keeps_bounds(
        self, order_id: bytes, record: AttributionRecord, number: int, generator: Generator
    ) -> Result[bool]:
        request = self._request(order_id, record, number)
        if not isinstance(request, Done):
            return request
        quote = self.chain.funded_of[order_id][0].quote

        def judge() -> bool:
            return quote.keeps_bounds(*event_ledgers.shares(generator.generate(request.value).events))

        return _tried(judge)

    def _request(self, order_id: bytes, record: AttributionRecord, attempt: int) -> Result[GenerationRequest]:
        """The request of one attempt; everything but secret and music comes from the chain."""
        funded = self.chain.funded_of[order_id]
        if not funded or funded[0].quote.model_id not in self.chain.model:
            return Skipped("Not replayed: the order or its model is not on the chain.")
        weights = self.chain.model[funded[0].quote.model_id].weights
        if self.generator is None or self.generator.model_digest != weights:
            return Skipped(
                f"Not replayed: the generator installed is not the model with the weights {to_hex(weights)}."
            )
        if self.generator.identity != record.generator:
            version = record.generator.get("version", "without a name")
            return Skipped(f"Not replayed: the notes are of the generator {version}, which is not the one installed.")
        if not 0 <= attempt < MAX_ATTEMPTS:
            return Failed(f"There is no attempt {attempt}.")
        sources = self._sources(funded[0].quote)
        if not isinstance(sources, Done):
            return sources
        return Done(_request(funded[0], record, attempt, sources.value))

    def _sources(self, quote: Quote) -> Result[tuple[SourceInput, ...]]:
        inputs = []
        for source in quote.inference_set:
            work = self.chain.work.get(source.work_id)
            form = source_form(work, self.store, self.catalogue) if work else Failed("A source is not registered.")
            if not isinstance(form, Done):
                return Skipped(f"Not replayed: {form.reason}")
            inputs.append(SourceInput(to_hex(source.work_id), form.value, source.weight, source.min_share))
        return Done(tuple(inputs))


def why(events: Result[EventLedger]) -> str:
    """Why the notes could not be looked for; empty where they were."""
    return events.reason if isinstance(events, Skipped) else ""


def runs(replayed: Result[ReplayResult]) -> Result[tuple[int, ...]]:
    """The longest verbatim runs of the sources, where the recorded tokens could be followed."""
    if not isinstance(replayed, Done):
        return Skipped(replayed.reason)
    if replayed.value.longest_runs is None:
        return Skipped("The recorded notes do not follow, so their verbatim runs are not known.")
    return Done(replayed.value.longest_runs)


def _request(
    funded: Funded, record: AttributionRecord, attempt: int, sources: tuple[SourceInput, ...]
) -> GenerationRequest:
    seed = seeds.seed(funded.order_id, funded.maker_salt, record.secret, attempt)
    return GenerationRequest(sources, record.request, seed, funded.quote.max_base_share)


def _tried(run: Callable[[], T]) -> Result[T]:
    """What the generator gives. A request that it refuses cannot have made the piece."""
    try:
        return Done(run())
    except ReplayError as error:
        return Skipped(f"Not replayed: {error}")
    except Exception as error:  # whatever the evidence does to a generator, the audit goes on
        return Failed(f"The generator refuses the order's request: {error!r}.")
