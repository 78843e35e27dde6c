"""Rights holders are paid what comes outside of an order's job, too: once, and when they wish it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Event
from threading import enumerate as enumerate_threads

from contrafact.demo import world
from contrafact.domain.history import Claim
from contrafact.domain.job_state import JobStatus
from contrafact.domain.settlement import raised
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE, Use
from contrafact.jobs.events import JobEvent
from contrafact.jobs.paying import DAY, Paying
from contrafact.ledger.calls import Calls
from contrafact.ledger.calls.orders import Finished
from contrafact.ledger.contracts import Contracts
from contrafact.order.payouts import split_payables
from contrafact.store.database import Database
from contrafact.store.describer import Describer
from contrafact.store.jobs import Jobs
from contrafact.wiring import Site, indexing
from contrafact.wiring.operating import ChainOrders, IndexedOrders
from tests.ledger.contract_wallet import ContractWallet
from tests.ledger.sent import wait_for

from .studio import MAKER, OPERATOR, Studio, register, settled_exactly, shift

PATIENT = world.account(3)
"""A licensor with a minimum."""


class FakeClock:
    """Stands until a test sets it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def fail(event: JobEvent) -> None:
    raise AssertionError(event.error)


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
    assert "payouts" not in [thread.name for thread in enumerate_threads()]
    after = {holder: site.reader.balance(holder, site.token()) for holder in everybody}
    assert {holder: after[holder] - before[holder] for holder in everybody} == waiting
    indexing.indexer(site, database).catch_up()
    assert not indexed.unpaid()
    assert settled_exactly(site, [order])


def coins(studio: Studio, wallet: ContractWallet) -> tuple[Site, bytes, Claim, Claim]:
    """A site where pieces are paid in coin, of a work of the wallet, which has confirmed its place, and of somebody who
    has not; each gets a third, the licensor the rest. The site, the work, and their claims.
    """
    site, stranger = studio.site(token="native"), world.account(12).address
    split = Split.of([(PATIENT.address, 333_334), (wallet.address, 333_333), (stranger, 333_333)])
    work = register(site, "Tune in coin", split, [PATIENT], NATIVE)
    site.writer(OPERATOR).deposit_bond(NATIVE, 10**9)
    claims = [payable.claim for payable in split_payables(work, split, NATIVE)]
    confirm = Calls(Contracts(site.connection, site.deployment)).royalties.confirm(claims[1:2], [b""])
    site.connection.send(wallet.perform(confirm.function), wallet.owner)
    return site, work, claims[1], claims[2]


def test_a_wallet_that_refuses_is_left_alone_for_a_day_and_who_did_not_confirm_altogether(
    studio: Studio, jobs: Jobs
) -> None:
    wallet = ContractWallet(studio.site().connection, world.account(13))
    site, work, refused, unconfirmed = coins(studio, wallet)
    site.connection.send(wallet.contract.functions.setReaction(1), wallet.owner)
    (order,) = replace(studio, works=(work,)).fund(site)
    with shift(site, jobs, pay=0) as quiet:
        wait_for(lambda: not quiet.runner.running and site.reader.committed(order) and jobs.listed(JobStatus.FINISHED))
    workshop, clock = site.workshop(OPERATOR), FakeClock()
    orders, turn = ChainOrders(site, OPERATOR.address), workshop.paying
    paying = Paying(orders, workshop.reader, workshop.writer, turn, clock=clock, on_event=fail)

    def sent_in_a_round() -> int:
        before = site.connection.nonce(OPERATOR.address)
        assert paying.run(Event())
        return site.connection.nonce(OPERATOR.address) - before

    assert site.reader.claimable(refused) == site.reader.claimable(unconfirmed) > 0
    assert [sent_in_a_round(), sent_in_a_round()] == [1, 0]
    clock.now += DAY
    assert [sent_in_a_round(), sent_in_a_round()] == [1, 0]
    clock.now += DAY
    assert sent_in_a_round() == 0
    site.connection.send(wallet.contract.functions.setReaction(0), wallet.owner)
    clock.now += DAY
    assert [sent_in_a_round(), sent_in_a_round()] == [1, 0]
    assert site.reader.claimable(refused) == 0 < site.reader.claimable(unconfirmed)
