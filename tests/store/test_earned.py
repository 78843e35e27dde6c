"""Sums of earnings are those of the lines, and contests are told as the chain has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from contrafact.domain.contests import ContestState
from contrafact.domain.terms import NATIVE
from contrafact.read_model import EarningRow, Page
from contrafact.statement_reads import By, ContestQuery
from contrafact.store.database import Database
from contrafact.store.read_model import IndexedReadModel
from contrafact.store.tables import cursor
from tests.ledger.scene import SALT, Scene

from .test_money import MIN_BOND, Books, every_line

HOLDERS = ("composer", "arranger", "publisher", "trainer")
KEYS = {
    By.WORK: lambda row: row.beneficiary,
    By.KIND: lambda row: row.kind,
    By.OPERATOR: lambda row: row.operator,
    By.MONTH: lambda row: f"{datetime.fromtimestamp(row.at, UTC):%Y-%m}",
}


@pytest.fixture
def books(scene: Scene, databases: Sequence[Database]) -> Books:
    return Books(scene, databases)


def summed(rows: Sequence[EarningRow], by: By) -> dict[tuple[object, str], tuple[int, int, int]]:
    found: dict[tuple[object, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        total = found[KEYS[by](row), row.token]
        total[0] += 1
        total[1 if row.confirmed else 2] += row.due
    return {key: (lines, earned, pending) for key, (lines, earned, pending) in found.items()}


def require_same(read: IndexedReadModel, holder: str, **asked: object) -> int:
    """By whatever is asked for; how many lines they sum."""
    rows = [row for row in every_line(read, holder) if _is_asked_for(row, **asked)]
    for by in By:
        sums = read.earning_sums(holder, by, **asked)  # type: ignore[arg-type]
        assert {(one.key, one.token): (one.lines, one.earned, one.pending) for one in sums} == summed(rows, by)
        assert len({(one.key, one.token) for one in sums}) == len(sums)
    return len(rows)


def _is_asked_for(row: EarningRow, since: int = 0, until: int | None = None, work: bytes | None = None) -> bool:
    return row.at >= since and (until is None or row.at < until) and work in (None, row.beneficiary)


def test_earnings_sum_to_their_lines_by_work_kind_operator_and_month(books: Books) -> None:
    """Two tokens, two months, and a ruling that takes held money from one split to another."""
    scene = books.scene
    early, late = scene.deal(nonce=1), scene.deal(nonce=2)
    for deal in (early, late):
        scene.writer("maker").fund(*deal.fund_arguments())
    for deal, before in ((early, 0), (late, 1)):
        if before:
            books.desk("trainer", "contest", scene.works[1], books.claimed.root, bytes([1] * 32), value=MIN_BOND)
            place = (scene.works[1], scene.metadata[1].split.root, NATIVE)
            books.desk("trainer", "holdAccount", 1, place, 40, value=40)
        scene.writer("stranger").commit(deal.quote, SALT, *scene.commit(deal))
    books.desk("deployer", "ruleContest", 1, 500_000)
    first = scene.now()
    scene.pass_time(40 * 86_400)
    books.settle(3, token=scene.dollar)
    for read in books.reads:
        counted = [require_same(read, scene.address(holder)) for holder in HOLDERS]
        assert all(count > 0 for count in counted)
        publisher = scene.address("publisher")
        assert {one.key for one in read.earning_sums(publisher, By.KIND)} == {"commercial", "ruling"}
        assert len(read.earning_sums(publisher, By.MONTH)) == 2
        some = require_same(read, publisher, since=first, work=scene.works[1])
        assert 0 < some < require_same(read, publisher, until=first + 1)


def test_what_is_not_confirmed_is_summed_apart(books: Books, databases: Sequence[Database]) -> None:
    books.settle(1)
    composer = books.scene.address("composer")
    final = [read.earning_sums(composer, By.WORK) for read in books.reads]
    for database, read, known in zip(databases, books.reads, final, strict=True):
        assert all(one.earned > 0 and one.pending == 0 for one in known)
        with database.writing() as session:  # as on a network that wants more confirmations
            session.execute(update(cursor).values(confirmations=10**6))
        require_same(read, composer)
        sums = read.earning_sums(composer, By.WORK)
        assert [(one.earned, one.pending) for one in sums] == [(0, one.earned) for one in known]


def test_contests_are_told_as_the_chain_has_them(books: Books) -> None:
    scene = books.scene
    place = (scene.works[1], scene.metadata[1].split.root, NATIVE)
    late = scene.deal(nonce=2)
    scene.writer("maker").fund(*late.fund_arguments())
    books.desk("trainer", "contest", scene.works[1], books.claimed.root, bytes([1] * 32), value=MIN_BOND)
    for bond in (30, 10):
        books.desk("trainer", "holdAccount", 1, place, bond, value=bond)
    books.desk("stranger", "contest", scene.works[2], books.claimed.root, bytes([2] * 32), value=MIN_BOND + 5)
    scene.writer("stranger").commit(late.quote, SALT, *scene.commit(late))
    desk = scene.connection.contract("DisputeDesk", scene.deployment.contracts["DisputeDesk"]).functions
    escrow = scene.connection.contract("GenerationEscrow", scene.deployment.escrow).functions
    for read in books.reads:
        second, first = read.contests(ContestQuery(), Page()).rows
        for row in (first, second):
            one = row.contest
            told = (one.claimant, one.work_id, one.claimant_split, one.bond, one.ruling_until)
            assert told == tuple(scene.connection.call(desk.contestOf(one.number)))
        assert [(hold.bond, hold.most, hold.awarded) for hold in first.contest.holds] == [(40, 400, None)]
        (held,) = first.held
        assert held.held == scene.connection.call(escrow.heldOf(place)) > 0
        page = read.contests(ContestQuery(), Page(1))
        assert [row.contest.number for row in page.rows] == [2]
        assert [row.contest.number for row in read.contests(ContestQuery(), Page(1, page.following)).rows] == [1]
    books.desk("deployer", "ruleContest", 1, 250_000)
    books.desk("stranger", "withdrawContest", 2)
    for read in books.reads:
        second, first = (row.contest for row in read.contests(ContestQuery(), Page()).rows)
        assert (first.state, first.part, second.state) == (ContestState.RULED, 250_000, ContestState.WITHDRAWN)
        awarded = [line.amount for line in every_line(read, scene.address("trainer"))]
        assert [hold.awarded for hold in first.holds] == awarded
        assert read.contests(ContestQuery(open=True), Page()).rows == ()


def test_contests_are_found_by_whom_they_touch(books: Books) -> None:
    scene = books.scene
    books.desk("stranger", "contest", scene.works[0], books.claimed.root, bytes([1] * 32), value=MIN_BOND)
    books.desk("trainer", "contest", scene.works[1], books.claimed.root, bytes([2] * 32), value=MIN_BOND)
    for read in books.reads:
        for who, found in {"stranger": [1], "bach": [2, 1], "composer": [2, 1], "arranger": [2], "anon": []}.items():
            rows = read.contests(ContestQuery(touching=scene.address(who).lower()), Page()).rows
            assert [row.contest.number for row in rows] == found, who
        (only,) = read.contests(ContestQuery(work_id=scene.works[1]), Page()).rows
        assert only.contest.number == 2
