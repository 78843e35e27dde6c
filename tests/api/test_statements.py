"""What a rights holder reads of its own money."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import update

from contrafact.domain.digests import sha256
from contrafact.domain.terms import NATIVE
from contrafact.statements import Month
from contrafact.store.tables import cursor
from contrafact.web.schemas.statements import OperatorStatement, PublicStatement, Statement

from .hall import Hall


def path(hall: Hall, what: str, role: str = "composer") -> str:
    return f"/v1/holders/{hall.scene.address(role)}/{what}"


def units(amount: dict[str, Any]) -> int:
    return int(amount["units"])


def settle_two(hall: Hall) -> None:
    """An order in dollars and one in coin, of which the composer has been paid the first's."""
    hall.scene.settle(hall.scene.deal(hall.scene.dollar))
    hall.scene.settle(hall.scene.deal(NATIVE, nonce=8))
    hall.scene.writer("composer").claim(hall.scene.claim(0, 0, hall.scene.dollar))
    hall.index()


def test_nobody_but_the_holder_reads_its_money(hall: Hall) -> None:
    month = Month.at(hall.scene.now())
    for what in ("earnings", "balances", "payments", f"statements/{month}", f"statements/{month}.csv"):
        hall.get(path(hall, what), status=401)
        assert hall.get(path(hall, what), "stranger", status=403)["code"] == "not_permitted"
        hall.get(path(hall, what), "composer")


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00", "0001-01-01", "2026-01-31T12:00:00"])
def test_a_time_without_its_zone_is_refused(hall: Hall, when: str) -> None:
    for name in ("since", "until"):
        answer = hall.get(path(hall, "earnings"), "composer", status=422, params={name: when})
        assert answer["code"] == "invalid_input"


def test_earnings_tell_each_order_and_sum_to_what_the_chain_pays(hall: Hall) -> None:
    settle_two(hall)
    rows = hall.get(path(hall, "earnings", "publisher"), "publisher")["rows"]
    assert {row["confirmed"] for row in rows} == {True}
    assert {row["use"] for row in rows} == {"commercial"}
    for token in hall.scene.tokens:
        due = sum(units(row["due"]) for row in rows if row["due"]["token"] == token)
        assert due == sum(
            hall.scene.reader.claimable(claim)
            for claim in (hall.scene.claim(1, 2, token), hall.scene.claim(2, 1, token))
        )
    assert (
        hall.get(path(hall, "earnings", "publisher"), "publisher", params={"until": "2020-01-01T00:00:00Z"})["rows"]
        == []
    )


def test_balances_and_payments_agree(hall: Hall) -> None:
    settle_two(hall)
    found = hall.get(path(hall, "balances"), "composer")
    (payment,) = hall.get(path(hall, "payments"), "composer")["rows"]
    by_token = {total["earned"]["token"]: total for total in found["totals"]}
    dollars, coins = by_token[hall.scene.dollar], by_token[NATIVE]
    assert units(payment["amount"]) == units(dollars["drawn"]) > 0
    assert units(coins["claimable"]) == sum(hall.scene.reader.claimable(hall.scene.claim(i, 0, NATIVE)) for i in (0, 1))
    assert payment["amount"]["text"].endswith("TUSD")
    assert found["block"] == hall.scene.connection.head()
    assert units(dollars["earned"]) == units(dollars["drawn"]) + units(dollars["claimable"])
    assert {place["status"] for place in found["places"]} == {"confirmed", "unconfirmed"}


def test_what_is_not_confirmed_is_marked_and_in_no_sum(hall: Hall) -> None:
    settle_two(hall)
    final = hall.get(path(hall, "balances"), "composer")["totals"]
    with hall.services.database.writing() as session:  # as on a network that wants more confirmations
        session.execute(update(cursor).values(confirmations=10**6))
    rows = hall.get(path(hall, "earnings"), "composer")["rows"]
    assert {row["confirmed"] for row in rows} == {False}
    totals = hall.get(path(hall, "balances"), "composer")["totals"]
    assert [units(total["earned"]) for total in totals] == [0, 0]
    assert [total["pending"]["units"] for total in totals] == [total["earned"]["units"] for total in final]
    month = statement(hall)
    assert (month["complete"], month["totals"], month["lines"], month["payments"]) == (False, [], [], [])
    assert len(month["pending_lines"]) == 4
    assert len(month["pending_payments"]) == 1


def statement(hall: Hall, month: Month | None = None, **sent: Any) -> Any:
    return hall.get(path(hall, f"statements/{month or Month.at(hall.scene.now())}"), "composer", **sent)


