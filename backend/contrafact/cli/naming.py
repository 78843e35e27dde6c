"""Names for ids: a work by the beginning of its id, and its title where this content store has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from contrafact.contents import work_document
from contrafact.domain.collections import Collection
from contrafact.domain.digests import from_hex, sha256, to_hex
from contrafact.domain.registrations import Registry
from contrafact.domain.shares import PPM
from contrafact.domain.training_consent import Licences
from contrafact.domain.works import Work, WorkMetadata
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.wiring import Site

UNKNOWN = "(not in this content store)"
_WHOLE = re.compile(r"0x[0-9a-f]{64}")
_ID = re.compile(r"0x[0-9a-f]{8,64}")
_SHORT = re.compile(r"(0x[0-9a-f]{8,63})(?:(?:…|\.\.\.)([0-9a-f]{1,63}))?")


def work_id(site: Site, text: str) -> bytes:
    """A work's id, written in full, or so much of its beginning (8 digits or more) that no other work has it.

    Raises NotFound or InvalidInput; a full id is not looked up.
    """
    wanted = text.lower()
    if _WHOLE.fullmatch(wanted):
        return from_hex(wanted)
    short = _SHORT.fullmatch(wanted)
    if short is None:
        hint = "Write 0x and at least its first 8 hex digits; `contrafact works list` shows them beside the titles."
        raise InvalidInput(f"{text!r} is no work's id.", hint)
    head, tail = short[1], short[2] or ""
    ids = [to_hex(work.work_id) for work in site.reader.works()]
    found = [one for one in ids if one.startswith(head) and one.endswith(tail)]
    if not found:
        raise NotFound(f"No work's id begins like {text}.", "`contrafact works list` shows the catalogue.")
    if len(found) > 1:
        raise InvalidInput(f"The ids of {len(found)} works begin like {text}.", "Write the whole id.")
    return from_hex(found[0])


def order_id(text: str) -> bytes:
    """An order's id, written in full. Raises InvalidInput."""
    wanted = text.lower()
    if not _WHOLE.fullmatch(wanted):
        hint = "Write it whole, 0x and 64 hex digits: the page of the order has it, and `contrafact jobs list`."
        raise InvalidInput(f"{text!r} is no order's id.", hint)
    return from_hex(wanted)


def training_work(site: Site, licences: Licences, text: str) -> tuple[str | None, bytes]:
    """Registrant and content of a work that is registered, or in a published collection, by its id or the beginning of
    it; or of a file on this machine, whose registrant may be anybody (None). Raises NotFound or InvalidInput.
    """
    if not _ID.fullmatch(text.lower()) and Path(text).is_file():
        return None, sha256(Path(text).read_bytes())
    wanted = text.lower()
    if not _ID.fullmatch(wanted):
        raise InvalidInput(f"{text!r} is neither a work's id nor a file.", "Write 0x and at least 8 hex digits.")
    known = licences.contents()
    found = {work_id: pair for work_id, pair in known.items() if to_hex(work_id).startswith(wanted)}
    if not found:
        raise NotFound(f"No work's id begins like {text}.", "`contrafact works list` shows the catalogue.")
    if len(found) > 1:
        raise InvalidInput(f"The ids of {len(found)} works begin like {text}.", "Write the whole id.")
    return next(iter(found.values()))


def in_collection(site: Site, licensor: str, collection: Collection, text: str) -> bytes:
    """The content of a work of a collection, by its id, the beginning of that, or its reference in the collection.

    Raises NotFound, or InvalidInput where several fit.
    """
    registry = Registry(site.deployment.chain_id, site.reader.catalogue)
    by_name = [work for work in collection.works if work.metadata.catalogue_id == text]
    wanted = text.lower()
    found = by_name or [
        work
        for work in (collection.works if _ID.fullmatch(wanted) else ())
        if to_hex(registry.work_id(licensor, work.content)).startswith(wanted)
    ]
    if not found:
        raise NotFound(f"The collection {collection.name} has no work {text}.", "Its document lists them.")
    if len(found) > 1:
        raise InvalidInput(f"{len(found)} works of the collection are called {text}.", "Write the whole id.")
    return found[0].content


def metadata(site: Site, work: Work) -> WorkMetadata | None:
    """The work's metadata; None where the store does not have it, or has something else in its place.

    Anybody can register a work and keep its metadata to himself; the others must stay readable.
    """
    try:
        return work_document(site.store, work.metadata)
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
