"""Rights holders are paid what comes outside of an order's job, too: once, and when they wish it."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.demo import world
from contrafact.domain.history import Claim
from contrafact.domain.settlement import raised
from contrafact.domain.terms import Use
from contrafact.jobs.paying import Paying
from contrafact.ledger.calls import Calls
from contrafact.ledger.calls.orders import Finished
from contrafact.ledger.contracts import Contracts
from contrafact.store.database import Database
from contrafact.store.describer import Describer
from contrafact.store.jobs import Jobs
from contrafact.wiring import Site, indexing
from contrafact.wiring.operating import ChainOrders, IndexedOrders
from tests.ledger.sent import wait_for

from .studio import MAKER, OPERATOR, Studio, settled_exactly, shift

PATIENT = world.account(3)
"""A licensor with a minimum."""


def widen(site: Site, order: bytes) -> None:
    """The maker pays for broadcasting its finished private piece."""
    (funded,), (committed,) = site.reader.funded(order), site.reader.committed(order)
    quote, commit = funded.quote, committed.commit
    terms = [version.terms for version in site.reader.terms_history([s.work_id for s in quote.sources])]
    prices = [one.price(Use.BROADCAST, quote.token) for one in terms]
    finished = Finished(quote, funded.maker_salt, commit, Use.PRIVATE)
    cost = sum(raised(quote.rates, prices, commit.duration, commit.shares))
    orders = Calls(Contracts(site.connection, site.deployment)).orders
    site.writer(MAKER)._pay_in(orders.raise_use(finished, Use.BROADCAST, terms, cost))


def due(site: Site, claims: Sequence[Claim]) -> dict[str, int]:
    """Who has money waiting, and how much."""
    amounts = {claim.leaf.holder: site.reader.claimable(claim) for claim in claims}
    return {holder: amount for holder, amount in amounts.items() if amount}


def test_a_wider_use_is_paid_out_and_what_is_below_a_minimum_once_that_is_lowered(
    studio: Studio, jobs: Jobs, database: Database
) -> None:
    site, orders = studio.site(), ChainOrders(studio.site(), OPERATOR.address)
    (order,) = studio.fund(site)
    with shift(site, jobs, pay=0) as quiet:
        wait_for(lambda: not quiet.runner.running and site.reader.committed(order) and not due(site, orders.unpaid()))
    site.writer(PATIENT).set_threshold(site.token(), 10**12)
    widen(site, order)
    everybody = {claim.leaf.holder for claim in orders.unpaid()}
    waiting = due(site, orders.unpaid())
    assert set(waiting) == everybody
    indexing.indexer(site, database).catch_up()
    Describer(database, site.store).step()
    indexed = IndexedOrders(indexing.read_model(database), site.settings.home, OPERATOR.address)
    assert due(site, indexed.unpaid()) == waiting
    settled = site.reader.committed(order)[0].block
    assert indexing.read_model(database).settled_since(settled - 1)
    assert not indexing.read_model(database).settled_since(site.connection.confirmed_head())
    before = {holder: site.reader.balance(holder, site.token()) for holder in everybody}
    with shift(site, jobs, pay=0.2):
        wait_for(lambda: due(site, orders.unpaid()) == {PATIENT.address: waiting[PATIENT.address]})
        site.writer(PATIENT).set_threshold(site.token(), 0)
        wait_for(lambda: not due(site, orders.unpaid()))
    after = {holder: site.reader.balance(holder, site.token()) for holder in everybody}
    assert {holder: after[holder] - before[holder] for holder in everybody} == waiting
    assert settled_exactly(site, [order])


def test_a_round_with_nothing_to_send_sends_nothing(studio: Studio, jobs: Jobs) -> None:
    site = studio.site()
    (order,) = studio.fund(site)
    with shift(site, jobs, pay=0) as quiet:
        wait_for(lambda: not quiet.runner.running and site.reader.committed(order) and jobs.listed())
    workshop, sent = site.workshop(OPERATOR), site.connection.web3.eth.get_transaction_count
    paying = Paying(ChainOrders(site, OPERATOR.address), workshop.reader, workshop.writer, lambda event: None)
    paying.run()
    before = sent(site.connection.web3.to_checksum_address(OPERATOR.address))
    paying.run()
    assert sent(site.connection.web3.to_checksum_address(OPERATOR.address)) == before
