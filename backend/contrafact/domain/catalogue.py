"""The catalogue as the chain's events tell it: each work with the terms in force, and what an order may draw on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.domain.history import TermsVersion
from contrafact.domain.orders import Source, check_weights
from contrafact.domain.shares import default_min_share
from contrafact.domain.terms import Terms, Use
from contrafact.domain.works import Work
from contrafact.errors import NotFound, NotPermitted


@dataclass(frozen=True, slots=True)
class Entry:
    """A work with its latest terms; `current` is None while its licensor has set none."""

    work: Work
    current: TermsVersion | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All registered works by id."""

    entries: Mapping[bytes, Entry]

    @classmethod
    def of(cls, works: Iterable[Work], history: Iterable[TermsVersion]) -> Catalogue:
        """The catalogue after `history`, whose versions come in order."""
        latest = {version.work_id: version for version in history}
        return cls({work.work_id: Entry(work, latest.get(work.work_id)) for work in works})

    def entry(self, work_id: bytes) -> Entry:
        """The work `work_id`. Raises NotFound."""
        try:
            return self.entries[work_id]
        except KeyError:
            text = f"Work {to_hex(work_id)} is not registered on this chain."
            raise NotFound(text, "`contrafact works list` shows the catalogue.") from None

    def in_force(self, work_id: bytes) -> TermsVersion:
        """The terms version in force. Raises NotFound, or NotPermitted where there is none."""
        current = self.entry(work_id).current
        if current is None:
            raise NotPermitted(f"Work {to_hex(work_id)} has no licence terms.", "Its licensor must set them first.")
        return current


@dataclass(frozen=True, slots=True)
class Selection:
    """Sources of an order with their pinned terms, in the order of work ids."""

    sources: tuple[Source, ...]
    terms: tuple[Terms, ...]


def select(
    catalogue: Catalogue, choices: Sequence[tuple[bytes, int]], use: Use, token: str, max_base_share: int, now: int
) -> Selection:
    """Pins works and weights (ppm) as sources.

    Raises InvalidOrder for weights that do not fit, NotFound for an unknown work, and NotPermitted where the
    terms in force refuse; the contract would refuse the same.
    """
    check_weights([weight for _, weight in choices])
    alone = len({catalogue.entry(work_id).work.licensor for work_id, _ in choices}) == 1
    pairs = [_pin(catalogue, *choice, use, token, max_base_share, alone, now) for choice in sorted(choices)]
    return Selection(tuple(source for source, _ in pairs), tuple(terms for _, terms in pairs))


def _pin(
    catalogue: Catalogue, work_id: bytes, weight: int, use: Use, token: str, max_base: int, alone: bool, now: int
) -> tuple[Source, Terms]:
    version, work = catalogue.in_force(work_id), catalogue.entry(work_id).work
    version.terms.require_permitted(to_hex(work_id), use, weight, alone, now)
    price = version.terms.price(use, token)
    lowest = default_min_share(weight, max_base)
    return Source(work_id, version.version, work.split_root, weight, lowest, price), version.terms
