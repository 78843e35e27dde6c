"""Identification for a site: an index of its catalogue in the home folder, brought up to date from chain and store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrafact.recognising import add_works
from contrafact.wiring.site import Site, require_generation

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
