"""Works that a licensor has offered to another: those not accepted yet, and all offers of one work."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.terms import NATIVE
from contrafact.explorer_reads import ExplorerReads
from contrafact.statement_reads import StatementReads

_STARTED, _DONE = "LicensorTransferStarted", "LicensorTransferred"


def offered(read_model: StatementReads) -> dict[bytes, str]:
    """To whom each work is offered, by its id. An offer to the zero address takes the one before it back."""
    found: dict[bytes, str] = {}
    for event in read_model.happenings((_STARTED, _DONE), read_model.status().block):
        work_id, to = event.arguments["workId"], event.arguments["to"]
        if event.name == _STARTED and to != NATIVE:
            found[work_id] = to
        else:
            found.pop(work_id, None)
    return found


@dataclass(frozen=True, slots=True)
class Handing:
    """An offer of a work, or its acceptance (`is_done`); `to` is empty for an offer taken back."""

    to: str
    is_done: bool
    block: int
    at: int


def handings(read_model: ExplorerReads, work_id: bytes) -> list[Handing]:
    """All offers of a work to other licensors, and their acceptances, in the chain's order."""
    found = []
    for event in read_model.happenings_about([work_id], (_STARTED, _DONE)):
        to = event.arguments["to"]
        found.append(Handing("" if to == NATIVE else to, event.name == _DONE, event.block, event.at))
    return found
