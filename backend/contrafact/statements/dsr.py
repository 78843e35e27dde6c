"""A holder's statement as a flat file after DDEX DSR's Royalty Reporting Profile. docs/statements.md maps each cell.

It takes that profile's records and the order of their cells. It conforms to the profile in form only, as far as the
mapping says: tokens are no ISO 4217 currencies, wallets no DDEX parties, and generating is no use type that it knows.
Lines that begin with `#` are remarks for such a reader; they hold what the profile has no record for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.money import decimal
from contrafact.read_model import PaymentRow
from contrafact.statements.described import NOTHING
from contrafact.statements.lines import NO_ORDER, Line
from contrafact.statements.month import Month
from contrafact.statements.rows import Currencies
from contrafact.statements.statement import Statement, Total
from contrafact.statements.texts import one_line, percentage, time_text

PROFILE, PROFILE_VERSION, VERSION = "RoyaltyReportingProfile", "1.0.1", "dsrf/30"
SERVICE, MODEL, TERRITORY, RIGHT = "Contrafact", "PayAsYouGoModel", "Worldwide", "GenerationLicence"
REMARKS = (
    ("#HEAD", "MessageVersion Profile ProfileVersion MessageId MessageCreatedDateTime FileNumber NumberOfFiles"
     " UsageStartDate UsageEndDate SenderPartyId SenderName ServiceDescription RecipientPartyId RecipientName"
     " RepresentedRepertoire"),
    ("#SY07", "SummaryRecordId DistributionChannel DistributionChannelDPID CommercialModel UseType Territory RightsType"
     " ServiceDescription Usages Users Currency NetRevenue RightsController RightsControllerPartyId AllocatedUsages"
     " AllocatedRevenue AllocatedNetRevenue"),
    ("#AS01", "BlockId ResourceReference DspResourceId ISRC Title SubTitle DisplayArtistName DisplayArtistPartyId"
     " Duration ResourceType"),
    ("#MW01.01", "BlockId DspWorkId ISWC Title SubTitle ComposerAuthor ComposerAuthorPartyId Arranger ArrangerPartyId"
     " MusicPublisher MusicPublisherPartyId WorkContributor WorkContributorPartyId DataProvider ProprietaryWorkId"),
    ("#SU03.01", "BlockId SalesTransactionId SummaryRecordId DspReleaseId Usages NetRevenue ValidityPeriodStart"
     " ValidityPeriodEnd"),
    ("#LI01", "BlockId SummaryRecordId RightsController RightsControllerPartyId RightsControllerWorkId"
     " RightSharePercentage RightsType AllocatedNetRevenue AllocatedAmount"),
    ("#FOOT", "NumberOfLinesInFile NumberOfLinesInReport NumberOfSummaryRecords NumberOfBlocksInFile"
     " NumberOfBlocksInReport"),
    ("#CF-STATEMENT", "Status ChainId Block BlockHash BlockTime Contracts"),
    ("#CF-BALANCE", "Token Currency Decimals Opening Earned Paid Closing Claimable UnconfirmedPlaces Held"),
    ("#CF-PAYMENT", "WorkId Token Amount Payee Time Transaction"),
    ("#CF-PENDING", "Kind WorkId Token Amount Time Transaction"),
    ("#CF-UNPUBLISHED", "Accounts"),
)  # fmt: skip
"""The names of the cells, which precede the records as remarks. Ours begin with `#CF-`."""

Cells = Sequence[str]
Group = tuple[str, str, str]
"""Use, operator and token: what a summary is of."""


@dataclass(frozen=True, slots=True)
class _Writer:
    statement: Statement
    currency: Currencies

    def amount(self, units: int, token: str) -> str:
        return decimal(units, self.currency(token).decimals)


def holder_dsr(statement: Statement, currency: Currencies) -> bytes:
    """Records, one a line, their cells parted by tabs; UTF-8."""
    writer, groups = _Writer(statement, currency), _groups(statement.lines)
    blocks = _blocks(statement.lines)
    records = [_head(writer), *([name, *cells.split()] for name, cells in REMARKS)]
    records += _summaries(writer, groups)
    for number, (work, lines) in enumerate(blocks.items(), start=1):
        records += _block(writer, str(number), work, lines, groups)
    records += _remarks(writer)
    count = str(len(records) + 1)
    records.append(["FOOT", count, count, str(len(groups)), str(len(blocks)), str(len(blocks))])
    return "".join("\t".join(map(_cell, record)) + "\n" for record in records).encode()


def file_name(statement: Statement) -> str:
    """After the profile's rule for names: sender, recipient, service, period, territory, file, time."""
    moment = time_text(statement.frame.at).translate(str.maketrans("", "", "-:Z"))
    parts = (f"chain{statement.frame.chain.number}", statement.holder, SERVICE, str(statement.month), TERRITORY)
    return f"DSR_{'_'.join(parts)}_1of1_{moment}.tsv"


