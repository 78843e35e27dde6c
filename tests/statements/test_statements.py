"""Statements of a month: the identity of balances holds for any history, and pending money is in no sum."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.digests import sha256
from contrafact.domain.money import Currency
from contrafact.domain.reasons import Reason
from contrafact.domain.terms import NATIVE, Use
from contrafact.errors import InvalidInput
from contrafact.read_model import EarningRow, PaymentRow
from contrafact.statement_reads import Point
from contrafact.statements import Chain, Described, Frame, Month, Statement, statement_of, write

HOLDER, OPERATOR, DOLLAR = ("0x" + digit * 40 for digit in "123")
JUNE = Month(2026, 6)
FIRST, LAST = Month(2026, 4).start, Month(2026, 9).start
WORKS = [sha256(b"work %d" % i) for i in range(3)]
ACCOUNTS = [sha256(b"account %d" % i) for i in range(3)]
CURRENCIES = {NATIVE: Currency("ETH", 18), DOLLAR: Currency("USD", 6)}
CHAIN = Chain(31337, {"GenerationEscrow": "0x" + "9" * 40})

tokens = st.sampled_from([NATIVE, DOLLAR])
times = st.integers(FIRST, LAST - 1) | st.sampled_from([JUNE.start - 1, JUNE.start, JUNE.end - 1, JUNE.end])
hashes = st.integers(0, 9).map(lambda n: f"0x{n:064x}")
earnings = st.builds(
    EarningRow, account=st.sampled_from(ACCOUNTS), beneficiary=st.sampled_from(WORKS), order_id=st.sampled_from(WORKS),
    token=tokens, use=st.none() | st.sampled_from(Use), operator=st.just(OPERATOR), amount=st.integers(0, 10**20),
    ppm=st.sampled_from([1, 333_333, 10**6]), due=st.integers(0, 10**20), block=st.just(1), at=times,
    transaction=hashes, confirmed=st.booleans(), reason=st.sampled_from(Reason),
)  # fmt: skip
payments = st.builds(
    PaymentRow, account=st.sampled_from(ACCOUNTS), beneficiary=st.sampled_from(WORKS), token=tokens,
    amount=st.integers(0, 10**20), block=st.just(1), at=times, transaction=hashes, confirmed=st.booleans(),
    payee=st.just(HOLDER), own=st.booleans(),
)  # fmt: skip
histories = st.tuples(st.lists(earnings, max_size=12), st.lists(payments, max_size=8))
History = tuple[list[EarningRow], list[PaymentRow]]


def frame(month: Month = JUNE, complete: bool = True) -> Frame:
    return Frame(CHAIN, month, Point(7, sha256(b"block"), month.end - 5), complete)


def june(history: History, month: Month = JUNE) -> Statement:
    return statement_of(frame(month), HOLDER, *history)


def table(statement: Statement) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(write(statement, "csv", CURRENCIES.__getitem__).data.decode())))


@given(histories)
def test_opening_plus_earned_less_paid_is_closing_and_what_the_rows_say(history: History) -> None:
    earned, paid = history
    for total in june(history).totals:
        before = sum(row.due for row in earned if row.token == total.token and row.confirmed and row.at < JUNE.end)
        before += sum(
            row.amount
            for row in paid
            if not row.own and row.token == total.token and row.confirmed and row.at < JUNE.end
        )
        gone = sum(row.amount for row in paid if row.token == total.token and row.confirmed and row.at < JUNE.end)
        assert total.closing == total.opening + total.earned - total.paid == before - gone


@given(histories)
def test_a_month_opens_with_what_the_one_before_closed_with(history: History) -> None:
    closing = {total.token: total.closing for total in june(history).totals}
    opening = {total.token: total.opening for total in june(history, JUNE.following).totals}
    assert all(opening.get(token, 0) == amount for token, amount in closing.items())
    assert all(amount == closing.get(token, 0) for token, amount in opening.items())


@given(histories)
def test_lines_and_payments_sum_to_the_totals(history: History) -> None:
    statement = june(history)
    lines, paid = Counter[str](), Counter[str]()
    for line in statement.lines:
        lines[line.token] += line.due
    for row in statement.payments:
        paid[row.token] += row.amount
    assert all((lines[t.token], paid[t.token]) == (t.earned, t.paid) for t in statement.totals)
    rows = [*history[0], *(row for row in history[1] if not row.own)]
    counted = sum(line.rows for line in (*statement.lines, *statement.pending_lines))
    assert counted == sum(JUNE.start <= row.at < JUNE.end for row in rows)


@given(histories)
def test_what_is_not_confirmed_is_listed_apart_and_changes_no_total(history: History) -> None:
    earned, paid = history
    statement = june(history)
    settled = june(([row for row in earned if row.confirmed], [row for row in paid if row.confirmed]))
    assert (statement.totals, statement.lines, statement.payments) == (settled.totals, settled.lines, settled.payments)
    waiting = [row.due for row in earned if not row.confirmed and JUNE.start <= row.at < JUNE.end]
    waiting += [row.amount for row in paid if not (row.confirmed or row.own) and JUNE.start <= row.at < JUNE.end]
    assert sum(line.due for line in statement.pending_lines) == sum(waiting)


@given(histories)
def test_the_csv_balances_to_the_unit(history: History) -> None:
    statement = june(history)
    sums = Counter[tuple[str, str]]()
    for row in table(statement):
        if not row["Token"]:
            continue
        sums[row["Token"], row["RecordType"]] += int(row["NetUnits"])
        whole, fraction = row["NetAmount"].removeprefix("-").split(".")
        decimals = CURRENCIES[row["Token"]].decimals
        assert abs(int(row["NetUnits"])) == int(whole + fraction.ljust(decimals, "0"))
    for token in CURRENCIES:
        opening, usage, paid, closing = (sums[token, kind] for kind in ("Opening", "Usage", "Payment", "Closing"))
        assert opening + usage - paid == closing


def test_a_line_tells_the_work_as_its_document_does() -> None:
    row = EarningRow(
        ACCOUNTS[0], WORKS[0], WORKS[1], DOLLAR, Use.BROADCAST, OPERATOR, 3_000_000, 333_333, 999_999, 5, JUNE.start,
        "0x" + "ab" * 32, True,
    )  # fmt: skip
    statement = statement_of(frame(), HOLDER, [row, replace(row, due=1, amount=2)], [])
    statement = replace(statement, described={WORKS[0]: Described("=HYPERLINK(1)", "T0345246801")})
    (usage,) = (row for row in table(statement) if row["RecordType"] == "Usage")
    assert (usage["Title"], usage["ISWC"], usage["ISRC"]) == ("'=HYPERLINK(1)", "T0345246801", "")
    assert (usage["UseType"], usage["RightSharePercentage"], usage["Usages"]) == ("broadcast", "33.3333", "2")
    assert (usage["GrossUnits"], usage["NetUnits"], usage["NetAmount"]) == ("3000002", "1000000", "1.00")
    assert (usage["Currency"], usage["Time"]) == ("USD", "2026-06-01T00:00:00Z")


def test_a_training_pools_epoch_was_earned_when_it_was_claimed() -> None:
    model = sha256(b"model")
    paid = PaymentRow(model, model, DOLLAR, 700, 5, JUNE.start, "0x" + "ab" * 32, True)
    statement = statement_of(frame(), HOLDER, [], [paid])
    (total,), (line,) = statement.totals, statement.lines
    assert (total.earned, total.paid, total.closing) == (700, 700, 0)
    assert (line.kind, line.beneficiary, line.due) == ("training", model, 700)


def test_what_came_from_a_place_that_is_not_the_holders_was_earned_when_it_was_paid() -> None:
    paid = PaymentRow(ACCOUNTS[0], WORKS[0], DOLLAR, 700, 5, JUNE.start, "0x" + "ab" * 32, True, HOLDER, own=False)
    (total,), (line,) = (found := statement_of(frame(), HOLDER, [], [paid])).totals, found.lines
    assert (total.earned, total.paid, total.closing, line.kind) == (700, 700, 0, "other")


def test_payments_stand_in_the_order_of_time() -> None:
    rows = [PaymentRow(ACCOUNTS[0], WORKS[0], DOLLAR, n, n, JUNE.start + n, f"0x{n:064x}", True) for n in (3, 1, 2)]
    assert [row.amount for row in statement_of(frame(), HOLDER, [], rows).payments] == [1, 2, 3]


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-1", "26-01", "1969-12", "9999-12", "２０２６-01", "2026-01 "]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a month"):
        Month.parse(text)


@given(st.integers(0, 2**33))
def test_every_second_is_in_one_month(seconds: int) -> None:
    month = Month.at(seconds)
    assert month.start <= seconds < month.end == month.following.start
    assert Month.parse(str(month)) == month
