"""Reads of works: pages of those that fit a query, and single ones with all that is known of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from contrafact.domain import decoding
from contrafact.domain.addresses import checksummed
from contrafact.domain.digests import to_hex
from contrafact.domain.history import SplitVersion, TermsVersion
from contrafact.domain.splits import HolderLeaf, Split
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput, NotFound
from contrafact.read_model import Listing, Page, WorkQuery, WorkRow
from contrafact.store import paging
from contrafact.store.cursor import Cursor
from contrafact.store.facts import Fact, facts_of
from contrafact.store.folding import folded, matches
from contrafact.store.tables import blocks, holders, prices, works

_KIND, _ORDER = "works", (works.c.block, works.c.log_index)


def find(session: Session, at: Cursor, query: WorkQuery, page: Page) -> Listing[WorkRow]:
    """Works as they were registered, oldest first. Raises InvalidInput."""
    asked = paging.page_of(_selected(*_conditions(session, query, at)), page, _KIND, _ORDER, newest_first=False)
    rows = session.execute(asked).all()
    cursor = paging.following(rows, page, _KIND, _ORDER)
    return Listing(tuple(_filled(session, at, rows[: page.limit])), cursor)


def get(session: Session, at: Cursor, work_id: bytes) -> WorkRow:
    """Raises NotFound."""
    rows = session.execute(_selected(works.c.work_id == work_id)).all()
    if not rows:
        text = f"Work {to_hex(work_id)} is not registered on this chain."
        raise NotFound(text, "It may be in a block that is not indexed yet.")
    return _filled(session, at, rows)[0]


def newest(session: Session, at: Cursor, limit: int) -> Sequence[WorkRow]:
    """Those that were registered last, the newest first."""
    query = _selected().order_by(works.c.block.desc(), works.c.log_index.desc()).limit(limit)
    return _filled(session, at, session.execute(query).all())


def terms(session: Session, work_id: bytes) -> Sequence[TermsVersion]:
    facts = facts_of(session, [work_id], ["TermsSet"])
    return [decoding.terms_version(fact) for fact in facts.get(work_id, [])]


def splits(session: Session, work_id: bytes) -> Sequence[SplitVersion]:
    facts = facts_of(session, [work_id], decoding.SPLIT_EVENTS)
    return decoding.splits(facts.get(work_id, []))


def _selected(*conditions: ColumnElement[bool]) -> Select[Any]:
    time = blocks.c.timestamp.label("registered_at")
    return select(works, time).join(blocks, blocks.c.number == works.c.block).where(*conditions)


def _conditions(session: Session, query: WorkQuery, at: Cursor) -> list[ColumnElement[bool]]:
    c = works.c
    found: list[ColumnElement[bool]] = []
    if query.text is not None:
        found += matches(session, query.text)
    if query.collection is not None:
        found.append(c.folded_collection == folded(query.collection))
    if query.metres:
        found.append(c.metre.in_(query.metres))
    if query.key is not None:
        named, ends, begins = c.key == query.key, f" {query.key}", f"{query.key} "
        found.append(or_(named, c.key.endswith(ends, autoescape=True), c.key.startswith(begins, autoescape=True)))
    if query.licensor is not None:
        found.append(c.licensor == checksummed(query.licensor))
    if query.holder is not None:
        found.append(c.split_root.in_(_splits_with(query.holder)))
    if query.party is not None:
        found.append(or_(c.licensor == checksummed(query.party), c.split_root.in_(_splits_with(query.party))))
    if query.available:
        found.append(_usable(at))
    return [*found, *_terms_conditions(query)]


def _splits_with(holder: str) -> Select[Any]:
    return select(holders.c.split_root).where(holders.c.holder == checksummed(holder))


def _terms_conditions(query: WorkQuery) -> list[ColumnElement[bool]]:
    """What the terms in force must say. A price is compared in one token only."""
    if query.max_price is not None and query.token is None:
        raise InvalidInput("A highest price needs a token.", "Say in which token it is.")
    found: list[ColumnElement[bool]] = []
    if query.combinable:
        found.append(_combinable(query.beside))
    if query.use is not None:
        found.append(works.c.inference & (works.c.uses.op("&")(1 << query.use) != 0))
    if query.token is not None:
        found.append(_priced(query.token, query.max_price, query.use))
    return found


def _combinable(beside: str | None) -> ColumnElement[bool]:
    own = works.c.licensor == checksummed(beside) if beside is not None else false()
    return or_(works.c.combinable, own)


def _priced(token: str, limit: int | None, use: Use | None) -> ColumnElement[bool]:
    conditions = [prices.c.token == checksummed(token)]
    if use is not None:
        conditions.append(prices.c.use == int(use))
    if limit is not None:
        conditions.append(prices.c.price <= limit)
    return works.c.work_id.in_(select(prices.c.work_id).where(*conditions))


def _usable(at: Cursor) -> ColumnElement[bool]:
    """Whether an order can use the work at the newest block's time; a recording needs its composition, too."""
    composition = works.alias()
    through = exists().where(composition.c.work_id == works.c.recording_of, _open(composition, at))
    return _open(works, at) & (works.c.recording_of.is_(None) | through)


def _open(table: Any, at: Cursor) -> ColumnElement[bool]:
    c = table.c
    in_force = (c.valid_from <= at.timestamp) & (c.valid_until > at.timestamp)
    return and_(c.inference, c.uses != 0, c.contested.is_(False), c.barred.is_(False), in_force)


def _filled(session: Session, at: Cursor, rows: Sequence[Any]) -> list[WorkRow]:
    facts = facts_of(session, [row.work_id for row in rows], decoding.WORK_EVENTS)
    known = splits_by_root(session, [row.split_root for row in rows])
    return [_work(row, facts[row.work_id], known.get(row.split_root), at) for row in rows]


def _work(row: Any, facts: Sequence[Fact], split: Split | None, at: Cursor) -> WorkRow:
    (work,) = decoding.works(facts)
    versions = [decoding.terms_version(fact) for fact in facts if fact.name == "TermsSet"]
    return WorkRow(
        work_id=work.work_id,
        licensor=work.licensor,
        content=work.content,
        source_form=work.source_form,
        metadata=work.metadata,
        split_root=work.split_root,
        recording_of=work.recording_of,
        contested=work.contested,
        barred=work.barred,
        block=work.block,
        registered_at=row.registered_at,
        confirmed=work.block <= at.confirmed,
        current=versions[-1] if versions else None,
        title=row.title,
        credits=tuple(json.loads(row.credits)),
        collection=row.collection,
        catalogue_id=row.catalogue_id,
        media_type=row.media_type,
        metre=row.metre,
        key=row.key,
        split=split,
    )


def splits_by_root(session: Session, roots: Iterable[bytes]) -> dict[bytes, Split]:
    """The rights splits that documents tell, by their roots."""
    query = select(holders).where(holders.c.split_root.in_(set(roots))).order_by(holders.c.place)
    leaves: dict[bytes, list[HolderLeaf]] = {}
    for row in session.execute(query):
        leaves.setdefault(row.split_root, []).append(HolderLeaf(row.place, row.holder, row.ppm))
    return {root: Split(tuple(of_root)) for root, of_root in leaves.items()}
