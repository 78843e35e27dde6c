"""Works that a licensor has offered to another, who did not accept yet."""

from __future__ import annotations

from contrafact.domain.terms import NATIVE
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
