"""The report as one self-contained page, readable without knowing what a hash is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from contrafact.audit.advice import advice
from contrafact.audit.amounts import amount
from contrafact.audit.money_table import TokenMoney, money_by_token
from contrafact.audit.outcomes import NotChecked, Subject
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
SHOWN_IDS = 100
"""Ids that a gap shows; the report for machines has all of them."""


@dataclass(slots=True)
class Gap:
    """What one reason hindered: how many subjects, of which kind, and the first of them."""

    kind: str
    count: int = 0
    ids: list[str] = field(default_factory=list)

    def add(self, subject: Subject) -> None:
        self.count += 1
        if self.count <= SHOWN_IDS:
            self.ids.append(subject.id)


Gaps = Mapping[tuple[str, str], Gap]
"""By check and reason."""


def to_html(report: Report) -> str:
    """The page `audit.html`; it needs nothing from anywhere else."""

    def picture(order: OrderSummary) -> Markup:
        return Markup(royalties_svg(order, report.tokens, standalone=False))  # every value in it is escaped

    def money(units: int, token: str) -> str:
        return amount(units, token, report.tokens)

    funds, orders = money_by_token(report.orders), _failed_first(report.notable(NEWEST))
    gaps, excused = grouped_gaps(report.not_checked)
    return (
        environment()
        .get_template("audit.html.j2")
        .render(
            report=report,
            headline=headline(report),
            sentence=verdict_sentence(report, funds),
            funds=funds,
            orders=orders,
            groups=grouped_tallies(report.tallies),
            gaps=gaps,
            excused=excused,
            money=money,
            names={payment.id: payment.name for order in orders for payment in order.payments},
            by_hand=report.recipes(),
            advice=advice,
            picture=picture,
            colours=_colours,
            only_exact_pays=ONLY_EXACT_PAYS,
        )
    )


def headline(report: Report) -> str:
    """The verdict in a few words."""
    sampled = report.verdict is AuditVerdict.OK and report.replays.is_sample
    return report.replays.verdict if sampled else HEADLINES[report.verdict]


def verdict_sentence(report: Report, funds: Sequence[TokenMoney], decimals: int = 6) -> str:
    """The verdict for somebody who reads no further; amounts have at least so many decimals."""
    paid = " and ".join(amount(of.escrowed, of.token, report.tokens, decimals) for of in funds) or "nothing"
    orders = f"{len(report.orders)} order{'' if len(report.orders) == 1 else 's'}"
    if not report.orders and report.verdict is not AuditVerdict.FAILED:
        return report.no_order
    if report.verdict is AuditVerdict.OK:
        return f"Makers paid in {paid} for {orders}, and every unit of it went where the licences say."
    if report.verdict is AuditVerdict.INCOMPLETE:
        return f"Makers paid in {paid} for {orders}. Nothing was found wrong, but not all of it could be looked at."
    places = len({finding.subject for finding in report.errors})
    about = f"{places} place{'' if places == 1 else 's'}"
    lost = sum(finding.loss is not None for finding in report.errors)
    text = f"Makers paid in {paid} for {orders}. Something is wrong in {about}"
    return (
        f"{text}, and money is missing: see below whose it is." if lost else f"{text}; no amount of money is missing."
    )


def _failed_first(orders: Sequence[OrderSummary]) -> list[OrderSummary]:
    """The orders that failed, then the others, the newest first."""
    newest = orders[::-1]
    return sorted(newest, key=lambda order: order.verdict != "failed")


def _colours(order: OrderSummary) -> list[str]:
    """The colour of each source of its three views: that of its payment, or of the base for one that was not paid."""
    paid = {payment.id: f"c{place % 8}" for place, payment in enumerate(order.payments)}
    found = order.opinions.found if order.opinions else None
    return [paid.get(source, "base") for source in found.sources] if found else []


def grouped_tallies(tallies: Mapping[str, Tally]) -> dict[str, dict[str, Tally]]:
    """Heading → check → tally, headings in the order of the rules."""
    groups: dict[str, dict[str, Tally]] = {heading: {} for heading in GROUPS.values()}
    for check, tally in tallies.items():
        groups[group(check)][check] = tally
    return groups


def grouped_gaps(gaps: Iterable[NotChecked]) -> tuple[Gaps, Gaps]:
    """What makes the audit incomplete, and what was left to the contracts."""
    groups: tuple[dict[tuple[str, str], Gap], ...] = ({}, {})
    for gap in gaps:
        groups[gap.excused].setdefault((gap.check, gap.reason), Gap(gap.subject.kind)).add(gap.subject)
    return groups[False], groups[True]
