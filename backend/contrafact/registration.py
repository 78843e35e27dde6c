"""Registering works, collections, models: content and metadata to the store first, then their digests to the chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Protocol

from contrafact.contents import named
from contrafact.domain.collections import Collection
from contrafact.domain.digests import cid, sha256, to_hex
from contrafact.domain.holder_rows import Confirmations
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import ModelMetadata
from contrafact.domain.protection import Protection
from contrafact.domain.recognition import Candidate, Evidence, Likeness, Made, Recognition
from contrafact.domain.releases import WORK
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, InvalidScore, NotPermitted
from contrafact.ports import ContentStore, Sealing

MEDIA_TYPES = {
    ".abc": "text/vnd.abc",
    ".mid": "audio/midi",
    ".midi": "audio/midi",
    ".xml": "application/vnd.recordare.musicxml+xml",
    ".musicxml": "application/vnd.recordare.musicxml+xml",
    ".mxl": "application/vnd.recordare.musicxml",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".mp3": "audio/mpeg",
}


class WorkRegistrar(Protocol):
    """The transaction that registers a work, from the account that becomes its licensor."""

    def register_work(self, metadata: WorkMetadata) -> tuple[bytes, str]: ...


class ModelRegistrar(Protocol):
    """The transaction that registers a model, from the account that becomes its registrant."""

    def register_model(
        self, metadata: ModelMetadata, rates: Mapping[str, int], sunset: int = 0
    ) -> tuple[bytes, str]: ...


class CollectionRegistrar(Protocol):
    """The transactions that anchor a collection, and that bring a work of one onto the chain."""

    def anchor_collection(self, collection: Collection) -> str: ...
    def materialise(self, licensor: str, collection: Collection, content: bytes) -> tuple[bytes, str]: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What a licensor says of a work that is to be registered.

    `confirmations` are holders' signatures that their places in the split are theirs, as far as they are at hand.
    """

    title: str
    catalogue_id: str
    collection: str
    credits: tuple[str, ...]
    media_type: str
    split: Split
    note: str = ""
    confirmations: Confirmations = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a registrant says of registered works, and of orders' pieces, that its file is like, by their ids.

    `contests`: the registered work, or the piece of the order, is the registrant's by right. `version_of`: the file is
    a version of it. `not_version_of`: it is not, whatever it looks like.
    """

    contests: frozenset[bytes] = frozenset()
    version_of: frozenset[bytes] = frozenset()
    not_version_of: frozenset[bytes] = frozenset()

    def to_note(self) -> str:
        """The statement as the metadata records it; empty where nothing is said."""
        said = {"contests": self.contests, "is a version of": self.version_of, "is no version of": self.not_version_of}
        parts = [f"{word} {', '.join(sorted(map(to_hex, works)))}" for word, works in said.items() if works]
        return f"The registrant states that this work {'; '.join(parts)}." if parts else ""


def require_new(recognition: Recognition, licensor_of: Callable[[bytes], str], registrant: str, said: Statement) -> str:
    """The note that a registration needs: what the registrant states about works that the file is like.

    A registrant's own works are passed over. Raises NotPermitted for a piece that was made to order and for a copy of
    another licensor's work, unless that is contested, and for a version of one of which the registrant says neither
    that it is one nor that it is not.
    """
    for made in recognition.pieces:
        if made.order_id not in said.contests:
            order = to_hex(made.order_id)
            text = f"This is a piece that was made here, of order {order} (same {_sameness(made)}), from others' works."
            raise NotPermitted(text, f"Its licence says what it may be used for. {_IF_YOURS} --contest {order}.")
    others = [one for one in recognition.candidates if licensor_of(one.work_id).lower() != registrant.lower()]
    for candidate in others:
        work, licensor = to_hex(candidate.work_id), licensor_of(candidate.work_id)
        if candidate.work_id in said.contests:
            continue
        if candidate.likeness is Likeness.COPY:
            text = f"This is a copy of work {work}, which {licensor} has registered (same {_sameness(candidate)})."
            raise NotPermitted(text, f"{_IF_YOURS} --contest {work}.")
        if candidate.work_id not in said.version_of | said.not_version_of:
            text = f"This seems to be a version of work {work} of {licensor}: {in_words(candidate)}."
            hint = f"Say what it is: --version-of {work}, or --not-a-version {work}. The statement becomes public."
            raise NotPermitted(text, hint)
    return said.to_note()


def in_words(candidate: Candidate) -> str:
    """Why a version is taken for one: bars that agree, key and tempo."""
    bars = ", ".join(f"bars {_range(one.file)} as its bars {_range(one.work)}" for one in candidate.bars[:4])
    key = "" if candidate.transposition is None else f", {candidate.transposition} semitones higher (modulo octaves)"
    tempo = "" if candidate.tempo is None else f", at {candidate.tempo:.0%} of its tempo"
    return f"{bars or 'the same melody'}{key}{tempo}"


_IF_YOURS = "If the work is yours by right, register it with"


def _sameness(found: Candidate | Made) -> str:
    return "recording" if found.evidence is Evidence.FINGERPRINT else found.evidence.value


def _range(bars: tuple[int, int]) -> str:
    return str(bars[0]) if bars[0] == bars[1] else f"{bars[0]}–{bars[1]}"


@dataclass(frozen=True, slots=True)
class Guard:
    """How a work is protected: who seals it, the id that it will have, and who may read it beside its licensor."""

    sealing: Sealing
    work_id: bytes
    readers: tuple[str, ...] = ()


def register(
    draft: Draft,
    content: bytes,
    derive: Callable[[bytes, str], bytes],
    store: ContentStore,
    registrar: WorkRegistrar,
    guard: Guard | None = None,
) -> bytes:
    """Registers what a score or a recording holds as a composition and returns the work's id.

    With a `guard`, file and source form go to the store as ciphertext only. Raises InvalidScore for a file that cannot
    be a source, before anything is stored or sent, and InvalidInput where a guarded work lies in the store in plain.
    """
    form = derive(content, draft.media_type)
    protection, contents = (None, (content, form)) if guard is None else _guarded(guard, (content, form), store)
    metadata = WorkMetadata(
        title=draft.title,
        catalogue_id=draft.catalogue_id,
        collection=draft.collection,
        credits=draft.credits,
        media_type=draft.media_type,
        content=sha256(content),
        source_form=sha256(form),
        split=draft.split,
        note=draft.note,
        confirmations=draft.confirmations,
        protection=protection,
    )
    for data in (*contents, metadata.to_bytes()):
        store.put(data)
    work_id, _ = registrar.register_work(metadata)
    return work_id


def _guarded(guard: Guard, plain: tuple[bytes, ...], store: ContentStore) -> tuple[Protection, tuple[bytes, ...]]:
    """The ciphertexts. Their key is on the licensor's keyring before anything is published, so that none is lost."""
    if any(store.has(cid(sha256(data))) for data in plain):
        text = "This work's file or source form lies in the content store in plain, so it is published already."
        raise InvalidInput(text, "Register it without protection, or take it down first: contrafact content withdraw.")
    sealing = guard.sealing
    key, secret = sealing.new_key()
    ciphers = tuple(sealing.seal(data, key) for data in plain)
    sealed = named(plain, ciphers, key)
    readers = tuple(dict.fromkeys((sealing.reader, *guard.readers)))
    release = sealing.release((WORK, guard.work_id), secret, sealed, readers)
    sealing.keep(release)
    return Protection(sealing.reader, sealed), (*ciphers, release)


