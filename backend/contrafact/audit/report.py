"""What an audit found, as one value, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from contrafact.audit.by_hand import reproduced
from contrafact.audit.gather.foreign import NOTHING
from contrafact.audit.journal import Journal
from contrafact.audit.journal.sums import Sums
from contrafact.audit.journal.verdicts import Verdicts
from contrafact.audit.outcomes import Finding, NotChecked, Severity
from contrafact.audit.registered import Registered
from contrafact.audit.report_rows import finding_row, gap_row, order_row
from contrafact.audit.rules import RULES
from contrafact.audit.scope import Replayed, Scope
from contrafact.audit.selecting import Selected
from contrafact.audit.summary import OrderSummary
from contrafact.audit.trust import Trust
from contrafact.domain.money import Currency

SCHEMA = "contrafact/audit/1"


class AuditVerdict(StrEnum):
    """`ok`: all that was asked for was checked and holds. `failed`: something does not hold.

    `incomplete`: not all that was asked for could be checked. What the auditor left out on request, by a scope, a
    sample of replays or without sound files, is stated beside the verdict, and does not change it.
    """

    OK = "ok"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one check was done, did not hold, could not be done, and was left out on request."""

    done: int
    findings: int
    not_checked: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Resumed:
    """The journal, a file, that an audit went on with, and how many subjects had been judged when it did."""

    journal: str
    subjects: int

    def in_words(self) -> str:
        counted = "1 subject was" if self.subjects == 1 else f"{self.subjects:,} subjects were"
        return f"{counted} judged earlier and taken from the journal {self.journal}."


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an audit. `scope` counts what was looked at; `tallies` has every check by its name.

    `narrowed` says to what the audit was limited, and `not_done` which checks of the whole it did not do for that.
    `not_checked` and `orders` are read from the audit's journal each time, so they may be long.
    `trust` says what it rests on, where that is known; `resumed` what was not judged anew.
    `foreign_store`: the content store had nothing of the catalogue, so no file was looked at.
    """

    chain_id: int
    block: int
    addresses: Mapping[str, str]
    scope: Mapping[str, int]
    tallies: Mapping[str, Tally]
    findings: tuple[Finding, ...]
    not_checked: Sequence[NotChecked]
    orders: Sequence[OrderSummary]
    tokens: Mapping[str, Currency]
    narrowed: Scope
    not_done: tuple[str, ...]
    replays: Replayed
    notable: Callable[[int], Sequence[OrderSummary]]
    """The newest so many orders, and others with findings, at most so many again."""
    trust: Trust | None = None
    resumed: Resumed | None = None
    foreign_store: bool = False

    @property
    def done(self) -> int:
        """Checks that were done."""
        return sum(tally.done for tally in self.tallies.values())

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def verdict(self) -> AuditVerdict:
        if self.errors:
            return AuditVerdict.FAILED
        return AuditVerdict.INCOMPLETE if any(not gap.excused for gap in self.not_checked) else AuditVerdict.OK

    def recipes(self) -> Callable[[Finding], str]:
        """How to reproduce a finding by hand, with its values."""
        found = {finding.subject.id for finding in self.findings if finding.subject.kind == "order"}
        orders = {order.order_id: order for order in (self.orders if found else ()) if order.order_id in found}

        def recipe(finding: Finding) -> str:
            order = orders.get(finding.subject.id)
            known = {"OPERATOR": order.operator, "TOKEN": order.token} if order else {}
            return reproduced(finding, self.addresses, self.block, known)

        return recipe

    @property
    def left_out(self) -> tuple[str, ...]:
        """What the auditor did not ask for, a sentence each."""
        said = []
        if not self.narrowed.is_everything:
            rules = "; ".join(RULES[name].means for name in self.not_done)
            said.append(f"Limited to {self.narrowed.in_words()}. Not done for that: {rules}.")
        if self.replays.is_sample:
            said.append(self.replays.in_words())
        if self.tallies["audio.pcm"].left_out:
            said.append("Sound files were not read.")
        return tuple(said)

    @property
    def beside(self) -> tuple[str, ...]:
        """What is said beside the verdict, a sentence each: what was left out, and what was not judged anew."""
        foreign = (f"{NOTHING}: no file could be checked. Give the right one with --store.",)
        resumed = (self.resumed.in_words(),) if self.resumed else ()
        return (*(foreign if self.foreign_store else ()), *self.left_out, *resumed)

    @property
    def no_order(self) -> str:
        """What is said in place of orders, where there are none."""
        return f"No order was made of what you asked for, up to block {self.block:,}."

    def rests_on(self) -> dict[str, object] | None:
        """`trust` for machines, with the journal that was gone on with."""
        journal = asdict(self.resumed) if self.resumed else None
        return {**self.trust.to_dict(), "journal": journal} if self.trust else None

    def to_dict(self) -> dict[str, object]:
        """The report for machines (`contrafact/audit/1`); amounts of money are decimal strings.

        For a report of many orders, `write_json` writes the same without holding all of it.
        """
        lists = {name: list(rows) for name, rows in self.lists().items()}
        return {name: lists.get(name, value) for name, value in self.head().items()}

    def head(self) -> dict[str, object]:
        """The document without its long lists, which are None."""
        narrowed = {"limited_to": self.narrowed.to_dict(), "not_done": list(self.not_done)}
        return {
            "schema": SCHEMA,
            "verdict": self.verdict.value,
            "chain_id": self.chain_id,
            "block": self.block,
            "addresses": dict(self.addresses),
            "scope": {**self.scope, **narrowed},
            "replays": self.replays.to_dict(),
            "checks": {
                "done": self.done,
                "failed": len(self.errors),
                "warnings": len(self.warnings),
                "not_checked": len(self.not_checked),
                "left_out": sum(tally.left_out for tally in self.tallies.values()),
            },
            "rules": {name: {"means": RULES[name].means, **asdict(tally)} for name, tally in self.tallies.items()},
            "trust": self.rests_on(),
            "findings": None,
            "not_checked": None,
            "orders": None,
            "tokens": {address: asdict(info) for address, info in self.tokens.items()},
        }

    def lists(self) -> dict[str, Iterator[dict[str, object]]]:
        """The document's long lists, entry by entry."""
        by_hand = self.recipes()
        return {
            "findings": ({**finding_row(finding), "by_hand": by_hand(finding)} for finding in self.findings),
            "not_checked": map(gap_row, self.not_checked),
            "orders": map(order_row, self.orders),
        }


