"""Collections: a licensor's works anchored as one Merkle root with their terms. The twin of `Collections.sol`.

The document (`contrafact/collection/1`) holds all that materialising and auditing its works needs: files and source
forms themselves, so that one document replaces thousands of small ones, and each kind of terms and each rights split
once. No digest stands in it: all of them, and the root, are computed from what is there.
"""

from __future__ import annotations

import base64
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from eth_utils import keccak

from contrafact.domain import merkle
from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import hex_bytes, natural, parse, text
from contrafact.domain.licences import licence_hash
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms
from contrafact.domain.terms_document import terms_from_dict, terms_to_dict
from contrafact.domain.works import Identifiers, WorkMetadata
from contrafact.errors import InvalidInput, NotFound

SCHEMA = "contrafact/collection/1"

H = TypeVar("H", bound=Hashable)


@dataclass(frozen=True)
class CollectedWork:
    """A work of a collection: its metadata with the file and the source form that this names, and its terms."""

    metadata: WorkMetadata
    terms: Terms
    file: bytes
    form: bytes

    @property
    def content(self) -> bytes:
        return self.metadata.content

    @cached_property
    def registration(self) -> tuple[bytes, bytes, bytes, bytes, bytes]:
        """The Solidity struct `Registration`."""
        of, metadata = self.metadata.recording_of or bytes(32), self.metadata
        return metadata.content, metadata.source_form, metadata.digest(), metadata.split.root, of

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """The terms as the chain keeps them."""
        return self.terms.to_words()

    @property
    def licence(self) -> bytes:
        """The 27 bytes by which the chain knows split and terms together."""
        return licence_hash(self.metadata.split.root, self.words)

    @property
    def value(self) -> bytes:
        """What the collection's leaf is made of: `abi.encode(registration, keccak256(abi.encodePacked(words)))`."""
        return b"".join(self.registration) + keccak(b"".join(self.words))


@dataclass(frozen=True)
class Collection:
    """A licensor's works, to be anchored together; `name` is the collection that each work's metadata names."""

    name: str
    works: tuple[CollectedWork, ...]
    note: str = ""

    @classmethod
    def of(cls, name: str, works: Iterable[CollectedWork], note: str = "") -> Collection:
        """The collection of these works. Raises InvalidInput where they are none, or do not belong together."""
        made = cls(name, tuple(works), note)
        made.check()
        return made

    @cached_property
    def values(self) -> tuple[bytes, ...]:
        """What the leaves are made of, in the works' order."""
        return tuple(work.value for work in self.works)

    @cached_property
    def root(self) -> bytes:
        """The root that its licensor anchors."""
        return merkle.root(self.values)

    def proof(self, content: bytes) -> tuple[bytes, ...]:
        """The siblings from a work's leaf to the root. Raises NotFound."""
        return merkle.proof(self.values, self.work(content).value)

    def work(self, content: bytes) -> CollectedWork:
        """The work with this content digest. Raises NotFound."""
        if content not in self.by_content:
            raise NotFound(f"The collection {self.name} has no work with the content {to_hex(content)}.")
        return self.by_content[content]

    @cached_property
    def by_content(self) -> dict[bytes, CollectedWork]:
        return {work.content: work for work in self.works}

    def check(self) -> None:
        """Raises InvalidInput where works are missing, stand there twice, name another collection or other files."""
        if not self.works:
            raise InvalidInput("A collection has at least one work.")
        if len(self.by_content) < len(self.works):
            raise InvalidInput("Two works of the collection have the same file.", "Leave one of them out.")
        for work in self.works:
            if work.metadata.collection != self.name:
                raise InvalidInput(f"{work.metadata.title!r} names another collection than {self.name!r}.")
            if (work.metadata.content, work.metadata.source_form) != (sha256(work.file), sha256(work.form)):
                raise InvalidInput(f"The metadata of {work.metadata.title!r} is not of its file and source form.")

    # The document

    def to_bytes(self) -> bytes:
        """The canonical document; its SHA-256 is what is anchored beside the root."""
        terms, splits = _Table[Terms](), _Table[Split]()
        works = [_work_to_dict(work, terms.at(work.terms), splits.at(work.metadata.split)) for work in self.works]
        return canonical_json(
            {
                "schema": SCHEMA,
                "name": self.name,
                "note": self.note,
                "terms": [terms_to_dict(one) for one in terms.rows],
                "splits": [split.to_list() for split in splits.rows],
                "works": works,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Collection:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> Collection:
        terms = [terms_from_dict(row) for row in d["terms"]]
        splits = [Split.from_list(rows) for rows in d["splits"]]
        name = text(d["name"])
        works = (_work_from_dict(row, name, terms, splits) for row in d["works"])
        return cls.of(name, works, text(d["note"]))

    def digest(self) -> bytes:
        """SHA-256 of the document."""
        return sha256(self.to_bytes())


class _Table(Generic[H]):
    """Rows that are stated once and referred to by their place."""

    def __init__(self) -> None:
        self._places: dict[H, int] = {}

    def at(self, row: H) -> int:
        return self._places.setdefault(row, len(self._places))

    @property
    def rows(self) -> list[H]:
        return list(self._places)


def _work_to_dict(work: CollectedWork, terms: int, split: int) -> dict[str, object]:
    metadata = work.metadata
    return {
        "title": metadata.title,
        "catalogue_id": metadata.catalogue_id,
        "credits": list(metadata.credits),
        "media_type": metadata.media_type,
        "recording_of": to_hex(metadata.recording_of) if metadata.recording_of else "",
        "identifiers": metadata.identifiers.to_dict(),
        "note": metadata.note,
        "file": base64.b64encode(work.file).decode(),
        "form": base64.b64encode(work.form).decode(),
        "terms": terms,
        "split": split,
        "confirmations": {str(i): "0x" + signed.hex() for i, signed in metadata.confirmations.items()},
    }


def _work_from_dict(d: dict[str, Any], name: str, terms: Sequence[Terms], splits: Sequence[Split]) -> CollectedWork:
    file, form = (base64.b64decode(text(d[key]), validate=True) for key in ("file", "form"))
    metadata = WorkMetadata(
        title=text(d["title"]),
        catalogue_id=text(d["catalogue_id"]),
        collection=name,
        credits=tuple(text(credit) for credit in d["credits"]),
        media_type=text(d["media_type"]),
        content=sha256(file),
        source_form=sha256(form),
        split=splits[natural(d["split"])],
        note=text(d["note"]),
        recording_of=from_hex(d["recording_of"]) if text(d["recording_of"]) else None,
        identifiers=Identifiers.from_dict(d["identifiers"]),
        confirmations={int(text(i)): hex_bytes(signed) for i, signed in d["confirmations"].items()},
    )
    metadata.check()
    return CollectedWork(metadata, terms[natural(d["terms"])], file, form)
