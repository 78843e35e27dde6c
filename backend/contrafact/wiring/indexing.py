"""The index of a site: its database, the indexer that fills it, and what describes its works."""

from __future__ import annotations

from collections.abc import Callable

from contrafact.domain import pitch
from contrafact.domain.digests import cid
from contrafact.domain.works import WorkMetadata
from contrafact.errors import ContrafactError, InvalidScore, NotFound, StoreError
from contrafact.ledger.feed import LedgerFeed
from contrafact.ports import ContentStore
from contrafact.settings import Settings
from contrafact.store import comparison, rollback
from contrafact.store.comparison import Difference
from contrafact.store.database import Database
from contrafact.store.describer import Describer, Music
from contrafact.store.follower import Follower, Progress
from contrafact.store.indexer import Indexer
from contrafact.store.read_model import IndexedReadModel
from contrafact.wiring.site import Site, generation_is_installed


def database_url(settings: Settings) -> str:
    """Where the database is: as the settings say, else a file in the home folder."""
    return settings.database or f"sqlite:///{settings.home / 'contrafact.db'}"


def open_database(settings: Settings) -> Database:
    """Raises InvalidInput and DatabaseError."""
    return Database(database_url(settings))


def read_model(database: Database) -> IndexedReadModel:
    """What is read of the database, whose schema is brought up to date."""
    database.migrate()
    return IndexedReadModel(database)


def feed(site: Site) -> LedgerFeed:
    return LedgerFeed(site.connection, site.deployment)


def indexer(site: Site, database: Database) -> Indexer:
    """Raises ChainError, and DatabaseError where the database is another deployment's."""
    return Indexer(database, feed(site))


def describer(site: Site, database: Database) -> Describer:
    """Metre and key are told where the extra `generation` is installed."""
    return Describer(database, site.store, music_of if generation_is_installed() else None)


def follower(
    site: Site,
    database: Database,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_error: Callable[[ContrafactError], None] = lambda error: None,
) -> Follower:
    """What keeps the database at the chain's head. Raises as `indexer` does."""
    return Follower(
        indexer(site, database), describer(site, database), site.connection.poll_seconds, on_progress, on_error
    )


def differences(site: Site, database: Database) -> list[Difference]:
    """Where the database differs from one that is made anew from the chain; see `comparison.differences`."""
    return comparison.differences(database, feed(site))


def empty(database: Database) -> None:
    """Takes everything out of the index, so that it is made anew, of whatever deployment."""
    database.migrate()
    rollback.empty(database)


def music_of(work: WorkMetadata, store: ContentStore) -> Music:
    """Metre and key of a work: its source form tells metre and mode, its score the tonic, too.

    Raises NotFound and StoreError where the source form cannot be had, InvalidScore where it is none.
    """
    from contrafact.music.source_form import SourceForm

    form = SourceForm.from_bytes(store.get(cid(work.source_form)))
    tonic = _tonic(work, store)
    key = form.mode if tonic is None else f"{pitch.NAMES[tonic]} {form.mode}"
    return f"{form.metre.beats}/{form.metre.unit}", key


def _tonic(work: WorkMetadata, store: ContentStore) -> int | None:
    """The pitch class on which a score's key stands; None for a recording, and for a file that cannot be had."""
    from contrafact.music.reading import read_score

    if work.recording_of or (work.media_type.startswith("audio/") and "midi" not in work.media_type):
        return None
    try:
        return read_score(store.get(cid(work.content)), work.media_type).key.tonic
    except (NotFound, StoreError, InvalidScore):
        return None
