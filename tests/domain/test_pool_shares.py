"""How an amount is shared among training works: sums, copies, and the owner's cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.pool_shares import GRAINS, Families, capped, scores_of
from contrafact.domain.shares import PPM
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import InvalidInput

from .training import OWNERS, scores_for, some_works, work

amounts = st.integers(0, 50) | st.integers(0, 10**30)
caps = st.sampled_from([1, 200_000, 333_333, 500_000, PPM - 1, PPM]) | st.integers(1, PPM)


def by_owner(works: Sequence[TrainingWork], parts: Sequence[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one, part in zip(works, parts, strict=True):
        found[one.owner] = found.get(one.owner, 0) + part
    return found


def by_family(works: Sequence[TrainingWork], parts: Sequence[int]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for one, part in zip(works, parts, strict=True):
        found[one.family] = found.get(one.family, 0) + part
    return found


def equally(works: Sequence[TrainingWork], amount: int) -> dict[str, int]:
    """What each owner has of an amount under `equal`."""
    families = Families.of(works)
    return by_owner(families.works, families.equally(amount))


@given(some_works(), amounts)
def test_equal_parts_sum_to_the_amount_and_are_never_negative(works: tuple[TrainingWork, ...], amount: int) -> None:
    parts = Families.of(works).equally(amount)
    assert sum(parts) == amount
    assert min(parts) >= 0


@given(some_works(), amounts)
def test_each_family_has_the_same_whatever_it_numbers(works: tuple[TrainingWork, ...], amount: int) -> None:
    families = Families.of(works)
    found = by_family(families.works, families.equally(amount)).values()
    assert max(found) - min(found) <= 1


@given(some_works(), st.data())
def test_a_family_is_shared_equally_by_its_owners_and_an_owners_part_by_its_works(
    works: tuple[TrainingWork, ...], data: st.DataObject
) -> None:
    families = Families.of(works)
    parts = dict(zip(families.works, families.equally(10**9 * GRAINS), strict=True))
    family = data.draw(st.sampled_from([one.family for one in works]))
    mine = [one for one in families.works if one.family == family]
    owners = by_owner(mine, [parts[one] for one in mine])
    assert max(owners.values()) - min(owners.values()) <= 1
    for owner in owners:
        own = [parts[one] for one in mine if one.owner == owner]
        assert max(own) - min(own) <= 1


@given(some_works(), st.data(), st.integers(1, 40))
def test_copies_of_what_an_owner_has_earn_it_nothing(
    works: tuple[TrainingWork, ...], data: st.DataObject, count: int
) -> None:
    """Whoever registers variants of its own works takes nothing from anybody: rounding of grains is all that moves."""
    hostile = data.draw(st.sampled_from(works))
    mine = [one for one in works if one.owner == hostile.owner]
    copied = data.draw(st.lists(st.sampled_from(mine), min_size=count, max_size=count))
    copies = [replace(work(1000 + i, 0, one.owner), family=one.family) for i, one in enumerate(copied)]
    before, after = equally(works, 10**6 * GRAINS), equally([*works, *copies], 10**6 * GRAINS)
    assert before.keys() == after.keys()
    assert all(abs(after[owner] - before[owner]) <= len(works) for owner in before)


@given(some_works(), st.integers(2, 40))
def test_many_variants_of_somebody_elses_tune_earn_no_more_than_one(
    works: tuple[TrainingWork, ...], count: int
) -> None:
    hostile = "0x" + "99" * 20
    copies = [replace(work(1000 + i, 0, hostile), family=works[0].family) for i in range(count)]
    one, many = equally([*works, copies[0]], 10**6 * GRAINS), equally([*works, *copies], 10**6 * GRAINS)
    assert all(abs(many[owner] - one[owner]) <= len(works) + 1 for owner in one)


@given(some_works(), st.data(), amounts)
def test_parts_by_influence_sum_and_nothing_counts_for_nothing(
    works: tuple[TrainingWork, ...], data: st.DataObject, amount: int
) -> None:
    scores, families = data.draw(scores_for(works)), Families.of(works)
    parts = families.divided(amount, scores)
    assert sum(parts) == amount
    assert all(part == 0 for part, score in zip(parts, scores, strict=True) if not score)
    assert min(parts) >= 0


@given(some_works(), amounts, st.integers(1, 10**9))
def test_influence_with_one_score_for_all_is_equal(works: tuple[TrainingWork, ...], amount: int, score: int) -> None:
    families = Families.of(works)
    assert families.divided(amount, [score] * len(works)) == families.equally(amount)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any))
def test_works_of_families_of_their_own_are_paid_in_proportion_to_their_scores(scores: list[int]) -> None:
    families = Families.of([work(i, i, OWNERS[i % 3]) for i in range(len(scores))])
    parts, amount = families.divided(10**6 * GRAINS, scores), 10**6 * GRAINS
    for part, score in zip(parts, scores, strict=True):
        assert abs(part - Fraction(score * amount, sum(scores))) < 1


@given(some_works(), st.data(), st.integers(1, 40))
def test_copies_with_no_higher_score_earn_nothing_by_influence(
    works: tuple[TrainingWork, ...], data: st.DataObject, count: int
) -> None:
    score = dict(zip([one.work_id for one in works], data.draw(scores_for(works)), strict=True))
    copied = data.draw(st.sampled_from(works))
    copies = [replace(work(1000 + i, 0, copied.owner), family=copied.family) for i in range(count)]
    given_, amount = score | {one.work_id: score[copied.work_id] for one in copies}, 10**6 * GRAINS
    owners = []
    for some in (works, [*works, *copies]):
        families = Families.of(some)
        owners.append(by_owner(families.works, families.divided(amount, [given_[w.work_id] for w in families.works])))
    before, after = owners
    assert all(abs(after[owner] - before[owner]) <= len(works) for owner in before)


@given(some_works(), st.data())
def test_the_order_in_which_works_are_listed_changes_nothing(
    works: tuple[TrainingWork, ...], data: st.DataObject
) -> None:
    assert Families.of(data.draw(st.permutations(works))) == Families.of(works)


@given(some_works(), amounts, caps)
def test_a_cap_holds_for_every_owner_or_all_have_the_same(
    works: tuple[TrainingWork, ...], amount: int, cap: int
) -> None:
    families = Families.of(works)
    parts = capped(families.works, families.equally(amount), cap)
    assert sum(parts) == amount
    assert min(parts) >= 0
    owners = [part for part in by_owner(families.works, parts).values() if part]
    if len(owners) * (amount * cap // PPM) >= amount:
        assert all(part <= Fraction(amount * cap, PPM) for part in owners)
    else:
        assert max(owners) - min(owners) <= 1


@given(st.lists(st.integers(0, 5) | st.integers(0, 10**15), min_size=1, max_size=8), caps)
def test_what_is_above_the_cap_goes_to_the_others_in_proportion(had: list[int], cap: int) -> None:
    """Against a search for the factor by which everybody's part grows, in exact fractions."""
    works = [work(i, i, f"0x{i + 10:040x}") for i in range(len(had))]
    found = capped(works, had, cap)
    expected = _levelled([Fraction(part) for part in had], Fraction(cap, PPM))
    assert all(abs(part - exact) <= len(had) + 1 for part, exact in zip(found, expected, strict=True))


