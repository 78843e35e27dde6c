"""Rights splits from what people send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from contrafact.domain.identifiers import ipi_name_number
from contrafact.domain.splits import Split
from contrafact.errors import InvalidInput
from contrafact.web.schemas.fields import unhexed
from contrafact.web.schemas.transactions import HolderRow
from contrafact.web.schemas.uploads import HolderShare


def split_of(rows: Iterable[HolderRow]) -> Split:
    """Raises InvalidInput unless the shares sum to one million."""
    return Split.drafted([(row.holder, row.share) for row in rows])


def confirmations_of(rows: Sequence[HolderShare]) -> dict[int, bytes]:
    """What holders have signed of their places already, by place. Signatures are not checked."""
    return {place: unhexed(row.confirmation) for place, row in enumerate(rows) if row.confirmation}


def named(
    rows: Sequence[HolderShare], credits: Sequence[str], numbers: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Credits with the holders' names, and IPI name numbers by credit and by address, as a work's document has them.

    Raises InvalidInput for a wrong number, and for a name without one: nothing else ties it to an address.
    """
    told, known = list(credits), dict(numbers)
    for row in rows:
        name = row.name.strip()
        if name and not row.ipi:
            raise InvalidInput(f"The name {name!r} has no IPI name number.", "Give the number, or leave the name out.")
        if row.ipi is not None:
            known.pop(row.holder, None)
        if row.ipi:
            known |= dict.fromkeys(filter(None, (row.holder, name)), ipi_name_number(row.ipi))
        if name and name not in told:
            told.append(name)
    known_here = {*told, *(row.holder for row in rows)}
    return tuple(told), {who: number for who, number in known.items() if who in known_here}
