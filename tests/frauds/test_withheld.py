"""A node that leaves out whole kinds of events: the audit goes on, and says what is missing."""

from __future__ import annotations

import pytest

from contrafact.domain.digests import to_hex
from contrafact.domain.terms import NATIVE
from contrafact.wiring.auditing import audit_site
from tests.e2e.tampering.stage import Scene

from .nodes import lying, without

pytestmark = pytest.mark.slow


def test_works_and_models_whose_registration_a_node_withholds_are_findings(scene: Scene) -> None:
    scene.deliver(scene.stage.honest)
    works, models = scene.site.reader.works(), scene.site.reader.models()
    with lying(scene.site, lambda logs: without(logs, "WorkRegistered", "ModelRegistered")) as site:
        report = audit_site(site)
    named = {"work.registered": {work.work_id for work in works}, "model.registered": {m.model_id for m in models}}
    for check, ids in named.items():
        found = {finding.subject.id for finding in report.errors if finding.check == check}
        assert found == set(map(to_hex, ids)) != set()


def test_coins_whose_bond_a_node_withholds_are_money_that_no_order_explains(scene: Scene) -> None:
    with lying(scene.site, lambda logs: without(logs, "BondDeposited")) as site:
        report = audit_site(site)
    unexplained = {finding.subject.id for finding in report.findings if finding.check == "money.balance"}
    assert NATIVE in unexplained
