"""An honest history passes, whatever its numbers."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.audit import AuditVerdict, Tools
from contrafact.audit.rules import RULES
from contrafact.domain.digests import to_hex
from contrafact.domain.settlement import refund_penalty
from contrafact.domain.splits import Split
from contrafact.ports import OrderStatus

from .fakes import TOKEN
from .history import World, address, empty_world, honest_world, terms


def test_honest_history_is_ok() -> None:
    report = honest_world().audit()
    assert report.findings == ()
    assert report.not_checked == ()
    assert report.verdict is AuditVerdict.OK


def test_honest_history_exercises_every_rule() -> None:
    """But for those of epochs and of fines, which are on a real chain in tests/pooling."""
    report = honest_world().audit()
    idle = {name for name in RULES if report.tallies[name].done == 0 and not name.startswith("pool.")}
    assert idle == {"money.fine"}
    assert report.done == sum(tally.done for tally in report.tallies.values())


def test_scope_counts_what_was_looked_at() -> None:
    scope = honest_world().audit().scope
    assert scope == {
        "works": 2, "terms_versions": 4, "models": 1, "orders": 4,
        "committed": 2, "refunded": 1, "operators": 1, "credits": 6, "payouts": 4,
    }  # fmt: skip


def test_chain_without_orders_is_ok() -> None:
    report = empty_world().audit()
    assert (report.verdict, report.orders) == (AuditVerdict.OK, ())


def test_an_order_that_needed_several_attempts_is_ok() -> None:
    world = honest_world()
    for nonce in range(10, 16):  # half of all attempts fail, so some of these orders need more than one
        world.deliver(world.fund(f"order {nonce}", world.quote(nonce)))
    report = world.audit()
    attempts = [world.record(event.commit.order_id).attempt for event in world.ledger.committed_list]
    assert max(attempts) > 0
    assert report.verdict is AuditVerdict.OK


def test_without_tools_each_order_says_what_was_not_checked() -> None:
    world = honest_world()
    world.tools = Tools()
    report = world.audit()
    replays = {gap.subject.id: gap.reason for gap in report.not_checked if gap.check == "replay.same"}
    assert replays == {
        to_hex(world.orders[name]): "Not replayed: no generator installed." for name in ("first", "second")
    }
    assert (report.verdict, report.findings) == (AuditVerdict.INCOMPLETE, ())


def test_summary_accounts_for_every_unit_of_an_order() -> None:
    report = honest_world().audit()
    for order in report.orders:
        paid = sum(payment.amount for payment in order.payments)
        penalty = refund_penalty(order.escrowed) if order.status is OrderStatus.REFUNDED else 0
        assert order.escrowed == paid + order.operator_fee + order.returned - penalty + order.waiting
        for payment in order.payments:
            assert payment.amount == sum(part.amount for part in payment.holders) + payment.rounding
    statuses = [order.status for order in report.orders]
    ended = [OrderStatus.COMMITTED, OrderStatus.REFUNDED, OrderStatus.COMMITTED, OrderStatus.FUNDED]
    assert statuses == ended


def test_owed_money_of_failed_transfers_is_part_of_the_balance() -> None:
    world = honest_world()
    fee = world.ledger.committed_list[0].operator_fee
    world.ledger.debts[address("operator"), TOKEN] += fee
    world.ledger.balances[world.ledger.domain.contract, TOKEN] += fee
    assert world.audit().verdict is AuditVerdict.OK


splits = st.lists(st.integers(1, 10**6), min_size=1, max_size=64).map(
    lambda parts: Split.of([(address(f"holder {i}"), share) for i, share in enumerate(_ppm(parts))])
)


def _ppm(parts: list[int]) -> list[int]:
    """Positive shares in proportion to `parts`, summing to a million."""
    floors = [max(1, part * 10**6 // sum(parts)) for part in parts]
    floors[floors.index(max(floors))] += 10**6 - sum(floors)
    return floors


@given(
    prices=st.tuples(st.integers(0, 2**76), st.integers(0, 2**76)),
    rights=st.tuples(splits, splits),
    weight=st.integers(100_000, 900_000),
    payouts=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 63)), max_size=8),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_honest_history_is_ok(
    prices: tuple[int, int], rights: tuple[Split, Split], weight: int, payouts: list[tuple[int, int]]
) -> None:
    world = _world(prices, rights)
    world.deliver(world.fund("one", world.quote(1, (weight, 10**6 - weight))))
    for which, index in payouts:
        world.ledger.payout(world.works[which], rights[which], index % len(rights[which].leaves), TOKEN)
    world.deliver(world.fund("two", world.quote(2, (10**6 - weight, weight))))
    report = world.audit()
    assert report.findings == ()
    assert report.verdict is AuditVerdict.OK


def _world(prices: tuple[int, int], rights: tuple[Split, Split]) -> World:
    world = empty_world()
    for name, price, split in zip(("A", "B"), prices, rights, strict=True):
        world.ledger.set_terms(world.add_work(name, "publisher", split), terms(price))
    return world
