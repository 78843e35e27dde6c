"""Works: catalogue entries, and the metadata document (`contrafact/work/1`) that describes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import canonical_json, sha256
from contrafact.domain.documents import file_reference, parse, referenced, text
from contrafact.domain.splits import Split

SCHEMA = "contrafact/work/1"


@dataclass(frozen=True, slots=True)
class WorkMetadata:
    """What a work is: title, credits, its two digests, and who holds which share of its royalties.

    `content` is the SHA-256 of the file as registered, `source_form` that of the token sequence which a
    model reads; both lie in the content store under the CIDs of these digests. `catalogue_id` is the
    licensor's own reference.
    """

    title: str
    catalogue_id: str
    collection: str
    credits: tuple[str, ...]
    media_type: str
    content: bytes
    source_form: bytes
    split: Split
    note: str = ""

    def to_bytes(self) -> bytes:
        """The canonical document; its SHA-256 is the work's metadata digest."""
        return canonical_json(
            {
                "schema": SCHEMA,
                "title": self.title,
                "catalogue_id": self.catalogue_id,
                "collection": self.collection,
                "credits": list(self.credits),
                "media_type": self.media_type,
                "content": file_reference(self.content),
                "source_form": file_reference(self.source_form),
                "rights_holders": self.split.to_list(),
                "note": self.note,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> WorkMetadata:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> WorkMetadata:
        return cls(
            title=text(d["title"]),
            catalogue_id=text(d["catalogue_id"]),
            collection=text(d["collection"]),
            credits=tuple(text(credit) for credit in d["credits"]),
            media_type=text(d["media_type"]),
            content=referenced(d["content"]),
            source_form=referenced(d["source_form"]),
            split=Split.from_list(d["rights_holders"]),
            note=text(d["note"]),
        )

    def digest(self) -> bytes:
        """SHA-256 of the document."""
        return sha256(self.to_bytes())


@dataclass(frozen=True, slots=True)
class Work:
    """A work as the chain knows it: what its registration and its latest split event say."""

    work_id: bytes
    licensor: str
    content: bytes
    source_form: bytes
    metadata: bytes
    split_root: bytes
    block: int
