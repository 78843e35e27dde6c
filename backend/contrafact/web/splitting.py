"""Rights splits from what people send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contrafact.domain.splits import Split
from contrafact.web.schemas.fields import unhexed
from contrafact.web.schemas.transactions import HolderRow
from contrafact.web.schemas.uploads import HolderShare


def split_of(rows: Iterable[HolderRow]) -> Split:
    """Raises InvalidInput unless the shares sum to one million."""
    return Split.drafted([(row.holder, row.share) for row in rows])


def confirmations_of(rows: Sequence[HolderShare]) -> dict[int, bytes]:
    """What holders have signed of their places already, by place. Signatures are not checked."""
    return {place: unhexed(row.confirmation) for place, row in enumerate(rows) if row.confirmation}
