"""The report for machines and for people."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.audit import AuditVerdict, Plan, Replays, Report, Scope, Tools, audit, royalties_svg, to_html
from contrafact.audit.amounts import amount, percent, short
from contrafact.audit.money_table import money_by_token
from contrafact.audit.rules import RULES
from contrafact.cli.audit_words import lines
from contrafact.domain.digests import cid
from contrafact.domain.money import Currency, decimal
from contrafact.domain.splits import Split
from contrafact.domain.terms import Use
from contrafact.errors import NotFound

from .fakes import FakeStore
from .history import World, address, honest_world, terms

HOSTILE = "<script>alert('x')</script>&\"<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def report() -> Report:
    return honest_world().audit()


def failed() -> Report:
    world = honest_world()
    world.ledger.credited_list.pop(0)
    return world.audit()


class Page(HTMLParser):
    """Tags, their balance, and the text."""

    VOID = frozenset({"meta", "br", "link", "img", "rect", "path"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_json_report_is_json_and_says_the_same(report: Report) -> None:
    found = json.loads(json.dumps(report.to_dict()))
    assert (found["schema"], found["verdict"]) == ("contrafact/audit/1", "ok")
    assert found["checks"] == {"done": report.done, "failed": 0, "warnings": 0, "not_checked": 0, "left_out": 0}
    assert [order["escrowed"] for order in found["orders"]] == [str(order.escrowed) for order in report.orders]


def test_json_finding_has_evidence_and_loss() -> None:
    finding = json.loads(json.dumps(failed().to_dict()))["findings"][0]
    assert finding["check"] == "money.settlement"
    assert finding["severity"] == "error"
    assert int(finding["loss"]["amount"]) == int(finding["evidence"]["expected_units"]) > 0


def test_page_is_well_formed_and_needs_nothing_from_elsewhere(report: Report) -> None:
    page = to_html(report)
    parsed = Page(page)
    assert parsed.open == []
    assert not {"script", "link", "img", "iframe", "object"} & set(parsed.tags)
    assert re.findall(r"(?:https?:)?//[^\s\"')]+", page.replace("http://www.w3.org/2000/svg", "")) == []
    assert not re.search(r"url\(|@import|src=", page)


def test_page_gives_each_payment_with_its_unit(report: Report) -> None:
    text = " ".join(Page(to_html(report)).text)
    for order in report.orders:
        for payment in order.payments:
            assert amount(payment.amount, order.token, report.tokens) in text
            for part in payment.holders:
                assert amount(part.amount, order.token, report.tokens) in text
                assert short(part.holder) in text


def test_page_gives_long_ids_in_full_on_hovering(report: Report) -> None:
    page = to_html(report)
    for order in report.orders:
        assert f'title="{order.order_id}"' in page


def test_findings_come_before_everything_else() -> None:
    page = to_html(failed())
    assert "Not everything holds" in page
    assert page.index("What does not hold") < page.index("Who got what") < page.index("What was checked")


def test_page_says_what_was_not_checked() -> None:
    world = honest_world()
    world.tools = Tools()
    page = to_html(world.audit())
    assert "All that could be checked holds" in page
    assert "Not replayed: no generator installed." in page


def test_a_store_of_something_else_accuses_nobody_and_the_box_says_so() -> None:
    world = honest_world()
    world.store = FakeStore()
    world.store.put(b"of another catalogue")
    report = world.audit()
    said = "The content store that was given holds nothing of this catalogue"
    assert (report.verdict, report.findings) == (AuditVerdict.INCOMPLETE, ())
    assert any(said in gap.reason for gap in report.not_checked if gap.check == "record.present")
    page = to_html(report)
    assert page.index(said) < page.index("</header>")
    assert any(line.startswith(said) for line in lines(report))
    with pytest.raises(NotFound, match=said):
        audit(world.ledger, world.store, world.tools, plan=Plan(Scope(holders=(address("ann"),))))


def test_a_scope_without_orders_says_so_and_names_in_words_what_was_not_done() -> None:
    world = honest_world()
    world.add_work("Unheard", "publisher", Split.of([(address("dan"), 1_000_000)]))
    report = audit(world.ledger, world.store, world.tools, plan=Plan(Scope(holders=(address("dan"),))))
    page, said = to_html(report), f"No order was made of what you asked for, up to block {report.block:,}."
    assert report.verdict is AuditVerdict.OK
    assert page.count(said) == 3
    assert said in lines(report)
    assert not re.search("paid in nothing|ever paid for", page)
    assert RULES["money.conserved"].means in report.left_out[0]
    assert "money.conserved" not in report.left_out[0]


@pytest.mark.parametrize(("asked", "left"), [(0, "2 delivered pieces were"), (1, "1 delivered piece was")])
def test_an_audit_of_a_sample_says_first_that_it_is_one(asked: int, left: str) -> None:
    world = honest_world()
    report = audit(world.ledger, world.store, world.tools, plan=Plan(replays=Replays(asked)))
    page, said = to_html(report), f"What was asked for holds; {left} not generated again"
    assert f"<h1>{said}</h1>" in page
    assert list(lines(report))[1] == f"{said}."
    assert page.count("Not generated again, as you asked.") == 2 - asked
    assert "All was checked" not in "".join(lines(report))


@pytest.mark.parametrize("damage", [lambda held, name: held.pop(name), lambda held, name: held.update({name: b"x"})])
def test_what_a_store_lacks_or_gives_wrong_is_asked_of_another_copy_first(damage: Callable[..., object]) -> None:
    world = honest_world()
    damage(world.store.held, cid(world.ledger.committed_list[0].commit.record_digest))
    damage(world.store.held, cid(world.ledger.work_list[0].metadata))
    report = world.audit()
    page = Page(to_html(report))
    text = " ".join(" ".join(page.text).split())
    first = "Ask another copy of the content store before you accuse anybody"
    assert text.index(first) < text.index("challenge its commit")
    assert any(line.strip().startswith(first) for line in lines(report))
    assert any(finding.subject.kind == "work" for finding in report.errors)
    assert "work work" not in text


def test_money_of_the_page_adds_up_and_names_what_came_later() -> None:
    world = honest_world()
    (funds,) = money_by_token(world.audit().orders)
    assert funds.came_in == funds.went_out + funds.held
    assert (funds.orders, funds.later, funds.missing) == (4, 0, 0)
    world.ledger.raise_use(world.orders["first"], Use.COMMERCIAL)
    (raised,) = money_by_token(world.audit().orders)
    assert (raised.later, raised.missing) == (world.ledger.raised_list[0].paid, 0)


def test_failed_page_says_first_whose_money_is_missing_and_what_to_do() -> None:
    report = failed()
    (funds,) = money_by_token(report.orders)
    finding = next(finding for finding in report.findings if finding.loss)
    assert finding.loss is not None
    text = " ".join(Page(to_html(report)).text)
    lost = amount(finding.loss.amount, finding.loss.token, report.tokens)
    assert funds.missing == finding.loss.amount
    assert text.index("money is missing") < text.index(lost) < text.index("What to do:") < text.index("Out: to rights")
    assert f"Missing {lost}" in re.sub(r"\s+", " ", text)


def test_page_keeps_what_the_contracts_judged_apart_from_what_nobody_could_check() -> None:
    world = honest_world()
    world.ledger.calls.clear()
    page = to_html(world.audit())
    assert "What could not be checked" not in page
    assert "Left to the contracts" in page


def test_terminal_says_the_verdict_first_then_losses_and_gaps_once_for_all_whom_they_concern() -> None:
    world = honest_world()
    world.ledger.credited_list.pop(0)
    world.ledger.calls.clear()
    report = world.audit()
    said = list(lines(report))
    assert said[0].startswith(f"failed: {report.done} checks done, {len(report.errors)} failed, 0 could not be done")
    loss = next(finding.loss for finding in report.errors if finding.loss)
    assert any(f"Missing: {amount(loss.amount, loss.token, report.tokens)}" in line for line in said)
    assert [line.split()[:4] for line in said if "order.signed" in line] == [["unseen", "order.signed", "4", "orders:"]]


def hostile_world() -> World:
    world = honest_world()
    work = world.add_work(HOSTILE, "publisher", Split.of([(address(f"h{i}"), 15_625) for i in range(64)]))
    world.ledger.set_terms(work, terms(100_000))
    world.works[0] = work
    world.deliver(world.fund("hostile", world.quote(60)))
    return world


def test_hostile_titles_and_symbols_are_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    world = hostile_world()
    monkeypatch.setattr(world.ledger, "currency", lambda token: Currency("<b>&", 6))
    report = world.audit()
    assert report.errors == ()
    page = to_html(report)
    assert not {"script", "img", "b"} & set(Page(page).tags)
    ET.fromstring(royalties_svg(report.orders[-1], report.tokens))


def test_picture_is_well_formed_and_adds_up(report: Report) -> None:
    for order in report.orders:
        root = ET.fromstring(royalties_svg(order, report.tokens))
        text = " ".join(root.itertext())
        assert amount(order.escrowed, order.token, report.tokens) in text
        for payment in order.payments:
            assert payment.name in text
            assert amount(payment.amount, order.token, report.tokens) in text


def test_picture_of_many_holders_shows_the_largest_and_sums_the_rest() -> None:
    report = hostile_world().audit()
    text = " ".join(ET.fromstring(royalties_svg(report.orders[-1], report.tokens)).itertext())
    assert "56 more holders" in text


def test_bands_of_one_column_do_not_overlap(report: Report) -> None:
    root = ET.fromstring(royalties_svg(report.orders[0], report.tokens))
    ends = []
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", path.attrib["d"])]
        x, top, bottom = numbers[6], numbers[7], numbers[9]
        ends.append((x, top, bottom))
    for column in {x for x, _, _ in ends}:
        spans = sorted((top, bottom) for x, top, bottom in ends if x == column)
        assert all(below[0] >= above[1] - 0.2 for above, below in pairwise(spans))


@given(st.integers(-(10**30), 10**30), st.integers(0, 18), st.integers(0, 18))
def test_amounts_are_written_exactly(units: int, decimals: int, least: int) -> None:
    whole, _, fraction = decimal(units, decimals, least).partition(".")
    assert int(whole + fraction.ljust(decimals, "0")) == units
    assert min(least, decimals) <= len(fraction) <= decimals


@given(st.integers(0, 10**6))
def test_percentages_are_exact(ppm: int) -> None:
    number = percent(ppm).removesuffix(" %")
    whole, _, fraction = number.partition(".")
    assert int(whole + fraction.ljust(4, "0")) == ppm