def _head(writer: _Writer) -> Cells:
    statement, frame = writer.statement, writer.statement.frame
    first, last = (time_text(second)[:10] for second in (frame.month.start, frame.month.end - 1))
    what = f"{frame.chain.number}/{frame.contracts}/{statement.holder}/{frame.month}/{frame.block_hash}/{frame.status}"
    head = ["HEAD", VERSION, PROFILE, PROFILE_VERSION, sha256(what.encode()).hex()[:32], time_text(frame.at), "1", "1"]
    sender = ["", f"{SERVICE} on chain {frame.chain.number}", SERVICE]
    return [*head, first, last, *sender, "", statement.holder, ""]


def _groups(lines: Iterable[Line]) -> dict[Group, list[Line]]:
    found: dict[Group, list[Line]] = {}
    for line in sorted(lines, key=_group):
        found.setdefault(_group(line), []).append(line)
    return found


def _group(line: Line) -> Group:
    return line.kind, line.operator or "", line.token


def _blocks(lines: Iterable[Line]) -> dict[bytes, list[Line]]:
    """A block for each work."""
    found: dict[bytes, list[Line]] = {}
    for line in lines:
        found.setdefault(line.beneficiary, []).append(line)
    return {work: found[work] for work in sorted(found)}


def _summaries(writer: _Writer, groups: dict[Group, list[Line]]) -> Iterator[Cells]:
    for number, ((kind, operator, token), lines) in enumerate(groups.items(), start=1):
        usages, gross = str(sum(line.rows for line in lines)), sum(line.amount for line in lines)
        due = writer.amount(sum(line.due for line in lines), token)
        use = [MODEL, kind, TERRITORY, RIGHT, f"token:{token}"]
        money = [usages, "", writer.currency(token).symbol, writer.amount(gross, token)]
        whose = [writer.statement.holder, "", usages, due, due]
        yield ["SY07", str(number), operator, "", *use, *money, *whose]


def _block(
    writer: _Writer, number: str, work: bytes, lines: Iterable[Line], groups: dict[Group, list[Line]]
) -> Iterator[Cells]:
    about, identifier = writer.statement.described.get(work, NOTHING), to_hex(work)
    title = about.title or identifier
    yield ["AS01", number, "R1", identifier, about.isrc, title, "", "", "", "", "MusicalWorkUsage"]
    yield ["MW01.01", number, identifier, about.iswc, title, *[""] * 10, f"contrafact::{identifier}"]
    places = {group: str(place) for place, group in enumerate(groups, start=1)}
    for line in lines:
        summary, gross = places[_group(line)], writer.amount(line.amount, line.token)
        order = line.transactions[0] if line.order_id == NO_ORDER else to_hex(line.order_id)
        days = _days(writer.statement.month)
        yield ["SU03.01", number, order, summary, identifier, str(line.rows), gross, *days]
        share, due = percentage(line.ppm), writer.amount(line.due, line.token)
        yield ["LI01", number, summary, writer.statement.holder, "", identifier, share, RIGHT, gross, due]


def _days(month: Month) -> tuple[str, str]:
    return time_text(month.start)[:10], time_text(month.end - 1)[:10]


def _remarks(writer: _Writer) -> Iterator[Cells]:
    """What the profile has no record for."""
    statement, frame = writer.statement, writer.statement.frame
    yield ["#CF-STATEMENT", frame.status, str(frame.chain.number), frame.block, frame.block_hash, frame.block_time,
           frame.contracts]  # fmt: skip
    yield from (_balance(writer, total) for total in statement.totals)
    yield from (_payment(writer, row) for row in statement.payments)
    for line in statement.pending_lines:
        what = ["#CF-PENDING", line.kind, to_hex(line.beneficiary), line.token]
        yield [*what, writer.amount(line.due, line.token), time_text(line.at), " ".join(line.transactions)]
    for row in statement.pending_payments:
        what = ["#CF-PENDING", "payment", to_hex(row.beneficiary), row.token]
        yield [*what, writer.amount(row.amount, row.token), time_text(row.at), row.transaction]
    if statement.unpublished:
        yield ["#CF-UNPUBLISHED", str(statement.unpublished)]


def _balance(writer: _Writer, total: Total) -> Cells:
    paid = writer.currency(total.token)
    units = (total.opening, total.earned, total.paid, total.closing, total.claimable, total.unconfirmed, total.held)
    amounts = [decimal(each, paid.decimals) for each in units]
    return ["#CF-BALANCE", total.token, paid.symbol, str(paid.decimals), *amounts]


def _payment(writer: _Writer, row: PaymentRow) -> Cells:
    what = [to_hex(row.beneficiary), row.token, writer.amount(row.amount, row.token)]
    return ["#CF-PAYMENT", *what, row.payee, time_text(row.at), row.transaction]


def _cell(text: str) -> str:
    """No tab and no line's end; `|` parts the values of one cell, so that it is written `\\|`."""
    return one_line(text).replace("\\", "\\\\").replace("|", "\\|")
