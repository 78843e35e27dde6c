"""Statements of a month from the read model."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from contrafact.content_ports import ContentStore
from contrafact.domain.addresses import checksummed
from contrafact.errors import NotFound
from contrafact.read_model import walked
from contrafact.statement_reads import StatementReads
from contrafact.statements import operator, public
from contrafact.statements.described import described
from contrafact.statements.frame import Chain, Frame
from contrafact.statements.month import Month
from contrafact.statements.operator import OperatorStatement, operator_statement
from contrafact.statements.public import PublicStatement, public_statement
from contrafact.statements.statement import Statement, statement_of
from contrafact.statements.texts import time_text

ESCROW, POOLS = "GenerationEscrow", "TrainingPool"


def frame_of(
    reads: StatementReads, chain: Chain, month: Month, time_of: Callable[[int], int], first_block: int = 0
) -> Frame:
    """`time_of` tells when a block was, in seconds since the epoch; before `first_block` there are no contracts.

    Raises NotFound while nothing is indexed, for a month that has not begun, by this machine's clock and the chain's,
    and for one that was over before the first block.
    """
    status = reads.status()
    if month.start > max(status.block_time, time.time()):
        raise NotFound(f"The month {month} has not begun.", "Ask for a month that is over, or for this one.")
    over = status.block_time >= month.end and time_of(max(0, status.confirmed)) >= month.end
    point = reads.point(month.end)
    if point is None and (begun := time_of(first_block)) >= month.end:
        text = f"The month {month} was over before these contracts were there, on {time_text(begun)}."
        raise NotFound(text, f"Ask for {Month.at(begun)} or later.")
    return Frame(chain, month, point, over)


def holder(reads: StatementReads, store: ContentStore, frame: Frame, address: str) -> Statement:
    """Raises InvalidInput for what is no address, NotFound for one that never was in a split of this catalogue, and
    DatabaseError where the index contradicts itself."""
    who, until = checksummed(address), frame.point.number if frame.point else 0
    if not reads.is_holder(who):
        raise NotFound(f"There is no work in whose published split there is {who}.", _why_unknown(reads, until))
    # Between two reads the index may go on: what counts is confirmed by the frame's block.
    rows = walked(lambda page: reads.earnings(who, page, 0, frame.month.end))
    earnings = [replace(row, confirmed=row.block <= until) for row in rows]
    payments = [replace(row, confirmed=row.block <= until) for row in walked(lambda page: reads.drawn(who, page))]
    balances = reads.balances(who, until) if frame.point else ()
    found = statement_of(frame, who, earnings, payments, balances, reads.unpublished(until))
    found.require_sound()
    return replace(found, described=described(reads, store, found.works, until))


def of_operator(reads: StatementReads, frame: Frame, address: str) -> OperatorStatement:
    """Raises InvalidInput for what is no address."""
    who, until = checksummed(address), frame.point.number if frame.point else 0
    found = operator_statement(frame, who, ESCROW, reads.happenings_of(who, operator.NAMES, until))
    return replace(found, names=_names(reads, [each.model_id for each in found.generated]))


def of_public(reads: StatementReads, frame: Frame) -> PublicStatement:
    """Reads all events up to the frame's block."""
    until = frame.point.number if frame.point else 0
    found = public_statement(frame, ESCROW, POOLS, reads.happenings(public.NAMES, until))
    return replace(found, names=_names(reads, [each.model_id for each in found.generated]))


def _why_unknown(reads: StatementReads, until: int) -> str:
    count = reads.unpublished(until)
    why = f" Accounts with money whose split no document has told yet: {count}." if count else ""
    return f"Check the address, and that the index is of its chain.{why}"


def _names(reads: StatementReads, models: list[bytes]) -> dict[bytes, str]:
    """Models by what their documents call them."""
    names: dict[bytes, str] = {}
    for model in models:
        with suppress(NotFound):
            names[model] = reads.model(model).name or ""
    return names
