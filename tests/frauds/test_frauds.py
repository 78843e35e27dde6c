"""Each fraud of the catalogue is committed, and an auditor with a chain and a store finds it."""

from __future__ import annotations

import os
from contextlib import nullcontext
from random import Random

import pytest

from contrafact.audit import AuditVerdict
from contrafact.wiring.auditing import audit_site
from tests.e2e.tampering.stage import Scene

from . import generation, paying, registrations, selling  # noqa: F401 — their plots
from .catalogue import BY_LOT, PLANNED
from .lots import LOTS
from .nodes import lying
from .plots import PLOTS
from .tally import Tally

pytestmark = pytest.mark.slow
LOT = os.environ.get("CONTRAFACT_LOT", "2026")
"""What the lots are drawn from: any other text draws other frauds."""


def plotted(name: str) -> object:
    missed = PLOTS[name].missed
    return pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=missed)) if missed else name


@pytest.mark.parametrize("name", map(plotted, PLOTS))
def test_fraud_is_found(scene: Scene, name: str, tally: Tally) -> None:
    tally.committed(name)
    plot = PLOTS[name]
    accused = plot.act(scene)
    with lying(scene.site, plot.logs) if plot.logs else nullcontext(scene.site) as site:
        report = audit_site(site)
    found = plot.found(report, accused)
    assert found, [f"{f.check} {f.subject}: {f.message}" for f in report.findings]
    tally.found(found)


@pytest.mark.parametrize("name", LOTS)
def test_fraud_that_nobody_planned_is_found(scene: Scene, name: str, tally: Tally) -> None:
    tally.committed(name)
    if name != "a note":
        scene.deliver(scene.stage.honest)
    with LOTS[name](scene, Random(f"{LOT} {name}")) as drawn:
        report = audit_site(drawn.site)
    assert report.verdict is AuditVerdict.FAILED, drawn.what
    tally.found(report.errors)


def test_every_fraud_of_the_catalogue_is_committed() -> None:
    assert set(PLOTS) == {fraud.name for fraud in PLANNED}
    assert set(LOTS) == {fraud.name for fraud in BY_LOT}
