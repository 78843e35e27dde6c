"""An honest history of more than a thousand orders on a real EVM, in which an audit finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contrafact.audit import AuditVerdict
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site
from tests.clients import anvil
from tests.e2e.town import Town, settings_in

from .founding import found
from .history import Historian
from .tally import Tally

pytestmark = pytest.mark.slow
CHAPTERS, REAL, RECORDED, UNDELIVERED = 5, 10, 188, 5


@pytest.fixture(scope="module")
def quiet_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of its own, so that the frauds' snapshots do not stand in the way."""
    if reason := anvil.missing():
        pytest.skip(reason)
    with anvil.Anvil("--accounts", "20", "--balance", "1000000") as node:
        settings = settings_in(tmp_path_factory.mktemp("honest"), node.url)
        yield found(settings.model_copy(update={"poll_seconds": 0.005}))


def test_nothing_is_found_in_an_honest_history_of_a_thousand_orders(quiet_town: Town, tally: Tally) -> None:
    site: Site = quiet_town.site()
    history = Historian(quiet_town, site)
    for number in range(CHAPTERS):
        finished = history.chapter(REAL, RECORDED, UNDELIVERED)
        if number == 1:
            history.contest()
        history.pay_later(finished[:6])
        history.pay_later(history.raise_uses(finished[-6:]))
        history.claim_and_pay_out()
        history.change_terms()
        if number == 1:
            history.withdraw_contest()
            history.claim_and_pay_out()
            history.change_split()
        if number == 3:
            history.recover_holder()
        if number in (2, 4):
            history.close_epochs()
    history.take_bond_out()
    report = audit_site(site)
    assert [f"{f.check} {f.subject}: {f.message}" for f in report.findings] == []
    orders, replayed = report.scope["orders"], report.tallies["replay.same"].done
    assert (orders, replayed) == (CHAPTERS * (REAL + RECORDED + UNDELIVERED), CHAPTERS * REAL)
    assert report.verdict is AuditVerdict.INCOMPLETE
    of_the_other_model = {"replay.same", "replay.runs", "render.same", "model.weights"}
    of_the_coin = {"money.sent", "money.transfers"}
    assert {gap.check for gap in report.not_checked} <= of_the_other_model | of_the_coin
    tally.honest(f"0 findings on {orders} honest orders, {replayed} replayed, the others recorded by another model")
