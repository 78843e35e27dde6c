"""What a model reads of a work, where that is open to everybody."""

from __future__ import annotations

from importlib.util import find_spec

from contrafact.contents import content, work_document
from contrafact.domain import pitch
from contrafact.domain.documents import natural, read_json
from contrafact.errors import InvalidInput, NotFound, Withdrawn
from contrafact.ports import ContentStore
from contrafact.read_model import WorkRow
from contrafact.web.services import Services


def open_source(store: ContentStore, row: WorkRow) -> list[int]:
    """The tokens of a work's source form.

    Raises NoKey where it is protected, Withdrawn, NotFound where it is not here, and InvalidInput where it is none.
    """
    try:
        return [natural(token) for token in read_json(_form(store, row))["tokens"]]
    except (ValueError, KeyError, TypeError) as error:
        text = "The work's source form cannot be read."
        raise InvalidInput(text, "Its licensor registered something else under that digest.") from error


def source_midi(store: ContentStore, row: WorkRow) -> bytes | None:
    """The melody as MIDI; None where this installation has no music. Raises as above."""
    if find_spec("mido") is None:
        return None
    from contrafact.music.source_midi import to_midi

    return to_midi(_form(store, row), row.title or "")


def source_sound(services: Services, row: WorkRow) -> bytes:
    """The melody as an MP3 file, in the key of the work. Raises as above, Overloaded, and InvalidScore.

    Raises NotFound where this installation makes no sound, too.
    """
    if services.songs is None:
        raise NotFound("This service makes no sound.", "Read the notes of /source.mid.")
    form, tonic = _form(services.published, row), tonic_of(row)
    if (found := services.songs.kept(form, tonic)) is not None:
        return found
    with services.playing.passed():
        return services.songs.make(form, tonic)


def tonic_of(row: WorkRow) -> int:
    """The pitch class of a work's key; C where it is not known."""
    return pitch.tonic(row.key.split()[0]) if row.key else 0


def _form(store: ContentStore, row: WorkRow) -> bytes:
    try:
        described = work_document(store, row.metadata)
        return content(store, row.source_form, described.protection)
    except Withdrawn:
        raise
    except NotFound as error:
        text = "The work's content is not open, or not in this content store."
        raise NotFound(text, "Its licensor releases protected content to operators and auditors.") from error
