"""Whether an order that failed is worth another try, and when. Pure."""

from __future__ import annotations

import errno

from contrafact.errors import (
    Busy,
    ChainError,
    ComputeError,
    ContentMismatch,
    ContractError,
    ContrafactError,
    DatabaseError,
    NotFound,
    OrderClosed,
    Payment,
    StoreError,
    WrongBytes,
)

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
"""Seconds; each failure in a row doubles the wait."""
PATIENCE = 5
"""How often an error may come in a row that may pass, but usually does not."""

_FINAL = (ContractError, OrderClosed, ContentMismatch)
_DOUBTFUL = (WrongBytes, NotFound)  # another replica may have the right bytes, another node the newer block
_PASSING = (Busy, ChainError, ComputeError, DatabaseError, Payment, StoreError)
_PASSING_NUMBERS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.ESTALE}
)


def judge(error: Exception, repeats: int, roll: float) -> float | None:
    """The seconds until the next try; None where it is of no use. `repeats`: how often in a row it came, from 1 on.

    `roll` in [0, 1) spreads the tries of many orders that failed together. What passes by itself is tried until the
    order's deadline. An error that nobody has thought of may pass, too, but not for ever.
    """
    if isinstance(error, _FINAL):
        return None
    if _passes(error) or repeats < _patience(error):
        return delay(repeats, roll)
    return None


def delay(repeats: int, roll: float) -> float:
    """Between half and the whole of 2, 4, 8 … 300 seconds."""
    whole = min(LONGEST_WAIT, FIRST_WAIT * float(1 << min(repeats - 1, 20)))
    return whole * (1 + roll) / 2


def _passes(error: Exception) -> bool:
    if isinstance(error, _DOUBTFUL):
        return False
    return isinstance(error, _PASSING) or (isinstance(error, OSError) and error.errno in _PASSING_NUMBERS)


def _patience(error: Exception) -> int:
    """The errors of this project say what is wrong, and it stays wrong; others may be a machine's."""
    return PATIENCE if isinstance(error, _DOUBTFUL) or not isinstance(error, ContrafactError) else 1
