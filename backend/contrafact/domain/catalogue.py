"""The catalogue as the chain's events tell it: each work with the terms in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from contrafact.domain.allow_list import AllowList
from contrafact.domain.digests import to_hex
from contrafact.domain.history import TermsVersion
from contrafact.domain.works import Work
from contrafact.errors import NotFound, NotPermitted


@dataclass(frozen=True, slots=True)
class Entry:
    """A work with its latest version; `current` is None while its licensor has set no terms."""

    work: Work
    current: TermsVersion | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All registered works by id."""

    entries: Mapping[bytes, Entry]

    @classmethod
    def of(cls, works: Iterable[Work], history: Iterable[TermsVersion], lists: Iterable[AllowList] = ()) -> Catalogue:
        """The catalogue after `history`, whose versions come in order.

        The chain knows allow-lists by their roots; `lists` are those whose members are known.
        """
        latest = {version.work_id: version for version in history}
        known = {allow.root: allow for allow in lists}
        return cls({work.work_id: Entry(work, _listed(latest.get(work.work_id), known)) for work in works})

    def entry(self, work_id: bytes) -> Entry:
        """The work `work_id`. Raises NotFound."""
        try:
            return self.entries[work_id]
        except KeyError:
            text = f"Work {to_hex(work_id)} is not registered on this chain."
            raise NotFound(
                text, "Choose one of the catalogue (`contrafact works list`); a new one takes a moment to show."
            ) from None

    def in_force(self, work_id: bytes) -> TermsVersion:
        """The version in force. Raises NotFound, or NotPermitted where there are no terms or the work is disputed."""
        entry = self.entry(work_id)
        if entry.work.barred:
            text = f"Work {to_hex(work_id)} was found not to be its registrant's."
            raise NotPermitted(text, "Choose another work.")
        if entry.work.contested:
            text = f"Work {to_hex(work_id)} is contested, and enters no order until that is ruled on."
            raise NotPermitted(text, "Choose another work.")
        if entry.current is None:
            raise NotPermitted(f"Work {to_hex(work_id)} has no licence terms.", "Its licensor must set them first.")
        return entry.current


def _listed(version: TermsVersion | None, known: Mapping[bytes, AllowList]) -> TermsVersion | None:
    """The version with the members of its allow-list, where they are known."""
    allow = known.get(version.terms.allow.root) if version else None
    if version is None or allow is None or not allow.same(version.terms.allow):
        return version
    return replace(version, terms=version.terms.with_list(allow))
