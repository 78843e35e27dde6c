"""Works as documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from contrafact.domain.digests import cid, to_hex
from contrafact.domain.history import TermsVersion
from contrafact.domain.money import Currency
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms as LicenceTerms
from contrafact.read_model import WorkRow
from contrafact.web.money import Purse
from contrafact.web.schemas.fields import time
from contrafact.web.schemas.works import AllowList, File, Holder, Terms, UsePrice, Work

LAST = 253_402_300_799  # the end of the year 9999
Currencies = Callable[[str], Currency]


def file_of(digest: bytes) -> File:
    return File(sha256=to_hex(digest), cid=cid(digest))


def holders_of(split: Split | None) -> list[Holder]:
    return [Holder(holder=leaf.holder, share=leaf.share) for leaf in split.leaves] if split else []


def work_of(row: WorkRow, currency: Currencies) -> Work:
    return Work(**fields_of(row, currency))


def fields_of(row: WorkRow, currency: Currencies) -> dict[str, object]:
    """The fields of a work's document."""
    return {
        "work": to_hex(row.work_id),
        "kind": "recording" if row.recording_of else "composition",
        "recording_of": to_hex(row.recording_of) if row.recording_of else None,
        "title": row.title,
        "credits": list(row.credits),
        "collection": row.collection,
        "catalogue_id": row.catalogue_id,
        "media_type": row.media_type,
        "metre": row.metre,
        "key": row.key,
        "licensor": row.licensor,
        "holders": holders_of(row.split),
        "split_root": to_hex(row.split_root),
        "content": file_of(row.content),
        "source_form": file_of(row.source_form),
        "metadata": file_of(row.metadata),
        "contested": row.contested,
        "barred": row.barred,
        "registered_at": time(row.registered_at),
        "block": row.block,
        "confirmed": row.confirmed,
        "terms": terms_of(row.current, currency) if row.current else None,
    }


def terms_of(version: TermsVersion, currency: Currencies) -> Terms:
    terms = version.terms
    return Terms(
        version=version.version,
        block=version.block,
        split_root=to_hex(version.split_root),
        summary=terms.summary(),
        training=terms.training,
        inference=terms.inference,
        uses=[use.name.lower() for use in sorted(terms.uses)],
        combinable=terms.combinable,
        approval=terms.approval,
        max_weight=terms.max_weight,
        downstream=terms.downstream,
        valid_from=date(terms.valid_from),
        valid_until=date(terms.valid_until),
        sunset=date(terms.sunset),
        training_price=Purse(terms.prices[0].token, currency)(terms.training_price) if terms.prices else None,
        prices=_prices(terms, currency),
        allow=_allowed(terms),
        words=[to_hex(word) for word in terms.to_words()],
    )


def _prices(terms: LicenceTerms, currency: Currencies) -> list[UsePrice]:
    return [
        UsePrice(use=use.name.lower(), price=Purse(row.token, currency)(row.prices[use]))
        for row in terms.prices
        for use in sorted(terms.uses)
    ]


def _allowed(terms: LicenceTerms) -> AllowList | None:
    allow = terms.allow
    if not allow.listed:
        return None
    return AllowList(operators_listed=allow.lists_operators, models_listed=allow.lists_models, root=to_hex(allow.root))


def date(seconds: int) -> datetime | None:
    """A date that a licensor set, None for none; what no calendar holds is its last day."""
    return time(min(seconds, LAST)) if seconds else None
