"""Private pieces: their notes and their sound are encrypted for those whom the maker names.

Two keys, because two kinds of people have a right to them: the maker's readers get both; the licensors of protected
sources get the key of the notes, from which their shares follow, and no sound. The operator keeps both, to answer for
the order. The attribution record stays public: its digest is on the chain, and it holds nothing personal.

Keys and ciphertexts are files of the order's folder, each written once: a job that is run again publishes the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from contrafact.contents import named
from contrafact.domain.digests import canonical_json
from contrafact.domain.protection import Protection, Sealed, recipient
from contrafact.domain.releases import ORDER
from contrafact.domain.terms import Use
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidOrder, NotFound
from contrafact.order.folder import OrderFolder
from contrafact.ports import Sealing

_READERS = "readers.json"
_RELEASES = ("release-notes.json", "release-sound.json")


def readers_of(use: Use, asked: Sequence[str], sealing: Sealing | None, seals_private: bool) -> tuple[str, ...]:
    """For whom a piece is encrypted: whom the maker names, else the operator where it seals every private piece.

    Raises NotFound where it would and has no reader's key.
    """
    if asked or use is not Use.PRIVATE or not seals_private:
        return tuple(asked)
    return (_required(sealing).reader,)


def check(use: Use, readers: Sequence[str], sealing: Sealing | None) -> None:
    """Raises InvalidOrder, InvalidInput or NotFound where a piece cannot be encrypted for `readers`.

    A mistyped key is found here, before anybody pays for a piece that could not be published.
    """
    if not readers:
        return
    for reader in readers:
        recipient(reader)
    if use is not Use.PRIVATE:
        text = f"A piece for {use.name.lower()} use is not encrypted."
        raise InvalidOrder(text, "Ask for private use, or name no reader.")
    sealer = _required(sealing)
    sealer.reader  # noqa: B018 - raises where the operator has none
    for reader in readers:
        sealer.seal(b"", reader)


def remember(folder: OrderFolder, readers: Sequence[str]) -> None:
    """Keeps for whom an order's piece is to be encrypted."""
    if readers:
        folder.once(_READERS, lambda: canonical_json(list(readers)))


def named_readers(folder: OrderFolder, sealing: Sealing | None) -> tuple[str, ...]:
    """Whom the maker of an order named, beside the operator, which always has the keys."""
    if sealing is None or not folder.has(_READERS):
        return ()
    return tuple(one for one in json.loads(folder.read(_READERS)) if one not in sealing.readers)


def published(
    folder: OrderFolder,
    sealing: Sealing | None,
    sources: Iterable[WorkMetadata],
    notes: tuple[bytes, ...],
    sound: tuple[bytes, ...],
) -> tuple[Protection | None, tuple[bytes, ...]]:
    """What the record says of its files, and what of them is stored: as they are, or their ciphertexts and releases."""
    if not folder.has(_READERS):
        return None, (*notes, *sound)
    sealer, makers = _required(sealing), json.loads(folder.read(_READERS))
    licensors = [metadata.protection.reader for metadata in sources if metadata.protection]
    own = [sealer.reader, *makers]
    read_notes = _sealed(folder, sealer, "notes", notes, [*own, *licensors])
    heard = _sealed(folder, sealer, "sound", sound, own)
    contents = (*read_notes[0], *heard[0])
    return Protection(sealer.reader, contents), (*read_notes[1], *heard[1])


def hand_over(folder: OrderFolder) -> None:
    """Lays the releases of a private piece beside the maker's files."""
    for name in _RELEASES:
        if folder.has(name):
            folder.once(f"delivery/{name}", lambda name=name: folder.read(name))  # type: ignore[misc]


def _sealed(
    folder: OrderFolder, sealing: Sealing, group: str, contents: Sequence[bytes], readers: Iterable[str]
) -> tuple[tuple[Sealed, ...], tuple[bytes, ...]]:
    """The contents under a key of their own, and what is stored of them: ciphertexts and a release."""
    key, secret = json.loads(folder.once(f"{group}.key", lambda: _new_key(sealing), mode=0o600))
    ciphers = tuple(
        folder.once(f"sealed/{group}-{i}.age", lambda data=data: sealing.seal(data, key))  # type: ignore[misc]
        for i, data in enumerate(contents)
    )
    sealed, to = named(contents, ciphers, key), tuple(dict.fromkeys(readers))
    subject = (ORDER, folder.order_id)
    release = folder.once(f"release-{group}.json", lambda: sealing.release(subject, secret.encode(), sealed, to))
    sealing.keep(release)
    return sealed, (*ciphers, release)


def _new_key(sealing: Sealing) -> bytes:
    key, secret = sealing.new_key()
    return canonical_json([key, secret.decode()])


def _required(sealing: Sealing | None) -> Sealing:
    if sealing is None:
        raise NotFound("This operator encrypts no pieces.", "Set CONTRAFACT_READER_KEY_FILE, or name no reader.")
    return sealing
