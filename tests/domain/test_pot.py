"""The queue of a pot, and what an epoch takes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.pot import Credit, Earned, Entry, Kind, queue, taken
from contrafact.errors import InvalidInput


def order(number: int) -> bytes:
    return number.to_bytes(32)


def paid(number: int, amount: int) -> Credit:
    return Credit(Kind.ORDER, order(number), amount)


CARRIED = Credit(Kind.CARRIED, order(1), 40)


def test_a_collection_brings_the_orders_before_it_in_the_chains_order() -> None:
    earned = [Earned(order(3), 30, (9, 1)), Earned(order(1), 10, (7, 4)), Earned(order(2), 20, (7, 5))]
    entries = [Entry(30, (7, 6)), Entry(30, (9, 2))]
    assert queue(earned, entries) == (paid(1, 10), paid(2, 20), paid(3, 30))


def test_what_was_not_collected_is_in_no_epoch() -> None:
    earned = [Earned(order(1), 10, (7, 4)), Earned(order(2), 20, (7, 9))]
    assert queue(earned, [Entry(10, (7, 6))]) == (paid(1, 10),)
    assert queue(earned, []) == ()


def test_carried_money_stands_where_it_was_carried() -> None:
    earned = [Earned(order(1), 10, (1, 0)), Earned(order(2), 20, (3, 0))]
    entries = [Entry(10, (2, 0)), Entry(40, (4, 0), CARRIED), Entry(20, (5, 0))]
    assert queue(earned, entries) == (paid(1, 10), CARRIED, paid(2, 20))


def test_fines_come_with_the_collection_that_fetched_them() -> None:
    fine = Earned(b"c" * 32, 7, (2, 1), Kind.FINE)
    earned = [Earned(order(1), 10, (1, 0)), fine, Earned(order(2), 20, (3, 0))]
    assert queue(earned, [Entry(17, (2, 5)), Entry(20, (4, 0))]) == (
        paid(1, 10),
        Credit(Kind.FINE, b"c" * 32, 7),
        paid(2, 20),
    )


def test_what_a_token_took_on_the_way_is_taken_from_all_orders_in_proportion() -> None:
    earned = [Earned(order(1), 100, (1, 0)), Earned(order(2), 300, (1, 1))]
    assert queue(earned, [Entry(396, (2, 0))]) == (paid(1, 99), paid(2, 297))


def test_money_that_no_order_explains_is_named() -> None:
    earned = [Earned(order(1), 100, (1, 0))]
    assert queue(earned, [Entry(101, (2, 0))]) == (paid(1, 100), Credit(Kind.OTHER, bytes(32), 1))


def test_an_epoch_takes_from_the_front() -> None:
    line = (paid(1, 10), CARRIED, paid(2, 20))
    assert taken(line, 0, 50) == (paid(1, 10), CARRIED)
    assert taken(line, 50, 20) == (paid(2, 20),)


def test_a_collection_between_looking_and_closing_stays_for_the_next_epoch() -> None:
    """The registrant saw order 1 and closes 10; somebody collected order 2 before that."""
    earned = [Earned(order(1), 10, (1, 0)), Earned(order(2), 20, (3, 0))]
    line = queue(earned, [Entry(10, (2, 0)), Entry(20, (4, 0))])
    assert taken(line, 0, 10) == (paid(1, 10),)
    assert taken(line, 10, 20) == (paid(2, 20),)


def test_a_credit_that_a_total_cuts_lies_in_two_epochs() -> None:
    line = (paid(1, 10), paid(2, 20))
    assert taken(line, 0, 15) == (paid(1, 10), paid(2, 5))
    assert taken(line, 15, 15) == (paid(2, 15),)


def test_no_epoch_takes_more_than_there_was() -> None:
    with pytest.raises(InvalidInput):
        taken((paid(1, 10),), 5, 6)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12), st.data())
def test_epochs_take_everything_once(amounts: list[int], data: st.DataObject) -> None:
    line = tuple(paid(i, amount) for i, amount in enumerate(amounts))
    before, got = 0, dict.fromkeys(range(len(amounts)), 0)
    while before < sum(amounts):
        total = data.draw(st.integers(1, sum(amounts) - before))
        credits = taken(line, before, total)
        assert sum(credit.amount for credit in credits) == total
        for credit in credits:
            got[int.from_bytes(credit.source)] += credit.amount
        before += total
    assert list(got.values()) == amounts