@given(some_works(), amounts)
def test_no_cap_changes_nothing(works: tuple[TrainingWork, ...], amount: int) -> None:
    families = Families.of(works)
    parts = families.equally(amount)
    assert capped(families.works, parts, PPM) == parts


def test_an_owner_with_many_tunes_is_held_to_its_cap_and_keeps_their_proportions() -> None:
    works = Families.of([*(work(i, i, OWNERS[0]) for i in range(8)), work(8, 8, OWNERS[1]), work(9, 9, OWNERS[2])])
    parts = capped(works.works, works.equally(1000 * GRAINS), 500_000)
    assert by_owner(works.works, parts) == {
        OWNERS[0]: 500 * GRAINS,
        OWNERS[1]: 250 * GRAINS,
        OWNERS[2]: 250 * GRAINS,
    }
    assert {part for one, part in zip(works.works, parts, strict=True) if one.owner == OWNERS[0]} == {62.5 * GRAINS}


def test_an_excess_that_lifts_another_above_the_cap_is_passed_on() -> None:
    works = [work(i, i, OWNERS[i]) for i in range(4)]
    assert capped(works, [700, 200, 60, 40], 350_000) == [350, 350, 180, 120]


def test_scores_are_of_works_in_the_manifest_and_say_something() -> None:
    works = [work(1, 1), work(2, 2)]
    assert scores_of(works, {works[1].content: 7}) == [0, 7]
    for useless in ({}, {works[0].content: 0}, {works[0].content: -1, works[1].content: 3}, {b"x" * 32: 4}):
        with pytest.raises(InvalidInput):
            scores_of(works, useless)


def test_works_are_at_least_one_and_each_once() -> None:
    for works in ([], [work(1, 1), work(1, 2)]):
        with pytest.raises(InvalidInput):
            Families.of(works)
    for scores in ([1], [1, -1], [0, 0]):
        with pytest.raises(InvalidInput):
            Families.of([work(1, 1), work(2, 2)]).divided(5, scores)


def _levelled(parts: list[Fraction], cap: Fraction) -> list[Fraction]:
    """Each paid owner has min(limit, factor × part), with the factor at which the sum stays."""
    whole = sum(parts)
    paid = sorted(part for part in parts if part)
    limit = whole * cap
    if len(paid) * limit < whole:
        return [whole / len(paid) if part else Fraction(0) for part in parts]
    for full in range(len(paid) + 1):  # so many of the largest are at the limit
        rest = paid[: len(paid) - full]
        factor = (whole - full * limit) / sum(rest) if rest else Fraction(0)
        if not rest or rest[-1] * factor <= limit:
            break
    kept = set(rest)
    return [part * factor if part in kept else min(part * 10**30, limit) for part in parts]
