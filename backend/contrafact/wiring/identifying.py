"""Identification for a site: an index of its catalogue in the home folder, brought up to date from chain and store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrafact.domain.recognition import Made, Recognition
from contrafact.errors import InvalidScore
from contrafact.ports import ContentStore
from contrafact.recognising import add_works
from contrafact.verifying import made_here
from contrafact.wiring.site import Site, require_generation
from contrafact.wiring.verifying import verification

if TYPE_CHECKING:
    from contrafact.music.identification.works import WorkIdentification


def identification_of(site: Site) -> WorkIdentification:
    """Identification with all works that the chain has and the store gives.

    The index is a file of its own for each catalogue; without it, it is built again. Raises NotFound without the extra
    `generation`, StoreError for a file that is no index.
    """
    require_generation()
    from contrafact.music.identification.index import Index
    from contrafact.music.identification.works import WorkIdentification

    name = f"{site.deployment.chain_id}-{site.reader.catalogue.lower()}.sqlite"
    found = WorkIdentification(Index(site.settings.home / "identification" / name))
    works = site.reader.works()
    for stale in set(found.ids()) - {work.work_id for work in works}:
        found.forget(stale)
    add_works(found, works, site.store)
    return found


def identified(site: Site, data: bytes, media_type: str) -> Recognition:
    """What a file is among works and pieces. Raises as `identification_of` does, InvalidScore, and ChainError."""
    found = identification_of(site).identify(data, media_type)
    return found.with_pieces(*pieces_in(site, site.store, data, media_type))


def pieces_in(
    site: Site, store: ContentStore, data: bytes, media_type: str, seconds: float = float("inf")
) -> tuple[tuple[Made, ...], int]:
    """The pieces of the site that a file is, as `verification` would find them, in scores too; and how many pieces it
    could not be compared with.

    `store` and `seconds` are as there. Raises as it does.
    """
    from contrafact.music.reading import is_recording

    with verification(site, store, seconds) as tools:
        made = made_here(data, _form_of(data, media_type), tools)
        return made, tools.pieces.not_compared(is_recording(media_type)) if tools.pieces else 0


def _form_of(data: bytes, media_type: str) -> bytes | None:
    """The digest of a score's source form; None for a recording, and for a score that has none."""
    from contrafact.music.reading import is_recording, read_score
    from contrafact.music.source_form import SourceForm

    if is_recording(media_type):
        return None
    try:
        return SourceForm.from_score(read_score(data, media_type)).digest
    except InvalidScore:
        return None
