"""What a test demands of a report: that it failed, and says of which order, work, account or contract."""

from __future__ import annotations

from contrafact.audit import AuditVerdict, Finding, Report


def blamed(report: Report, kind: str, thing: bytes | str, *families: str) -> list[Finding]:
    """The errors about one subject from checks of `families` (`record`, `money` …); fails where there is none."""
    name = thing if isinstance(thing, str) else "0x" + thing.hex()
    assert report.verdict is AuditVerdict.FAILED, f"{report.verdict}: {list(map(_line, report.findings))}"
    found = [f for f in report.errors if (f.subject.kind, f.subject.id.lower()) == (kind, name.lower())]
    fitting = [f for f in found if f.check.partition(".")[0] in families]
    assert fitting, f"nothing of {families} about {kind} {name} in {list(map(_line, report.findings))}"
    return fitting


def only_about(report: Report, *things: bytes | str) -> None:
    """Fails where anything but `things` is blamed: an accusation of the innocent."""
    names = {(thing if isinstance(thing, str) else "0x" + thing.hex()).lower() for thing in things}
    others = [_line(f) for f in report.errors if f.subject.id.lower() not in names]
    assert not others, others


def _line(finding: Finding) -> str:
    return f"{finding.check} {finding.subject}: {finding.message} {dict(finding.evidence)} {finding.loss}"


def mentions(finding: Finding, thing: bytes) -> bool:
    """Whether a reader of the finding learns that it concerns `thing`."""
    return "0x" + thing.hex() in " ".join((finding.subject.id, finding.message, *finding.evidence.values()))


def named(report: Report, thing: bytes, family: str) -> list[Finding]:
    """Findings, warnings included, that concern `thing`; fails where there is none."""
    found = [f for f in report.findings if f.check.startswith(f"{family}.") and mentions(f, thing)]
    assert found, [(f.check, str(f.subject), f.message) for f in report.findings]
    return found
