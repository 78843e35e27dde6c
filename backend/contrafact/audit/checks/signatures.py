"""Who signed an order, and its commit? Read back from the calldata of the transactions that called the escrow itself.

Where another contract called it, a relayer's or a wallet, the calldata is that contract's, and the escrow's own code,
which is checked, judged alone: then the check says so, and the audit is not incomplete for it.
"""

from __future__ import annotations

from contrafact.audit.calls import OrderCalls, Signed
from contrafact.audit.evidence import Evidence, in_force
from contrafact.audit.outcomes import Judge, Outcome, Outcomes
from contrafact.audit.pinned import asks, pinned
from contrafact.domain import merkle
from contrafact.domain.addresses import NATIVE, to_number
from contrafact.domain.digests import to_hex
from contrafact.domain.grants import Grant
from contrafact.domain.history import Committed, Funded
from contrafact.domain.orders import Source
from contrafact.domain.terms import Terms

BY_CONTRACT = "Another contract called the escrow, whose code alone judged the signature."
NO_CALLS = OrderCalls()


def quote(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """The operator's key, or the one it had named, signed the order's id."""
    calls = _calls(evidence, funded.order_id)
    if calls.funding is None or calls.quote is None:
        yield judge.excused("order.signed", BY_CONTRACT)
        return
    said, event = (calls.funding.quote, calls.funding.maker_salt), (funded.quote, funded.maker_salt)
    message = "The transaction funded another quote than its event says."
    yield judge.that("order.signed", said == event, message, transaction=funded.transaction)
    message = "The quote is not signed by its operator."
    yield _by_operator("order.signed", evidence, funded.quote.operator, funded, calls.quote, message, judge)


def asked(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """The maker sent the order, or signed it for somebody else to send."""
    calls, maker = _calls(evidence, funded.order_id), funded.quote.maker
    if calls.funding is None:
        yield judge.excused("order.asked", BY_CONTRACT)
    elif calls.funding.authorised:
        yield judge.excused("order.asked", "The maker's token judged its authorisation of the payment.")
    elif calls.maker is None:
        message, sender = "The order was sent by somebody else than its maker, who has not signed it.", calls.funding
        holds = sender.sender == maker
        yield judge.that("order.asked", holds, message, maker=maker, sender=sender.sender)
    else:
        yield _signature("order.asked", {maker}, maker, calls.maker, "The maker has not signed the order.", judge)


def commit(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    order = committed.commit.order_id
    calls, funded = _calls(evidence, order), evidence.chain.funded_of[order]
    if not funded:
        yield judge.skip("commit.signed", "The order was never funded.")
        return
    if calls.committing is None or calls.commit is None:
        yield judge.excused("commit.signed", BY_CONTRACT)
        return
    said = (calls.committing.quote, calls.committing.commit.to_abi())
    holds = said == (funded[0].quote, committed.commit.to_abi())
    message = "The transaction committed something else than its event says."
    yield judge.that("commit.signed", holds, message, transaction=committed.transaction)
    message = "The commit is not signed by the order's operator."
    yield _by_operator("commit.signed", evidence, funded[0].quote.operator, committed, calls.commit, message, judge)


def granted(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """What sources' terms ask for beyond their words, as the catalogue asks for it: in the order of the sources."""
    asking = [(source, terms) for source, terms in pinned(evidence.chain, funded) if asks(terms)]
    call = _calls(evidence, funded.order_id).funding
    if asking and call is None:
        yield judge.excused("order.granted", "Another contract called the escrow, whose code alone judged the grants.")
        return
    given = call.grants if call else ()
    message = "There is not one grant for each source whose terms ask for one."
    yield judge.equal("order.granted", len(given), len(asking), message)
    for (source, terms), grant in zip(asking, given, strict=False):
        yield from _listed(funded, source, terms, grant, judge)
        if terms.approval:
            yield _approved(evidence, funded, source, judge)


def _listed(funded: Funded, source: Source, terms: Terms, grant: Grant, judge: Judge) -> Outcomes:
    """Operator and model are on the list whose root the terms state."""
    quote, allow, work = funded.quote, terms.allow, to_hex(source.work_id)
    if allow.lists_operators:
        value = to_number(quote.operator).to_bytes(32)
        holds, message = merkle.proves(allow.root, value, grant.operator_proof), "does not list the order's operator"
        yield judge.that("order.granted", holds, f"The licensor of work {work} {message}.", operator=quote.operator)
    if allow.lists_models:
        holds, message = merkle.proves(allow.root, quote.model_id, grant.model_proof), "does not list the order's model"
        yield judge.that("order.granted", holds, f"The licensor of work {work} {message}.", model=quote.model_id)


def _approved(evidence: Evidence, funded: Funded, source: Source, judge: Judge) -> Outcome:
    history = in_force(evidence.chain.licensors_of[source.work_id], funded.block)
    licensors = {since.licensor for since in history}
    found = _calls(evidence, funded.order_id).approvals.get(source.work_id, Signed(None))
    message = f"The licensor of work {to_hex(source.work_id)} has not approved the order."
    return _signature("order.granted", licensors, ", ".join(sorted(licensors)), found, message, judge)


def _by_operator(
    check: str,
    evidence: Evidence,
    operator: str,
    event: Funded | Committed,
    found: Signed,
    message: str,
    judge: Judge,
) -> Outcome:
    named = {key.signer for key in in_force(evidence.chain.keys_of[operator], event.block)} - {NATIVE}
    return _signature(check, named | {operator}, operator, found, message, judge)


def _signature(check: str, keys: set[str], signer: str, found: Signed, message: str, judge: Judge) -> Outcome:
    """Whether one of `keys` signed, or the contract at the signer's address says yes.

    A contract that says no now may have said yes then: only the escrow's code knows.
    """
    if found.by not in keys and found.wallet is False:
        return judge.excused(check, f"{signer} is a contract, which accepts the signature no more.")
    return judge.that(check, found.by in keys or bool(found.wallet), message, signed_by=found.by, signer=signer)


def _calls(evidence: Evidence, order_id: bytes) -> OrderCalls:
    return evidence.calls.get(order_id, NO_CALLS)
