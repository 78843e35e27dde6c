"""The report as SARIF: every object is one of the standard's, as Microsoft's model of its schema has them."""

from __future__ import annotations

import json
import re
from typing import Any

import attr
import sarif_om
from sarif_om import SarifLog

from contrafact.audit import AuditVerdict, Report
from contrafact.audit.rules import RULES
from contrafact.audit.sarif import to_sarif

from .history import honest_world
from .test_pages import failed

# What the schema says of a property that holds other objects, by the class and the property's name.
HOLDS = {
    "SarifLog": {"runs": "Run"},
    "Run": {"tool": "Tool", "invocations": "Invocation", "results": "Result"},
    "Tool": {"driver": "ToolComponent"},
    "ToolComponent": {"rules": "ReportingDescriptor"},
    "ReportingDescriptor": {
        "shortDescription": "MultiformatMessageString",
        "fullDescription": "MultiformatMessageString",
        "help": "MultiformatMessageString",
        "defaultConfiguration": "ReportingConfiguration",
    },
    "Result": {"message": "Message", "locations": "Location"},
    "Location": {"logicalLocations": "LogicalLocation"},
}
FREE = {"properties", "partialFingerprints"}


def check(kind: str, found: dict[str, Any]) -> None:
    """Fails where `found` is no object of the class `kind`: unknown properties, or missing ones that must be there."""
    fields = attr.fields(getattr(sarif_om, kind))
    names = {field.metadata["schema_property_name"]: field for field in fields}
    assert set(found) <= set(names), (kind, set(found) - set(names))
    needed = {name for name, field in names.items() if field.default is attr.NOTHING}
    assert needed <= set(found), (kind, needed - set(found))
    for name, value in found.items():
        inner = HOLDS.get(kind, {}).get(name)
        for item in value if isinstance(value, list) else [value]:
            if inner:
                check(inner, item)
            else:
                assert name in FREE or not isinstance(item, dict), (kind, name)


def found(report: Report) -> dict[str, Any]:
    log = json.loads(json.dumps(to_sarif(report)))
    check(SarifLog.__name__, log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def test_rules_are_those_of_the_audit() -> None:
    rules = found(honest_world().audit())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning"}
    assert all("By hand:" in rule["help"]["text"] for rule in rules)


def test_honest_history_has_no_results_and_the_exit_code_of_success() -> None:
    run = found(honest_world().audit())
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 0}]


def test_finding_is_a_failed_result_with_place_evidence_loss_and_recipe() -> None:
    report = failed()
    run = found(report)
    (result,) = [result for result in run["results"] if result["ruleId"] == "money.settlement"]
    finding = next(finding for finding in report.findings if finding.check == "money.settlement")
    assert (result["kind"], result["level"]) == ("fail", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "money.settlement"
    (place,) = result["locations"][0]["logicalLocations"]
    assert place["fullyQualifiedName"] == f"order/{finding.subject.id}"
    assert finding.loss is not None
    assert result["properties"]["loss"]["amount"] == str(finding.loss.amount)
    assert result["properties"]["evidence"] == dict(finding.evidence)
    recipe = result["properties"]["byHand"]
    assert finding.subject.id in recipe
    assert report.addresses["GenerationEscrow"] in recipe
    assert not re.search(r"\b(ORDER|ESCROW|BLOCK)\b", recipe)
    assert run["invocations"][0]["exitCode"] == 10


def test_gaps_are_open_and_those_that_the_contracts_judged_informational() -> None:
    world = honest_world()
    world.ledger.calls.clear()
    world.store.reachable = False
    report = world.audit()
    kinds = {(result["ruleId"], result["kind"]) for result in found(report)["results"]}
    assert ("order.signed", "informational") in kinds
    assert ("record.present", "open") in kinds
    assert {result["level"] for result in found(report)["results"]} == {"none"}
    assert report.verdict is AuditVerdict.INCOMPLETE


def test_fingerprints_stay_and_tell_results_apart() -> None:
    prints = [r["partialFingerprints"]["subjectAndMessage/v1"] for r in found(failed())["results"]]
    assert prints == [r["partialFingerprints"]["subjectAndMessage/v1"] for r in found(failed())["results"]]
    assert len(set(prints)) == len(prints)
