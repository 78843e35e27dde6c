"""Names for ids: a work by the beginning of its id, and its title where this content store has it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contrafact.domain.digests import cid, from_hex, to_hex
from contrafact.domain.shares import PPM
from contrafact.domain.works import Work, WorkMetadata
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.wiring import Site

UNKNOWN = "(not in this content store)"
_SHORT = re.compile(r"(0x[0-9a-f]{8,63})(?:(?:…|\.\.\.)([0-9a-f]{1,63}))?")


def work_id(site: Site, text: str) -> bytes:
    """A work's id, written in full, or so much of its beginning (8 digits or more) that no other work has it.

    Raises NotFound or InvalidInput; a full id is not looked up.
    """
    wanted = text.lower()
    short = _SHORT.fullmatch(wanted)
    if short is None:
        return from_hex(wanted)
    head, tail = short[1], short[2] or ""
    ids = [to_hex(work.work_id) for work in site.reader.works()]
    found = [one for one in ids if one.startswith(head) and one.endswith(tail)]
    if not found:
        raise NotFound(f"No work's id begins like {text}.", "`contrafact works list` shows the catalogue.")
    if len(found) > 1:
        raise InvalidInput(f"The ids of {len(found)} works begin like {text}.", "Write the whole id.")
    return from_hex(found[0])


def metadata(site: Site, work: Work) -> WorkMetadata | None:
    """The work's metadata; None where the store does not have it, or has something else in its place.

    Anybody can register a work and keep its metadata to himself; the others must stay readable.
    """
    try:
        return WorkMetadata.from_bytes(site.store.get(cid(work.metadata)))
    except (NotFound, StoreError, InvalidInput):
        return None


def titles(site: Site, work_ids: Sequence[bytes]) -> list[str]:
    """The works' titles, in the same order."""
    works = {work.work_id: work for work in site.reader.works()}
    found = [metadata(site, works[work_id]) for work_id in work_ids]
    return [one.title if one else UNKNOWN for one in found]


def part(weight: int) -> str:
    """A weight in percent; a composition, which is used through a recording, has none."""
    return f"{weight / PPM:.1%}" if weight else "(composition)"
