"""The rows by which works are searched: what the chain says of a work and its terms in force, and its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from contrafact.domain import decoding
from contrafact.domain.terms import Terms
from contrafact.domain.works import Work
from contrafact.store.document_rows import WORK, want, work_columns
from contrafact.store.facts import Fact, facts_of, replace
from contrafact.store.folding import as_key
from contrafact.store.tables import prices, work_words, works

_FOR_EVER = 2**62
MAX_WORDS = 256
"""Words of a work that it is found by."""


def refresh_works(session: Session, ids: Sequence[bytes]) -> None:
    """Makes the rows of these works anew, and wants the documents that they name."""
    found = facts_of(session, ids, decoding.WORK_EVENTS)
    known = {work.work_id: work for facts in found.values() for work in decoding.works(facts)}
    terms = {key: _in_force(facts) for key, facts in found.items()}
    want(session, WORK, [digest for facts in found.values() for digest in _named(facts)])
    said = work_columns(session, list(known.values()))
    rows = [_row(work, found[key][0], terms[key], said[key]) for key, work in known.items()]
    replace(session, works, "work_id", ids, rows)
    replace(session, work_words, "work_id", ids, [row for key in known for row in _words(key, said[key]["folded"])])
    replace(session, prices, "work_id", ids, [row for key in known for row in _prices(key, terms[key])])


def _named(facts: Sequence[Fact]) -> list[bytes]:
    """Every document of a work: earlier ones tell who holds the places of earlier splits, which keep their money."""
    return [fact.arguments["metadataDigest"] for fact in facts if "metadataDigest" in fact.arguments]


def _in_force(facts: Sequence[Fact]) -> Terms:
    last = next((fact for fact in reversed(facts) if fact.name == "TermsSet"), None)
    return decoding.terms_version(last).terms if last else Terms.opted_out()


def _row(work: Work, registered: Fact, terms: Terms, said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "work_id": work.work_id,
        "block": registered.block,
        "log_index": registered.index,
        "licensor": work.licensor,
        "content": work.content,
        "metadata_digest": work.metadata,
        "split_root": work.split_root,
        "recording_of": work.recording_of,
        "contested": work.contested,
        "barred": work.barred,
        "inference": terms.inference,
        "uses": sum(1 << use for use in terms.uses),
        "combinable": terms.combinable,
        "valid_from": terms.valid_from,
        "valid_until": terms.valid_until or _FOR_EVER,
        **said,
    }


def _prices(work_id: bytes, terms: Terms) -> list[dict[str, Any]]:
    """What each permitted use costs. A token that the terms name twice costs what they say first."""
    rows = {(row.token, use): row.prices[use] for row in reversed(terms.prices) for use in terms.uses}
    return [
        {"work_id": work_id, "token": token, "use": int(use), "price": price}
        for (token, use), price in sorted(rows.items())
    ]


def _words(work_id: bytes, folded: str) -> list[dict[str, Any]]:
    return [
        {"word": word, "work_id": work_id} for word in sorted({as_key(word) for word in folded.split()})[:MAX_WORDS]
    ]