def compile_report(
    journal: Journal, registered: Registered, selected: Selected, replays: Replayed, tokens: Mapping[str, Currency]
) -> Report:
    """The report of what the journal holds; errors come before warnings."""
    verdicts = Verdicts(journal)
    tallies = verdicts.tallies()
    return Report(
        chain_id=registered.domain.chain_id,
        block=registered.block,
        addresses=registered.address,
        scope=_scope(registered, selected, Sums(journal)),
        tallies={name: Tally(*tallies.get(name, (0, 0, 0))) for name in RULES},
        findings=verdicts.findings(),
        not_checked=verdicts.gaps(),
        orders=verdicts.summaries(),
        tokens=tokens,
        narrowed=selected.scope,
        not_done=selected.not_done,
        replays=replays,
        notable=verdicts.notable,
    )


def _scope(registered: Registered, selected: Selected, sums: Sums) -> dict[str, int]:
    orders, works = selected.orders, {work.work_id for work in selected.works}
    return {
        "works": len(works),
        "terms_versions": sum(version.work_id in works for version in registered.terms),
        "models": len(selected.models),
        "orders": orders.count_events("Funded"),
        "committed": orders.count_events("Committed"),
        "refunded": orders.count_events("Refunded"),
        "operators": len({operator for operator, _ in selected.bonds}),
        "credits": sums.counts().get("Credited", 0)
        if selected.scope.is_everything
        else orders.count_events("Credited"),
        "payouts": sums.payouts(selected.accounts),
    }