def register_model(
    metadata: ModelMetadata,
    manifest: Manifest,
    rates: Mapping[str, int],
    store: ContentStore,
    registrar: ModelRegistrar,
    sunset: int = 0,
) -> bytes:
    """Registers a model that learnt from the works of `manifest`, and returns its id.

    `rates` of base by token, in the token's units; from the second `sunset` on it takes no new orders, if not 0.
    """
    for data in (manifest.to_bytes(), metadata.to_bytes()):
        store.put(data)
    model_id, _ = registrar.register_model(metadata, rates, sunset)
    return model_id


def anchor(collection: Collection, store: ContentStore, registrar: CollectionRegistrar) -> bytes:
    """Publishes and anchors a collection, and returns its root."""
    store.put(collection.to_bytes())
    registrar.anchor_collection(collection)
    return collection.root


def materialise(
    licensor: str, collection: Collection, content: bytes, store: ContentStore, registrar: CollectionRegistrar
) -> bytes:
    """Brings one work of an anchored collection onto the chain, with its documents on their own, and returns its id.

    Raises NotFound where the collection does not hold it.
    """
    work = collection.work(content)
    for data in (work.file, work.form, work.metadata.to_bytes()):
        store.put(data)
    work_id, _ = registrar.materialise(licensor, collection, content)
    return work_id


def media_type(name: str) -> str:
    """The media type of a score or a recording by its file name. Raises InvalidScore for other kinds of file."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in MEDIA_TYPES:
        raise InvalidScore(f"{name} is no score or recording.", f"Use a file that ends with {', '.join(MEDIA_TYPES)}.")
    return MEDIA_TYPES[suffix]
