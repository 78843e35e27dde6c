"""The report as one self-contained page, readable without knowing what a hash is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from contrafact.audit.amounts import amount
from contrafact.audit.outcomes import NotChecked
from contrafact.audit.pages import environment
from contrafact.audit.report import AuditVerdict, Report, Tally
from contrafact.audit.royalties_svg import royalties_svg
from contrafact.audit.rules import GROUPS, group
from contrafact.audit.summary import OrderSummary
from contrafact.domain.opinions import ONLY_EXACT_PAYS

NEWEST = 50
"""Orders that the page shows in full; those with findings, and as many at most, come on top."""

HEADLINES = {
    AuditVerdict.OK: "Everything holds",
    AuditVerdict.FAILED: "Not everything holds",
    AuditVerdict.INCOMPLETE: "All that could be checked holds",
}


def to_html(report: Report) -> str:
    """The page `audit.html`; it needs nothing from anywhere else."""

    def picture(order: OrderSummary) -> Markup:
        return Markup(royalties_svg(order, report.tokens, standalone=False))  # every value in it is escaped

    return (
        environment()
        .get_template("audit.html.j2")
        .render(
            report=report,
            orders=report.notable(NEWEST),
            headline=HEADLINES[report.verdict],
            groups=_grouped_tallies(report.tallies),
            gaps=_grouped_gaps(report.not_checked),
            money=lambda units, token: amount(units, token, report.tokens),
            picture=picture,
            colours=_colours,
            only_exact_pays=ONLY_EXACT_PAYS,
        )
    )


def _colours(order: OrderSummary) -> list[str]:
    """The colour of each source of its three views: that of its payment, or of the base for one that was not paid."""
    paid = {payment.id: f"c{place % 8}" for place, payment in enumerate(order.payments)}
    found = order.opinions.found if order.opinions else None
    return [paid.get(source, "base") for source in found.sources] if found else []


def _grouped_tallies(tallies: Mapping[str, Tally]) -> dict[str, dict[str, Tally]]:
    """Heading → check → tally, headings in the order of the rules."""
    groups: dict[str, dict[str, Tally]] = {heading: {} for heading in GROUPS.values()}
    for check, tally in tallies.items():
        groups[group(check)][check] = tally
    return groups


def _grouped_gaps(gaps: Sequence[NotChecked]) -> dict[tuple[str, str], list[NotChecked]]:
    """(check, reason) → what it concerns."""
    groups = defaultdict(list)
    for gap in gaps:
        groups[gap.check, gap.reason].append(gap)
    return dict(groups)
