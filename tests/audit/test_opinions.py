"""Three views of who is in each piece: shown, in words and for machines, and never a check."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contrafact.audit import Report, Tools, to_html
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.opinions import ONLY_EXACT_PAYS, Opinions
from contrafact.domain.record import AttributionRecord
from contrafact.errors import StoreError

from .history import World, honest_world
from .test_pages import HOSTILE, Page, hostile_world


def fake_opine(record: AttributionRecord) -> Opinions:
    """An ear that hears the last source most; gradients that agree with the shares."""
    shares = {to_hex(source.work_id): source.share for source in record.sources}
    heard = [float(place + 1) for place in range(len(shares))]
    return Opinions.of(shares, heard, list(map(float, shares.values())), [(0, 0), (0, 1), (None, 1)])


def audited(world: World, opine: object = fake_opine) -> Report:
    return replace(world, tools=replace(world.tools, opine=opine)).audit()


def text(report: Report) -> str:
    return " ".join(" ".join(Page(to_html(report)).text).split())


def test_each_delivered_order_shows_three_views() -> None:
    world = honest_world()
    report = audited(world)
    delivered = [order for order in report.orders if order.payments]
    assert len(delivered) == 2
    for order in delivered:
        assert order.opinions is not None
        assert order.opinions.found is not None
        payments = {payment.id: payment for payment in order.payments if payment.kind == "work"}
        assert set(order.opinions.found.sources) == set(payments)
        assert list(order.opinions.names) == [payments[source].name for source in order.opinions.found.sources]
        assert order.opinions.said in text(report)
    assert text(report).count("Who is in it: three views") == len(delivered)
    assert ONLY_EXACT_PAYS in text(report)
    assert "in 1 of 2 windows of four seconds" in text(report)
    assert [order.opinions for order in report.orders if not order.payments] == [None, None]


def test_the_json_has_the_same_in_whole_numbers() -> None:
    report = audited(honest_world())
    found = json.loads(json.dumps(report.to_dict()))["orders"]
    first = found[0]["opinions"]
    assert sum(first["exact"]) == sum(first["heard"]) == sum(first["gradients"]) == 1_000_000
    assert first["heard"] == [333_333, 666_667]
    assert first["said"] == report.orders[0].opinions.said  # type: ignore[union-attr]
    assert first["windows"] == [[0, 0], [0, 1], [None, 1]]
    assert found[1]["opinions"] is None


def test_they_are_no_check() -> None:
    world = honest_world()
    with_views, without = audited(world), audited(world, None)
    assert with_views.tallies == without.tallies
    assert (with_views.verdict, with_views.not_checked) == (without.verdict, without.not_checked)


def test_without_the_tool_the_report_says_what_it_needs() -> None:
    world = honest_world()
    world.tools = Tools()
    report = world.audit()
    assert report.orders[0].opinions.to_dict() == {"reason": "Not computed: needs the extra generation."}  # type: ignore[union-attr]
    assert "Not computed: needs the extra generation." in text(report)
    assert "three views" not in text(report)


@pytest.mark.parametrize("error", [StoreError("The sound is gone.", "Fetch it."), ZeroDivisionError("no sound")])
def test_an_error_of_one_order_is_its_reason_and_leaves_the_others(error: Exception) -> None:
    world = honest_world()

    def opine(record: AttributionRecord) -> Opinions:
        if record.order_id == world.orders["first"]:
            raise error
        return fake_opine(record)

    report = audited(world, opine)
    views = {order.order_id: order.opinions for order in report.orders}
    first, second = (views[to_hex(world.orders[name])] for name in ("first", "second"))
    assert first.found is None  # type: ignore[union-attr]
    assert str(error.args[0]) in first.said  # type: ignore[union-attr]
    assert second.found is not None  # type: ignore[union-attr]
    assert report.findings == report.not_checked == ()
    assert first.said in text(report)  # type: ignore[union-attr]


def test_an_unreadable_record_is_a_reason() -> None:
    world = honest_world()
    del world.store.held[cid(world.ledger.committed_list[0].commit.record_digest)]
    first = audited(world).orders[0].opinions
    assert first is not None
    assert first.said == "Not computed: the attribution record could not be read."


def test_gradients_that_say_nothing_are_shown_so() -> None:
    def opine(record: AttributionRecord) -> Opinions:
        return Opinions.of({to_hex(source.work_id): source.share for source in record.sources}, (0.5, 0.5), (-1.0, 0.0))

    assert "says nothing" in text(audited(honest_world(), opine))


def test_hostile_titles_are_shown_as_text() -> None:
    page = to_html(audited(hostile_world()))
    parsed = Page(page)
    assert parsed.open == []
    assert not {"script", "img"} & set(parsed.tags)
    assert any(HOSTILE in part and "first" in part for part in parsed.text)