def test_a_statement_balances_and_opens_with_what_the_month_before_closed_with(hall: Hall) -> None:
    settle_two(hall)
    this = Month.at(hall.scene.now())
    month = statement(hall)
    assert not month["complete"]
    for total in month["totals"]:
        assert units(total["opening"]) + units(total["earned"]) - units(total["paid"]) == units(total["closing"])
        lines = [line for line in month["lines"] if line["due"]["token"] == total["earned"]["token"]]
        assert sum(units(line["due"]) for line in lines) == units(total["earned"]) > 0
    assert {line["title"] for line in month["lines"]} == {"Tune 0", "Tune 1"}
    hall.scene.pass_time(40 * 86_400)
    hall.index()
    assert statement(hall, this)["complete"]
    following = statement(hall, this.following)
    assert [total["opening"] for total in following["totals"]] == [total["closing"] for total in month["totals"]]
    assert following["lines"] == []


@pytest.mark.parametrize("way", ["suffix", "accept"])
def test_a_statement_is_there_as_csv(hall: Hall, way: str) -> None:
    settle_two(hall)
    month = Month.at(hall.scene.now())
    name, headers = (f"{month}.csv", {}) if way == "suffix" else (str(month), {"Accept": "text/csv"})
    answer = hall.get(path(hall, f"statements/{name}"), "composer", headers=headers)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert f"statement-{month}" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(answer.text)))
    parts = ["Closing", "Claimable", "UnconfirmedPlaces", "Held"] * 2
    assert [row["RecordType"] for row in rows] == ["Header", *["Opening"] * 2, *["Usage"] * 4, "Payment", *parts]
    assert {row["Title"] for row in rows if row["RecordType"] == "Usage"} == {"Tune 0", "Tune 1"}
    assert "private" in answer.headers["Cache-Control"]


def test_what_is_no_month_is_refused(hall: Hall) -> None:
    for month in ("2026-13", "2026", "9999-12", "2026-1.csv", "2026-01.exe"):
        hall.get(path(hall, f"statements/{month}"), "composer", status=422)


def test_a_month_that_is_not_the_chains_is_not_found(hall: Hall) -> None:
    settle_two(hall)
    this = Month.at(hall.scene.now())
    for month, words in ((this.following, "has not begun"), (Month(1990, 1), "was over before")):
        for address in (path(hall, f"statements/{month}"), f"/v1/statements/{month}"):
            assert words in hall.get(address, "composer", status=404)["message"]


def test_who_is_in_no_split_has_no_statement_and_a_mistyped_address_is_told(hall: Hall) -> None:
    settle_two(hall)
    month, stranger = Month.at(hall.scene.now()), path(hall, "statements/", "stranger")
    assert "no work in whose published split" in hall.get(f"{stranger}{month}", "stranger", status=404)["message"]
    right = hall.scene.address("operator")
    at = next(i for i, letter in enumerate(right) if letter.isupper())
    mistyped = right[:at] + right[at].lower() + right[at + 1 :]
    hall.get(f"/v1/operators/{mistyped}/statements/{month}", status=422)
    hall.get(f"/v1/operators/{right.lower()}/statements/{month}")


@pytest.mark.parametrize("form", ["pdf", "dsr"])
def test_a_statement_is_there_on_pages_and_as_a_flat_file(hall: Hall, form: str) -> None:
    settle_two(hall)
    answer = hall.get(path(hall, f"statements/{Month.at(hall.scene.now())}.{form}"), "composer")
    media_type, beginning, provisional = MEDIA[form]
    assert answer.headers["Content-Type"].startswith(media_type)
    assert answer.headers["ETag"] == f'"{sha256(answer.content).hex()}"'
    assert answer.content.startswith(beginning)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert provisional(answer.content)


MEDIA: dict[str, tuple[str, bytes, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", b"%PDF-", lambda data: b"%%EOF" in data),
    "dsr": ("text/tab-separated-values", b"HEAD\t", lambda data: b"#CF-STATEMENT\tPROVISIONAL" in data),
}


def test_months_of_operators_and_of_everybody_are_anybodys_to_read(hall: Hall) -> None:
    settle_two(hall)
    month, who = Month.at(hall.scene.now()), hall.scene.address("operator")
    everybody, of_operator = f"/v1/statements/{month}", f"/v1/operators/{who}/statements/{month}"
    public = PublicStatement.model_validate(hall.get(everybody))
    operator = OperatorStatement.model_validate(hall.get(of_operator))
    assert sum(each.orders for each in public.generated) == len(operator.delivered) == 2
    for statement in (public, operator):
        for ledger in statement.ledgers:
            moved = sum(int(item.amount.units) for item in ledger.items)
            assert int(ledger.opening.units) + moved == int(ledger.closing.units)
    for address in (everybody, of_operator):
        table = hall.get(f"{address}.csv")
        assert (table.status_code, table.headers["Cache-Control"]) == (200, "no-cache")
        again = {"If-None-Match": table.headers["ETag"], "Accept": "text/csv"}
        assert hall.get(address, status=304, headers=again).content == b""
        assert hall.get(f"{address}.pdf").content.startswith(b"%PDF-")
        hall.get(f"{address}.dsr", status=422)


def test_json_fits_the_documented_form(hall: Hall) -> None:
    settle_two(hall)
    Statement.model_validate(statement(hall))
