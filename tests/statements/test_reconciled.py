"""Statements are what the chain says, read by other means: raw logs, the contracts' answers, and plain arithmetic."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contrafact.domain.terms import NATIVE
from contrafact.ledger.feed import LedgerFeed
from contrafact.statements import Month, holder_statement, operator_statement, public_statement, write
from contrafact.store.database import Database
from contrafact.store.describer import Describer
from contrafact.store.indexer import Indexer
from contrafact.store.read_model import IndexedReadModel

from .history import HOLDERS, History
from .parsed import Parsed, from_csv, from_dsr, from_pdf, rows_of, text_of
from .raw_chain import Raw, RawChain, RawOrder

pytestmark = pytest.mark.slow
"""The history takes most of the time, and is made once."""

SPLITS = (
    (("composer", 1_000_000),),
    (("composer", 500_000), ("arranger", 333_333), ("publisher", 166_667)),
    (("arranger", 400_000), ("publisher", 600_000)),
    (("composer", 777_777), ("publisher", 222_223)),
)


@pytest.fixture(scope="module")
def raw(history: History) -> RawChain:
    scene = history.scene
    splits = [[(scene.address(role), ppm) for role, ppm in split] for split in SPLITS]
    return RawChain(scene.connection.web3, dict(scene.deployment.contracts), splits)


def months(history: History) -> list[Month]:
    """The eventful one, and the one before and after it."""
    year, number = history.month.year, history.month.number
    return [Month(year - (number == 1), (number - 2) % 12 + 1), history.month, history.month.following]


def bounds(month: Month) -> tuple[int, int]:
    first = datetime(month.year, month.number, 1, tzinfo=UTC)
    after = datetime(month.year + month.number // 12, month.number % 12 + 1, 1, tzinfo=UTC)
    return int(first.timestamp()), int(after.timestamp())


def forms(history: History, who: str, month: Month) -> dict[str, Parsed]:
    """The holder's statement in each form, read by this test's own parsers."""
    dollar = history.scene.dollar
    found = holder_statement(history.reads, history.store, history.frame(month), who)
    made = {form: write(found, form, history.currency).data for form in ("csv", "dsr", "pdf")}
    return {
        "csv": from_csv(made["csv"]),
        "dsr": from_dsr(made["dsr"], {NATIVE: 18, dollar: 6}),
        "pdf": from_pdf(made["pdf"], {"ETH": NATIVE, "TUSD": dollar}),
    }


@pytest.mark.parametrize("role", HOLDERS)
def test_a_holders_months_are_what_the_logs_sum_to_in_every_form(history: History, raw: RawChain, role: str) -> None:
    who = history.scene.address(role)
    for month in months(history):
        start, end = bounds(month)
        opening = subtracted(raw.earned(who, start), raw.paid(who, start))
        closing = subtracted(raw.earned(who, end), raw.paid(who, end))
        earned = subtracted(raw.earned(who, end), raw.earned(who, start))
        paid = subtracted(raw.paid(who, end), raw.paid(who, start))
        for form, found in forms(history, who, month).items():
            sums = [without_zeros(each) for each in (found.opening, found.lines, found.payments, found.closing)]
            assert sums == [without_zeros(each) for each in (opening, earned, paid, closing)], (form, month)


@pytest.mark.parametrize("role", HOLDERS)
def test_closing_balances_are_what_the_contract_pays_or_holds(history: History, raw: RawChain, role: str) -> None:
    """Asked of the contract after the month, in which nothing has happened since."""
    who, escrow = history.scene.address(role), raw.contract("GenerationEscrow")
    claimable, held, waiting = Counter[str](), Counter[str](), Counter[str]()
    for account, index, ppm in raw.places(who):
        opened = raw.accounts[account]
        key = (opened["beneficiary"], opened["splitRoot"], opened["token"])
        split = next(split for split in history.splits if split.root == opened["splitRoot"])
        proof = [step.to_abi() for step in split.proof(index)]
        can_have = escrow.functions.claimable((key, (index, who, ppm), proof)).call()
        received, kept = (escrow.functions.received(account).call(), escrow.functions.heldOf(key).call())
        claimable[key[2]] += can_have
        held[key[2]] += received * ppm // 10**6 - (received - kept) * ppm // 10**6
        status = escrow.functions.placeOf(account, index).call()[1]
        waiting[key[2]] += can_have if status == 0 else 0
    for form, found in forms(history, who, history.month).items():
        assert without_zeros(found.claimable) == without_zeros(claimable), form
        assert without_zeros(found.held) == without_zeros(held), form
        assert without_zeros(found.unconfirmed) == without_zeros(waiting), form
        assert without_zeros(found.closing) == without_zeros(claimable + held), form


def test_somebody_was_paid_held_back_awarded_and_left_waiting(history: History, raw: RawChain) -> None:
    """The history has what it is there for: no test above passes because nothing happened."""
    for name in ("OrderRaised", "DownstreamPaid", "OrderRefunded", "Paid", "EpochClaimed", "HeldMoved", "SplitChanged",
                 "ChallengeRuled", "WithdrawalRequested"):  # fmt: skip
        assert raw.named(name), name
    arranger = forms(history, history.scene.address("arranger"), history.month)["csv"]
    assert all(arranger.payments[token] > 0 < arranger.unconfirmed[token] for token in history.scene.tokens)
    assert arranger.held[NATIVE] > 0
    found = holder_statement(
        history.reads, history.store, history.frame(history.month), history.scene.address("arranger")
    )
    kinds = {line.kind for line in found.lines}
    assert kinds == {"private", "commercial", "revenue", "challenge", "ruling"}
    assert found.unpublished == 1  # the claimant's split, to which a ruling moved money


def test_the_publics_month_is_what_the_logs_sum_to(history: History, raw: RawChain) -> None:
    frame = history.frame(history.month)
    statement = public_statement(history.reads, frame)
    rows = rows_of(write(statement, "csv", history.currency).data)
    start, end = bounds(history.month)
    expected = expected_public(raw, start, end)
    items = Counter[tuple[str, str, str]]()
    for row in rows:
        if row["RecordType"] == "Item":
            items[row["Token"], row["Ledger"], row["Item"]] += int(row["Units"])
    assert {key: units for key, units in items.items() if key[1] in ("orders", "later")} == expected
    for token in history.scene.tokens:
        orders = {item: units for (of, ledger, item), units in items.items() if (of, ledger) == (token, "orders")}
        still = next((int(r["Units"]) for r in rows if r["RecordType"] == "Open" and r["Token"] == token), 0)
        assert sum(orders.values()) + _row(rows, "Opening", "orders", token) == still
        assert still == _row(rows, "Closing", "orders", token)
    assert_same_in_pdf_and_json(history, statement, items)


def expected_public(raw: RawChain, start: int, end: int) -> dict[tuple[str, str, str], int]:
    """What was escrowed and where it went, from `OrderFunded` and what follows it."""
    orders = {each.args["orderId"]: RawOrder.of(each) for each in raw.named("OrderFunded")}
    pools = {account for account, opened in raw.accounts.items() if opened["splitRoot"] not in raw.roots}
    pools -= {raw_event.args["toAccount"] for raw_event in raw.named("HeldMoved")}
    sums = Counter[tuple[str, str, str]]()
    credits: dict[bytes, list[Raw]] = {}
    for each in raw.events:
        order = orders.get(each.args.get("orderId", b""))
        if each.name == "Credited":
            credits.setdefault(each.args["orderId"], []).append(each)
        if order is None or each.name not in _ENDS:
            continue
        of = credits.pop(each.args["orderId"], [])
        to_pools = sum(c.args["amount"] for c in of if c.args["accountId"] in pools)
        to_works = sum(c.args["amount"] for c in of) - to_pools
        if start <= each.at < end:
            for ledger, item, units in _ENDS[each.name](each, order, to_works, to_pools):
                sums[order.token, ledger, item] += units
    return {key: units for key, units in sums.items() if units}


Moves = Iterable[tuple[str, str, int]]
_ENDS: dict[str, Callable[[Raw, RawOrder, int, int], Moves]] = {
    "OrderFunded": lambda e, o, works, pools: [("orders", "escrowed", e.args["escrowed"])],
    "OrderCommitted": lambda e, o, works, pools: [
        ("orders", "to works", -works),
        ("orders", "to training pools", -pools),
        ("orders", "fees of operators", -o.fee),
        ("orders", "returned to makers", -e.args["refunded"]),
    ],
    "OrderRefunded": lambda e, o, works, pools: [("orders", "refunded to makers", -e.args["amount"])],
    "OrderRaised": lambda e, o, works, pools: [
        ("later", "paid for wider uses", e.args["paid"]),
        ("later", "to works", -works),
    ],
    "DownstreamPaid": lambda e, o, works, pools: [
        ("later", "revenue paid in", e.args["amount"]),
        ("later", "to works", -works),
        ("later", "to makers", -e.args["toMaker"]),
    ],
    "BondPaid": lambda e, o, works, pools: [],
}


def assert_same_in_pdf_and_json(history: History, statement: Any, items: Counter[tuple[str, str, str]]) -> None:
    document = json.loads(write(statement, "json", history.currency).data)
    told = Counter[tuple[str, str, str]]()
    for ledger in document["ledgers"]:
        for item in ledger["items"]:
            told[ledger["token"], ledger["ledger"], item["name"]] += int(item["amount"]["units"])
        total = int(ledger["opening"]["units"]) + sum(int(item["amount"]["units"]) for item in ledger["items"])
        assert total == int(ledger["closing"]["units"])
    assert told == items
    text = text_of(write(statement, "pdf", history.currency).data)
    for (token, _, item), units in items.items():
        assert f"{history.currency(token).symbol} {units}\n" in text, item
    for address in (history.scene.address(role) for role in history.scene.keys):
        assert address.lower() not in f"{text}{json.dumps(document)}".lower()


def test_closing_ledgers_are_what_the_contracts_have(history: History, raw: RawChain) -> None:
    rows = rows_of(write(public_statement(history.reads, history.frame(history.month)), "csv", history.currency).data)
    for token in history.scene.tokens:
        there = sum(balance(raw, token, raw.addresses[name]) for name in ("GenerationEscrow", "TrainingPool"))
        closing = sum(int(r["Units"]) for r in rows if r["RecordType"] == "Closing" and r["Token"] == token)
        assert closing == there > 0
    escrow, held = raw.contract("GenerationEscrow"), Counter[str]()
    for opened in raw.accounts.values():
        key = (opened["beneficiary"], opened["splitRoot"], opened["token"])
        held[key[2]] += escrow.functions.heldOf(key).call()
    assert {r["Token"]: int(r["Units"]) for r in rows if r["RecordType"] == "Held"} == without_zeros(held)


def test_an_operators_month_is_what_the_logs_and_the_contract_say(history: History, raw: RawChain) -> None:
    who, (start, end) = history.scene.address("operator"), bounds(history.month)
    rows = rows_of(
        write(operator_statement(history.reads, history.frame(history.month), who), "csv", history.currency).data
    )
    orders = {e.args["orderId"]: RawOrder.of(e) for e in raw.named("OrderFunded") if e.args["operator"] == who}
    done = [e for e in raw.named("OrderCommitted") if start <= e.at < end]
    refunds = [e for e in raw.named("OrderRefunded") if start <= e.at < end]
    closed = {e.args["orderId"] for e in raw.named("OrderCommitted", "OrderRefunded")}
    assert [bytes.fromhex(r["OrderId"][2:]) for r in rows if r["RecordType"] == "Delivered"] == [
        e.args["orderId"] for e in done
    ]
    assert {r["OrderId"][2:] for r in rows if r["RecordType"] == "Open"} == {o.hex() for o in orders.keys() - closed}
    seconds = sum(int(row["Seconds"]) for row in rows if row["RecordType"] == "Generated")
    assert seconds == sum(e.args["shares"] >> 216 for e in done) > 0
    penalties = {r["OrderId"][2:]: int(r["PenaltyUnits"]) for r in rows if r["RecordType"] == "Refunded"}
    assert penalties == {e.args["orderId"].hex(): e.args["penalty"] for e in refunds}
    escrow = raw.contract("GenerationEscrow")
    for token in history.scene.tokens:
        fees = sum(int(r["Units"]) for r in rows if r["RecordType"] == "Fees" and r["Token"] == token)
        assert fees == sum(orders[e.args["orderId"]].fee for e in done if orders[e.args["orderId"]].token == token) > 0
        bond, leaving = (escrow.functions[name](who, token).call()[0] for name in ("bondOf", "withdrawalOf"))
        assert _row(rows, "Closing", "bond", token) == bond + leaving


def test_the_same_chain_gives_the_same_bytes_whoever_indexes_it(history: History, tmp_path: Path) -> None:
    scene = history.scene
    database = Database(f"sqlite:///{tmp_path / 'again.db'}")
    Indexer(database, LedgerFeed(scene.connection, scene.deployment)).catch_up()
    Describer(database, history.store).step(1000)
    again = History(scene, IndexedReadModel(database), history.store, history.month, history.splits)
    for one, other in zip(every_file(history), every_file(again), strict=True):
        assert (one.name, one.digest) == (other.name, other.digest)
    database.close()


def every_file(history: History) -> list[Any]:
    frame, scene = history.frame(history.month), history.scene
    found = [holder_statement(history.reads, history.store, frame, scene.address(role)) for role in HOLDERS]
    holders = [write(each, form, history.currency) for each in found for form in ("csv", "pdf", "dsr", "json")]
    books = (
        operator_statement(history.reads, frame, scene.address("operator")),
        public_statement(history.reads, frame),
    )
    return [*holders, *(write(each, form, history.currency) for each in books for form in ("csv", "pdf", "json"))]


def test_a_month_that_is_not_over_says_so_in_every_form(history: History) -> None:
    frame = history.frame(history.month.following)
    assert not frame.complete
    found = holder_statement(history.reads, history.store, frame, history.scene.address("composer"))
    for form in ("csv", "pdf", "dsr", "json"):
        data = write(found, form, history.currency).data
        assert "PROVISIONAL" in (text_of(data) if form == "pdf" else data.decode()), form
    assert history.frame(history.month).complete


def subtracted(one: Counter[str], other: Counter[str]) -> Counter[str]:
    found = Counter(one)
    found.subtract(other)
    return found


def without_zeros(sums: Counter[str]) -> dict[str, int]:
    return {token: units for token, units in sums.items() if units}


def balance(raw: RawChain, token: str, address: str) -> int:
    if token == NATIVE:
        return int(raw.web3.eth.get_balance(address))  # type: ignore[arg-type]
    return int(raw.contract("TestDollar").functions.balanceOf(address).call())


def _row(rows: list[dict[str, str]], kind: str, ledger: str, token: str) -> int:
    found = [int(r["Units"]) for r in rows if (r["RecordType"], r["Ledger"], r["Token"]) == (kind, ledger, token)]
    return sum(found)
