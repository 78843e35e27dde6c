"""What came after a commit: raises to wider uses, and later revenue."""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.audit.pinned import pinned
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Funded
from contrafact.domain.settlement import downstream
from contrafact.domain.terms import Use

NOT_COMMITTED = "The order was not committed before."


def raises(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """Each raise begins at the use before, widens it, and is permitted by all pinned terms; live is no such use."""
    chain, use, order = evidence.chain, funded.quote.use, funded.order_id
    raised = chain.raised_of[order]
    for event in raised:
        yield judge.equal("order.raised", event.before, use, "The order was raised from another use than it had.")
        holds, message = use < event.use < Use.LIVE, "The order was raised to a use that is not wider."
        yield judge.that("order.raised", holds, message, before=use.name.lower(), after=event.use.name.lower())
        for source, terms in pinned(chain, funded):
            message = f"The pinned terms of work {to_hex(source.work_id)} do not permit the use it was raised to."
            yield judge.that("order.raised", event.use in terms.uses, message, use=event.use.name.lower())
        yield judge.that("order.raised", bool(chain.committed_of[order]), NOT_COMMITTED)
        use = event.use
    if not raised:
        yield judge.that("order.raised", True, "")


def revenue(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """To the maker goes what the sources' parts leave."""
    chain, quote = evidence.chain, funded.quote
    paid, committed = chain.downstream_of[funded.order_id], chain.committed_of[funded.order_id]
    if paid and not committed:
        yield judge.that("order.revenue", False, NOT_COMMITTED)
        return
    parts = [source.downstream for source in quote.sources]
    for event in paid:
        expected = downstream(event.amount, committed[0].commit.shares, parts, quote.through).maker
        message = "Of later revenue the maker got another amount than the sources' parts leave."
        yield judge.paid("order.revenue", event.to_maker, expected, message, quote.token, f"maker {quote.maker}")
    if not paid:
        yield judge.that("order.revenue", True, "")
