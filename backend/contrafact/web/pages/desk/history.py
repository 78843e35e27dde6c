"""All versions of a work's terms and split, what changed from one to the next, and who came to set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contrafact.domain.decoding import SPLIT_EVENTS
from contrafact.domain.splits import Split
from contrafact.read_model import WorkRow
from contrafact.web.documents import Documents
from contrafact.web.pages.desk.terms_words import Line, changes, lines
from contrafact.web.pages.words import percent, short
from contrafact.web.reads.transfers import Handing, handings
from contrafact.web.schemas.fields import time
from contrafact.web.services import Services


@dataclass(frozen=True, slots=True)
class Version:
    """`says` is all of it for the first terms, `changed` what is otherwise than before: question, before, since.

    `number` is None for what changes neither terms nor split: another licensor, `who` is an address.
    """

    number: int | None
    name: str
    block: int
    at: datetime | None
    says: tuple[Line, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()
    who: str = ""


def versions(services: Services, documents: Documents, row: WorkRow) -> list[Version]:
    """The newest first, with offers to other licensors. A change of the split restates the terms: one version."""
    model = services.read_model
    terms = {one.version: one for one in model.terms_history(row.work_id)}
    splits = {one.version: one for one in model.split_history(row.work_id)}
    # From the index: a node would be asked once for each version, of which a licensor may make very many.
    times = {event.block: time(event.at) for event in model.happenings_about(row.work_id, SPLIT_EVENTS)}
    found: list[Version] = []
    before: list[Line] | None = None
    holders: list[Line] = []
    for number in sorted(terms | splits):
        says = lines(terms[number].terms, services.currency) if number in terms else None
        held = _held(documents.split(splits[number].metadata, splits[number].split_root)) if number in splits else None
        block = (terms.get(number) or splits[number]).block
        changed = (_changed(before, says), _changed(holders, held) if found else [])
        new_terms = says is not None and before is None
        name = _name(bool(found), new_terms, *map(bool, changed))
        told = tuple(says or ()) if new_terms else tuple(held or ()) if not found else ()
        found.append(Version(number, name, block, times.get(block), told, (*changed[0], *changed[1])))
        before, holders = says or before, held or holders
    handed = [_handed(one) for one in handings(services.read_model, row.work_id)]
    return sorted((*found, *handed), key=lambda one: one.block)[::-1]


def _handed(one: Handing) -> Version:
    name = "Offer taken back" if not one.to else "New licensor" if one.is_done else "Offered to"
    return Version(None, name, one.block, time(one.at), who=one.to)


def _name(is_later: bool, new_terms: bool, terms_changed: bool, split_changed: bool) -> str:
    if not is_later:
        return "Registered"
    if new_terms:
        return "First terms"
    names = [name for name, is_so in (("terms", terms_changed), ("holders", split_changed)) if is_so]
    return f"New {' and '.join(names)}" if names else "Set anew, unchanged"


def _changed(before: Sequence[Line] | None, after: Sequence[Line] | None) -> list[tuple[str, str, str]]:
    return changes(list(before), list(after)) if before is not None and after is not None else []


def _held(split: Split | None) -> list[Line]:
    """A split as lines; a holder of several places once."""
    parts: dict[str, int] = {}
    for leaf in split.leaves if split else ():
        parts[leaf.holder] = parts.get(leaf.holder, 0) + leaf.share
    return [(f"Holder {short(holder)}", percent(share)) for holder, share in parts.items()]
