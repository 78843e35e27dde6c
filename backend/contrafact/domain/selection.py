"""What an order draws on: works that a maker chooses, pinned as sources with the versions in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contrafact.domain.catalogue import Catalogue
from contrafact.domain.digests import to_hex
from contrafact.domain.orders import Source, check_weights
from contrafact.domain.shares import PPM, default_min_share
from contrafact.domain.terms import Terms, Use


@dataclass(frozen=True, slots=True)
class Selection:
    """Sources of an order with their pinned terms: the chosen works by work id, then compositions of recordings."""

    sources: tuple[Source, ...]
    terms: tuple[Terms, ...]

    @property
    def approvals(self) -> tuple[bytes, ...]:
        """The works whose licensors must sign the order before it can be funded."""
        pairs = zip(self.sources, self.terms, strict=True)
        return tuple(dict.fromkeys(source.work_id for source, terms in pairs if terms.approval))


@dataclass(frozen=True, slots=True)
class _Order:
    """What each source's terms are asked about."""

    catalogue: Catalogue
    use: Use
    token: str
    max_base_share: int
    now: int
    drift: int
    operator: str | None
    model_id: bytes | None
    chosen: Sequence[bytes]
    songs: Mapping[bytes, bytes]
    highest: Mapping[bytes, int]

    def pin(self, work_id: bytes, weight: int) -> tuple[Source, Terms]:
        """A chosen work. Raises NotPermitted where its terms refuse."""
        source, terms = self._pinned(work_id, self._others(work_id))
        lowest = default_min_share(max(0, weight - self.drift), self.max_base_share)
        return Source(*source, weight, lowest, *self._costs(terms)), terms

    def pin_composition(self, work_id: bytes, place: int) -> tuple[Source, Terms]:
        """The composition of the recording at `place`."""
        source, terms = self._pinned(work_id, [*self.chosen, *self.songs.values()])
        return Source(*source, 0, 0, *self._costs(terms), through=1 + place), terms

    def _pinned(self, work_id: bytes, others: Sequence[bytes]) -> tuple[tuple[bytes, int, bytes], Terms]:
        version = self.catalogue.in_force(work_id)
        alone = {self._licensor(other) for other in others} <= {self._licensor(work_id)}
        asked = (self.use, min(PPM, self.highest[work_id]), alone, self.now, self.operator, self.model_id)
        version.terms.require_permitted(to_hex(work_id), *asked)
        return (work_id, version.version, version.split_root), version.terms

    def _others(self, work_id: bytes) -> list[bytes]:
        """What counts as combined with a chosen work: all sources but the composition that it needs as a recording."""
        return [*self.chosen, *(song for recording, song in self.songs.items() if recording != work_id)]

    def _licensor(self, work_id: bytes) -> str:
        return self.catalogue.entry(work_id).work.licensor

    def _costs(self, terms: Terms) -> tuple[int, int]:
        return terms.price(self.use, self.token), terms.downstream


def select(
    catalogue: Catalogue,
    choices: Sequence[tuple[bytes, int]],
    use: Use,
    token: str,
    max_base_share: int,
    now: int,
    *,
    drift: int = 0,
    operator: str | None = None,
    model_id: bytes | None = None,
) -> Selection:
    """Pins works and weights (ppm) as sources, each recording with its composition.

    `drift` is how far a live order's weights may move (ppm). Allow-lists are checked for the operator and the model
    that are given. Raises InvalidOrder for weights that do not fit, NotFound for an unknown work, and NotPermitted
    where the terms in force refuse; the contract would refuse the same.
    """
    check_weights([weight for _, weight in choices])
    chosen = sorted(choices)
    compositions = _compositions(catalogue, [work_id for work_id, _ in chosen])
    highest: Counter[bytes] = Counter()
    for work_id, weight in [*chosen, *((work_id, chosen[place][1]) for place, work_id in compositions)]:
        highest[work_id] += weight + drift
    ids = [work_id for work_id, _ in chosen]
    songs = {ids[place]: work_id for place, work_id in compositions}
    order = _Order(catalogue, use, token, max_base_share, now, drift, operator, model_id, ids, songs, highest)
    pairs = [order.pin(*choice) for choice in chosen]
    pairs += [order.pin_composition(work_id, place) for place, work_id in compositions]
    return Selection(tuple(source for source, _ in pairs), tuple(terms for _, terms in pairs))


def _compositions(catalogue: Catalogue, chosen: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """The place of each recording, with its composition."""
    entries = enumerate(catalogue.entry(work_id) for work_id in chosen)
    return [(place, entry.work.recording_of) for place, entry in entries if entry.work.recording_of]
