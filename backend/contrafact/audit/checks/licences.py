"""Is the licence that goes with a piece the one that follows from the terms which its order pinned?"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes, Severity
from contrafact.audit.results import Done, Result
from contrafact.domain.history import Committed, Funded
from contrafact.domain.licence_facts import Licence, licensed_works, pinned_terms
from contrafact.domain.licence_text import licence_digest, template_of
from contrafact.errors import ContrafactError, NotFound

RULE = "record.licence"
MOST_DECIMALS = 36
"""No token that anybody could pay with has more."""
T = TypeVar("T")


def licence(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    """The text is made again and its digest compared, so that it is judged where the file itself is protected, too."""
    order = committed.commit.order_id
    files, funded = evidence.orders[order], evidence.chain.funded_of[order]
    if not isinstance(files.record, Done) or not funded:
        yield judge.skip(RULE, "The record could not be read, or the order was never funded.")
        return
    named = files.record.value.licence
    yield judge.had(RULE, files.files[named], "The licence text cannot be had.")
    try:
        facts = _facts(evidence, funded[0])
    except ContrafactError as error:
        yield judge.skip(RULE, f"The licence text could not be made again. {error.message}")
        return
    decimals, message = _decimals(named, facts), "The licence text is not the one that follows from the pinned terms."
    yield judge.that(RULE, decimals is not None, message, found=named, expected=licence_digest(facts))
    usual, message = decimals in (None, facts.decimals), "The licence text writes amounts unlike the token."
    yield judge.that(RULE, usual, message, severity=Severity.WARNING, found=decimals, expected=facts.decimals)


def _decimals(named: bytes, facts: Licence) -> int | None:
    """With how many decimals the text writes amounts, None where it is another text in any case.

    What a token says of itself is not relied on: it could say something else after the order, and blame an honest one.
    """
    likely = (facts.decimals, *range(MOST_DECIMALS + 1))
    return next((count for count in likely if template_of(replace(facts, decimals=count), named)), None)


def _facts(evidence: Evidence, funded: Funded) -> Licence:
    """Raises NotFound where a quoted document is not published, or the chain does not know what is pinned."""
    chain, catalogue, quote = evidence.chain, evidence.catalogue, funded.quote
    ids = {source.work_id for source in quote.sources}
    model = chain.model.get(quote.model_id)
    if model is None:
        raise NotFound("The order's model is not registered.")
    terms = [pinned_terms(chain.terms_of[source.work_id], source) for source in quote.sources]
    works = licensed_works(
        quote,
        terms,
        (split for work_id in ids for split in chain.splits_of[work_id]),
        ((since.work_id, since.licensor, since.block) for work_id in ids for since in chain.licensors_of[work_id]),
        funded.block,
        lambda digest: _had(catalogue.works.get(digest), "A work's description"),
    )
    name = _had(catalogue.models.get(model.metadata), "The model's description").name
    decimals = evidence.storage.tokens[quote.token].decimals
    return Licence(chain.domain, funded.order_id, quote, quote.use, works, name, decimals)


def _had(found: Result[T] | None, what: str) -> T:
    if not isinstance(found, Done):
        raise NotFound(f"{what} is not published, or cannot be read.")
    return found.value
