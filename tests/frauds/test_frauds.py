"""Each fraud of the catalogue is committed, and an auditor with a chain and a store finds it."""

from __future__ import annotations

import pytest

from contrafact.wiring.auditing import audit_site
from tests.e2e.tampering.stage import Scene

from . import generation, paying, registrations, selling  # noqa: F401 — their plots
from .plots import PLOTS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", PLOTS)
def test_fraud_is_found(scene: Scene, name: str) -> None:
    plot = PLOTS[name]
    accused = plot.act(scene)
    report = audit_site(scene.site)
    told = [f"{f.check} {f.subject}: {f.message}" for f in report.findings]
    print("\n", name, told)
    assert plot.found(report, accused), told
