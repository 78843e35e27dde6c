"""What every store says of content that was taken down in it."""

from __future__ import annotations

from contrafact.domain.withdrawals import worded
from contrafact.errors import Withdrawn


def gone(cid: str, notice: bytes, place: str) -> Withdrawn:
    """The error for a read, or a write, of content that was withdrawn in `place`."""
    text = f"{cid} was taken down in {place}: {worded(notice)}."
    return Withdrawn(
        text, "It is given out again only if its keeper restores it (`contrafact content import --restore`).", notice
    )
