"""A rights holder's works as the desk lists them, and what is to be done about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from contrafact.domain.digests import to_hex
from contrafact.errors import ChainError, NotFound
from contrafact.ports import PlaceStatus
from contrafact.read_model import Listing, Page, WorkQuery, WorkRow, walked
from contrafact.web.documents import Documents
from contrafact.web.pages.desk.terms_words import one_line
from contrafact.web.reads.places import signed_places, statuses_of, token_of
from contrafact.web.reads.transfers import offered
from contrafact.web.services import Services

PAGE = 20
LOOKED_AT = 500
"""Works of a holder that are looked through for what is to be done."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A work in the list: `roles` are the wallet's, `share` its part in ppm, `earned` as texts, one for each token."""

    work: str
    title: str
    kind: str
    roles: tuple[str, ...]
    share: int
    terms: str
    earned: tuple[str, ...]
    contested: bool
    barred: bool


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something to be done about a work; `kind` is `accept`, `confirm`, `terms`, `contested`, or `invite` where
    `others` have not confirmed their shares.
    """

    kind: str
    work: str
    title: str
    share: int = 0
    token: str = ""
    others: int = 0


def listed(services: Services, wallet: str, text: str | None, after: str | None) -> Listing[Mine]:
    """A page of the works that the wallet licenses or holds a share of. Raises InvalidInput for a wrong cursor."""
    found = services.read_model.works(WorkQuery(party=wallet, text=text or None), Page(PAGE, after))
    earned = _earned(services, wallet)
    return Listing(tuple(_mine(services, row, wallet, earned) for row in found.rows), found.following)


def _mine(services: Services, row: WorkRow, wallet: str, earned: Mapping[bytes, Mapping[str, int]]) -> Mine:
    share = share_of(row, wallet)
    roles = (("licensor",) if is_licensor(row, wallet) else ()) + (("holder",) if share else ())
    sums = earned.get(row.work_id, {})
    return Mine(
        work=to_hex(row.work_id),
        title=row.title or "",
        kind="recording" if row.recording_of else "composition",
        roles=roles,
        share=share,
        terms=one_line(row.current.terms, services.currency) if row.current else "",
        earned=tuple(services.currency(token).format(units) for token, units in sums.items()),
        contested=row.contested,
        barred=row.barred,
    )


def _earned(services: Services, wallet: str) -> dict[bytes, dict[str, int]]:
    """What the wallet's places earned, by work (or model) and token, in units."""
    found: dict[bytes, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for balance in services.read_model.balances(wallet):
        if balance.earned:
            found[balance.beneficiary][balance.token] += balance.earned
    return found


def waiting(services: Services, wallet: str) -> list[str]:
    """What the wallet can draw now, as texts, one for each token."""
    sums: dict[str, int] = defaultdict(int)
    for balance in services.read_model.balances(wallet):
        sums[balance.token] += balance.claimable
    return [services.currency(token).format(units) for token, units in sums.items() if units]


def minimums(services: Services, wallet: str) -> list[str]:
    """The least amounts that confirmed money of the wallet waits for, as texts; empty where the chain does not say."""
    balances = services.read_model.balances(wallet)
    rows = [row for row in balances if row.claimable and row.status is PlaceStatus.CONFIRMED]
    with suppress(ChainError):
        least = {token: services.ledger.threshold(wallet, token) for token in dict.fromkeys(row.token for row in rows)}
        waits = dict.fromkeys(row.token for row in rows if row.claimable < least[row.token])
        return [services.currency(token).format(least[token]) for token in waits]
    return []


def to_do(services: Services, wallet: str) -> tuple[list[ToDo], bool]:
    """What is to be done about the wallet's works, what others wait for first; and whether all works were seen."""
    query = WorkQuery(party=wallet)
    rows = list(islice(walked(lambda page: services.read_model.works(query, page)), LOOKED_AT + 1))
    seen = rows[:LOOKED_AT]
    own, others = _unconfirmed(services, seen, wallet)
    return [*_offers(services, wallet), *own, *_open(seen, wallet), *others], rows == seen


def _offers(services: Services, wallet: str) -> list[ToDo]:
    ids = [work_id for work_id, to in offered(services.read_model).items() if to.lower() == wallet.lower()]
    found = []
    for work_id in ids:
        with suppress(NotFound):
            found.append(ToDo("accept", to_hex(work_id), services.read_model.work(work_id).title or ""))
    return found


def _unconfirmed(services: Services, rows: list[WorkRow], wallet: str) -> tuple[list[ToDo], list[ToDo]]:
    """Works of which a place waits for the wallet's word; and its own to license, that wait for another holder's."""
    statuses, documents = statuses_of(services.read_model, rows, services.token), Documents(services.published)
    own, others = [], []
    for row in rows:
        leaves = row.split.leaves if row.split else ()
        open_ = {leaf.index for leaf in leaves if statuses[row.work_id, leaf.index] is PlaceStatus.UNCONFIRMED}
        if open_:
            open_ -= signed_places(documents, row)  # a signature in the document is handed in with a payout
        here = open_ & set(places(row, wallet))
        work, title = to_hex(row.work_id), row.title or ""
        if here:
            own.append(ToDo("confirm", work, title, share_of(row, wallet), token_of(row, services.token)))
        if open_ - here and is_licensor(row, wallet):
            who = {leaves[place].holder for place in open_ - here}
            others.append(ToDo("invite", work, title, others=len(who)))
    return own, others


def _open(rows: list[WorkRow], wallet: str) -> list[ToDo]:
    contested = [ToDo("contested", to_hex(row.work_id), row.title or "") for row in rows if row.contested]
    own = [row for row in rows if is_licensor(row, wallet) and row.current is None]
    return contested + [ToDo("terms", to_hex(row.work_id), row.title or "") for row in own]


def is_licensor(row: WorkRow, wallet: str) -> bool:
    return row.licensor.lower() == wallet.lower()


def places(row: WorkRow, wallet: str) -> list[int]:
    """The wallet's places in the work's present split."""
    return [leaf.index for leaf in row.split.leaves if leaf.holder.lower() == wallet.lower()] if row.split else []


def share_of(row: WorkRow, wallet: str) -> int:
    """The wallet's part of what the work earns, in ppm."""
    return sum(row.split.leaves[place].share for place in places(row, wallet)) if row.split else 0
