"""How an epoch follows from its credits, and its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.epoch_tree import repeated
from contrafact.domain.epochs import EpochKey, EpochRecord, shared_out
from contrafact.domain.influence_scores import InfluenceScores
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.pool_shares import GRAINS
from contrafact.domain.pot import Credit, Kind
from contrafact.domain.shares import PPM
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import InvalidInput

from .training import OWNERS, scores_for, some_works, work

KEY = EpochKey(31337, "0x" + "12" * 20, b"m" * 32, "0x" + "34" * 20, 3)
WEIGHTS, MANIFEST = b"w" * 32, b"r" * 32
INFLUENCE = PoolRule(Rule.INFLUENCE, PPM, b"e" * 32)

credits_ = st.lists(st.tuples(st.sampled_from(Kind), st.integers(1, 10**15)), min_size=1, max_size=6).map(
    lambda rows: [Credit(kind, i.to_bytes(32), amount) for i, (kind, amount) in enumerate(rows)]
)
rules = st.builds(PoolRule, owner_cap=st.integers(1, PPM))


def ordered(*amounts: int) -> list[Credit]:
    return [Credit(Kind.ORDER, i.to_bytes(32), amount) for i, amount in enumerate(amounts)]


def equal(credits: Sequence[Credit], works: Sequence[TrainingWork], rule: PoolRule | None = None) -> EpochRecord:
    return shared_out(KEY, rule or PoolRule(), Rule.EQUAL, MANIFEST, credits, works)


def scored(works: Sequence[TrainingWork], *rows: Sequence[int]) -> InfluenceScores:
    """Scores of the orders 0, 1, …, given in the order of the works."""
    measured = {i.to_bytes(32): {w.content: s for w, s in zip(works, row, strict=True)} for i, row in enumerate(rows)}
    return InfluenceScores.of(WEIGHTS, works, measured)


def paid(record: EpochRecord) -> dict[str, int]:
    return {leaf.holder: leaf.amount for leaf in record.tree.leaves}


@given(some_works(), credits_, rules)
def test_works_and_holders_have_exactly_the_total(
    works: tuple[TrainingWork, ...], credits: list[Credit], rule: PoolRule
) -> None:
    record = equal(credits, works, rule)
    assert record.total == sum(credit.amount for credit in credits) == record.tree.total
    assert sum(work.grains for work in record.works) == record.total * GRAINS
    assert {work.work_id for work in record.works} == {work.work_id for work in works}
    assert repeated(record.tree.leaves) == {}


@given(some_works(), credits_, rules, st.data())
def test_the_same_facts_in_whatever_order_give_the_same_record(
    works: tuple[TrainingWork, ...], credits: list[Credit], rule: PoolRule, data: st.DataObject
) -> None:
    assert equal(credits, data.draw(st.permutations(works)), rule).to_bytes() == equal(credits, works, rule).to_bytes()


@given(some_works(), credits_, rules, st.data())
def test_by_influence_works_and_holders_have_exactly_the_total(
    works: tuple[TrainingWork, ...], credits: list[Credit], rule: PoolRule, data: st.DataObject
) -> None:
    rule = replace(rule, rule=Rule.INFLUENCE, evidence=b"e" * 32)
    # works of one content cannot have two scores; these are all of their own content
    scores = scored(works, *(data.draw(scores_for(works)) for _ in credits))
    record = shared_out(KEY, rule, Rule.INFLUENCE, MANIFEST, credits, works, scores)
    assert sum(work.grains for work in record.works) == record.total * GRAINS
    assert record.tree.total == record.total
    assert record.scores == scores.digest()


def test_each_orders_base_goes_by_its_own_scores() -> None:
    works = [work(i, i, OWNERS[i]) for i in range(3)]
    record = shared_out(
        KEY, INFLUENCE, Rule.INFLUENCE, MANIFEST, ordered(1000, 600), works, scored(works, (3, 1, 0), (0, 1, 5))
    )
    assert paid(record) == {OWNERS[0]: 750, OWNERS[1]: 250 + 100, OWNERS[2]: 500}


def test_what_no_order_paid_goes_equally() -> None:
    works = [work(i, i, OWNERS[i]) for i in range(2)]
    credits = [*ordered(100), Credit(Kind.CARRIED, b"1" * 32, 30), Credit(Kind.FINE, b"2" * 32, 10)]
    record = shared_out(KEY, INFLUENCE, Rule.INFLUENCE, MANIFEST, credits, works, scored(works, (1, 0)))
    assert paid(record) == {OWNERS[0]: 120, OWNERS[1]: 20}


def test_where_influence_is_not_in_force_scores_count_for_nothing() -> None:
    works = [work(i, i, OWNERS[i]) for i in range(2)]
    record = shared_out(KEY, INFLUENCE, Rule.EQUAL, MANIFEST, ordered(100), works, scored(works, (1, 0)))
    assert paid(record) == {OWNERS[0]: 50, OWNERS[1]: 50}
    assert (record.scores, record.rule, record.applied) == (None, INFLUENCE, Rule.EQUAL)


def test_influence_needs_the_scores_of_every_order() -> None:
    works = [work(i, i) for i in range(2)]
    for scores in (None, scored(works, (1, 0))):
        with pytest.raises(InvalidInput):
            shared_out(KEY, INFLUENCE, Rule.INFLUENCE, MANIFEST, ordered(100, 50), works, scores)


def test_an_epoch_needs_money_and_works() -> None:
    with pytest.raises(InvalidInput, match="nothing to share"):
        equal([], [work(1, 1)])
    with pytest.raises(InvalidInput, match="no training works"):
        equal(ordered(5), [])


@given(some_works(), credits_, rules)
def test_a_record_comes_back_from_its_document(
    works: tuple[TrainingWork, ...], credits: list[Credit], rule: PoolRule
) -> None:
    record = equal(credits, works, rule)
    again = EpochRecord.from_bytes(record.to_bytes())
    assert again == record
    assert again.digest == record.digest


@given(some_works(), st.data())
def test_scores_come_back_from_their_document(works: tuple[TrainingWork, ...], data: st.DataObject) -> None:
    rows = [data.draw(scores_for(works)) for _ in range(2)]
    scores = scored(works, *rows)
    again = InfluenceScores.from_bytes(scores.to_bytes())
    assert again == scores
    assert again.over(works, (1).to_bytes(32)) == list(rows[1])


@pytest.mark.parametrize(
    "tampered",
    [
        lambda text: text.replace(b'"total":"10"', b'"total":"010"'),
        lambda text: text.replace(b'"epoch":3', b'"epoch":-3'),
        lambda text: text.replace(b'"equal"', b'"fair"', 1),
        lambda text: text.replace(b'"order"', b'"gift"'),
        lambda text: text.replace(b'"leaves":[[', b'"leaves":[["0x00","1"],['),
        lambda text: text.replace(b'"root":"0x', b'"root":"0xff'),
        lambda text: text[:-1],
        lambda text: text + b" ",
    ],
)
def test_a_document_that_is_not_a_record_is_refused(tampered) -> None:  # type: ignore[no-untyped-def]
    text = equal(ordered(10), [work(1, 1)]).to_bytes()
    assert tampered(text) != text
    with pytest.raises(InvalidInput):
        EpochRecord.from_bytes(tampered(text))
