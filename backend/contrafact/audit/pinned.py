"""The terms that an order pins, and what they ask for beyond their words."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.audit.evidence import Chain
from contrafact.domain.history import Funded
from contrafact.domain.orders import Source
from contrafact.domain.terms import Terms


def pinned(chain: Chain, funded: Funded) -> Sequence[tuple[Source, Terms]]:
    """Each source of an order with the terms that it pins, where they are on the chain."""
    versions = [version for source in funded.quote.sources for version in chain.terms_of[source.work_id]]
    terms = {(version.work_id, version.version): version.terms for version in versions}
    pairs = [(source, terms.get((source.work_id, source.terms_version))) for source in funded.quote.sources]
    return [(source, found) for source, found in pairs if found is not None]


def asks(terms: Terms) -> bool:
    """Whether terms ask for a grant: the licensor's approval, or a proof that operator or model are listed."""
    return terms.approval or terms.allow.listed
