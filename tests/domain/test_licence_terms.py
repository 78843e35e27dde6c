"""Licence terms: what they refuse, and what they cost."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.allow_list import AllowList
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.errors import InvalidInput, NotPermitted

from .documents import ALICE, BOB, digest
from .documents import TERMS as SAMPLE
from .strategies import terms, uses

WORK = "T-17"
OPEN = replace(SAMPLE, uses=frozenset(Use), max_weight=1_000_000, valid_from=0, valid_until=0)


@given(uses, st.integers(0, 1_000_000), st.booleans(), st.integers(0, 2**53))
def test_open_terms_permit_every_order(use: Use, weight: int, alone: bool, now: int) -> None:
    OPEN.require_permitted(WORK, use, weight, alone, now)


def refused(terms: Terms, use: Use = Use.PRIVATE, weight: int = 500_000, alone: bool = False, now: int = 150) -> str:
    with pytest.raises(NotPermitted) as error:
        terms.require_permitted(WORK, use, weight, alone, now)
    assert WORK in error.value.message
    assert error.value.hint
    return str(error.value)


def test_a_work_that_is_opted_out_enters_no_order() -> None:
    assert "opted out" in refused(Terms.opted_out())
    assert "opted out" in refused(replace(OPEN, inference=False))


@given(uses, uses)
def test_a_use_that_is_not_granted_is_refused_naming_those_that_are(granted: Use, asked: Use) -> None:
    only = replace(OPEN, uses=frozenset({granted}))
    if asked == granted:
        only.require_permitted(WORK, asked, 1, True, 1)
    else:
        said = refused(only, use=asked)
        assert asked.name.lower() in said
        assert granted.name.lower() in said


@given(st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_a_weight_above_the_highest_is_refused(highest: int, weight: int) -> None:
    limited = replace(OPEN, max_weight=highest)
    if weight <= highest:
        limited.require_permitted(WORK, Use.LIVE, weight, False, 1)
    else:
        assert "weight" in refused(limited, weight=weight)


def test_a_work_that_may_not_be_combined_stands_with_its_own_licensor_only() -> None:
    apart = replace(OPEN, combinable=False)
    apart.require_permitted(WORK, Use.PRIVATE, 500_000, True, 1)
    assert "combined" in refused(apart, alone=False)


@pytest.mark.parametrize(("now", "permitted"), [(99, False), (100, True), (199, True), (200, False)])
def test_terms_hold_from_their_first_second_until_before_their_last(now: int, permitted: bool) -> None:
    dated = replace(OPEN, valid_from=100, valid_until=200)
    if permitted:
        dated.require_permitted(WORK, Use.PRIVATE, 1, True, now)
    else:
        assert "not in force" in refused(dated, now=now)


def test_terms_without_an_end_do_not_end() -> None:
    replace(OPEN, valid_until=0).require_permitted(WORK, Use.PRIVATE, 1, True, 2**60)


@given(uses)
def test_the_price_is_that_of_use_and_token_however_the_address_is_written(use: Use) -> None:
    assert SAMPLE.price(use, ALICE) == SAMPLE.price(use, ALICE.lower()) == [1, 2, 3, 4][use]
    assert SAMPLE.price(use, NATIVE) == [5, 6, 7, 8][use]


def test_a_token_that_is_not_accepted_has_no_price() -> None:
    with pytest.raises(NotPermitted, match=BOB):
        SAMPLE.price(Use.PRIVATE, BOB)


def test_listed_operators_and_models_may_use_the_work_and_no_other() -> None:
    listed = replace(OPEN, allow=AllowList.of([ALICE], [digest("a")]))
    listed.require_permitted(WORK, Use.PRIVATE, 1, True, 1, ALICE.lower(), digest("a"))
    for operator, model in ((BOB, digest("a")), (ALICE, digest("b"))):
        with pytest.raises(NotPermitted, match=WORK):
            listed.require_permitted(WORK, Use.PRIVATE, 1, True, 1, operator, model)


def test_a_side_without_a_list_is_open_to_all() -> None:
    replace(OPEN, allow=AllowList.of([ALICE])).require_permitted(WORK, Use.PRIVATE, 1, True, 1, ALICE, digest("b"))
    replace(OPEN, allow=AllowList.of((), [digest("b")])).require_permitted(
        WORK, Use.PRIVATE, 1, True, 1, BOB, digest("b")
    )


def test_terms_that_ask_for_approval_refuse_nothing_and_say_so() -> None:
    asking = replace(OPEN, approval=True)
    asking.require_permitted(WORK, Use.PRIVATE, 1, True, 1)
    assert "approves each order" in asking.summary()
    assert "approves each order" not in OPEN.summary()


@given(uses)
def test_a_use_is_read_by_name_in_any_case(use: Use) -> None:
    assert Use.parse(use.name) == Use.parse(use.name.lower()) == use


@pytest.mark.parametrize("name", ["", "privat", "0", "private ", "PRIVATE,LIVE"])
def test_an_unknown_use_is_refused_naming_the_known_ones(name: str) -> None:
    with pytest.raises(InvalidInput, match="private, commercial, broadcast, live"):
        Use.parse(name)


@given(terms)
def test_the_summary_says_what_is_permitted(version: Terms) -> None:
    summary = version.summary()
    assert ("to train: yes" in summary) == version.training
    for use in Use:
        assert (use.name.lower() in summary) == (version.inference and use in version.uses)


def test_a_token_price_is_kept_in_the_order_of_uses() -> None:
    assert replace(SAMPLE, prices=(TokenPrice(BOB, (9, 0, 0, 0)),)).price(Use.PRIVATE, BOB) == 9


@given(st.integers(1, 1_000_000), st.integers(1, 1_000_000))
def test_the_summary_says_per_cent_as_exactly_as_they_are_signed(weight: int, downstream: int) -> None:
    said = replace(OPEN, max_weight=weight, downstream=downstream).summary()
    (most,) = re.findall(r"weight ≤ ([\d.]+)%", said)
    (later,) = re.findall(r"([\d.]+)% of later revenue", said)
    assert (Decimal(most) * 10_000, Decimal(later) * 10_000) == (weight, downstream)
    assert "weight ≤ 33.3%" in replace(OPEN, max_weight=333_000).summary()
