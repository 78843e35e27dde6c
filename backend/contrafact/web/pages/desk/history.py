"""A work's history as its pages tell it, from the index: versions, licensors, confirmations and contests.

Of terms and holders it says what changed from one version to the next; who did the rest stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contrafact.domain.contests import ContestState
from contrafact.domain.decoding import SPLIT_EVENTS
from contrafact.domain.history import SplitVersion, TermsVersion
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, account_id
from contrafact.domain.terms import NATIVE, Terms
from contrafact.read_model import WorkRow, walked
from contrafact.statement_reads import ContestQuery, ContestRow
from contrafact.web.documents import Documents
from contrafact.web.pages.desk.terms_words import Line, changes, lines
from contrafact.web.pages.words import percent, short
from contrafact.web.reads.transfers import Handing, handings
from contrafact.web.schemas.fields import time
from contrafact.web.services import Services

Times = Mapping[int, datetime]
"""When blocks with an event of the work were made, by their numbers."""


@dataclass(frozen=True, slots=True)
class Happened:
    """`says` is all of it for the first terms, `changed` what is otherwise than before: question, before, since.

    `number` is that of a version of terms or split, None for all else. `who` is an address.
    """

    number: int | None
    name: str
    block: int
    at: datetime | None
    says: tuple[Line, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()
    who: str = ""


def history(services: Services, documents: Documents, row: WorkRow) -> list[Happened]:
    """All of it, the newest first. A change of the split restates the terms: one version."""
    model = services.read_model
    terms, splits = model.terms_history(row.work_id), model.split_history(row.work_id)
    # From the index: a node would be asked once for each version, of which a licensor may make very many.
    events = model.happenings_about([row.work_id], (*SPLIT_EVENTS, "ContestsChanged"))
    times = {event.block: time(event.at) for event in events}
    found = [
        *_versions(services, documents, terms, splits, times),
        *(_handed(one) for one in handings(model, row.work_id)),
        *_confirmed(services, row, terms, splits),
        *_contested(services, row, times),
    ]
    return sorted(found, key=lambda one: one.block)[::-1]


def _versions(
    services: Services,
    documents: Documents,
    terms_history: Sequence[TermsVersion],
    split_history: Sequence[SplitVersion],
    times: Times,
) -> Iterator[Happened]:
    terms = {one.version: one for one in terms_history}
    splits = {one.version: one for one in split_history}
    before: list[Line] | None = None
    holders: list[Line] = []
    is_later = False
    for number in sorted(terms | splits):
        says = lines(terms[number].terms, services.currency) if number in terms else None
        held = _held(documents.split(splits[number].metadata, splits[number].split_root)) if number in splits else None
        block = (terms.get(number) or splits[number]).block
        changed = (_changed(before, says), _changed(holders, held) if is_later else [])
        new_terms = says is not None and before is None
        is_out = number in terms and bool(changed[0]) and _permits_nothing(terms[number].terms)
        name = "Taken out of use" if is_out else _name(is_later, new_terms, *map(bool, changed))
        told = tuple(says or ()) if new_terms else tuple(held or ()) if not is_later else ()
        yield Happened(number, name, block, times.get(block), told, (*changed[0], *changed[1]))
        before, holders, is_later = says or before, held or holders, True


def _permits_nothing(terms: Terms) -> bool:
    return not terms.training and not (terms.inference and terms.uses)


def _handed(one: Handing) -> Happened:
    name = "Offer taken back" if not one.to else "New licensor" if one.is_done else "Offered to"
    return Happened(None, name, one.block, time(one.at), who=one.to)


def _confirmed(
    services: Services, row: WorkRow, terms: Sequence[TermsVersion], splits: Sequence[SplitVersion]
) -> Iterator[Happened]:
    """Shares that their holders said are their own, each holder once for a transaction; and those paid elsewhere."""
    tokens = {services.token, NATIVE, *(price.token for one in terms for price in one.terms.prices)}
    roots = {row.split_root, *(one.split_root for one in splits)}
    accounts = [account_id(row.work_id, root, token) for root in roots for token in tokens]
    names = {
        "PlaceConfirmed": ("Share confirmed by", "holder"),
        "PlaceReaddressed": ("Share paid from then on to", "payee"),
    }
    seen = set()
    for event in services.read_model.happenings_about(accounts, tuple(names)):
        name, who = names[event.name][0], event.arguments[names[event.name][1]]
        if (event.transaction, name, who) not in seen:
            yield Happened(None, name, event.block, time(event.at), who=who)
        seen.add((event.transaction, name, who))


def _contested(services: Services, row: WorkRow, times: Times) -> Iterator[Happened]:
    query = ContestQuery(row.work_id, None, False)
    for found in walked(lambda page: services.read_model.contests(query, page)):
        contest = found.contest
        yield Happened(None, "Contested by", contest.block, time(found.opened_at), who=contest.claimant)
        if contest.state is not ContestState.OPEN:
            yield Happened(None, _ending(found), contest.newest, times.get(contest.newest))


def _ending(row: ContestRow) -> str:
    """How a contest ended, in words."""
    number, part = row.contest.number, row.contest.part
    if row.contest.state is ContestState.WITHDRAWN:
        return f"Contest {number} withdrawn"
    if row.contest.state is ContestState.LAPSED:
        return f"Contest {number} ended without a ruling"
    if not part:
        return f"Contest {number} decided: nothing was awarded"
    barred = ", and the work barred" if part == PPM else ""
    return f"Contest {number} decided: {percent(part)} of what was held awarded to the claimant{barred}"


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
