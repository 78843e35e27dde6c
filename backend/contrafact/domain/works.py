"""Works: catalogue entries, and the metadata document (`contrafact/work/1`) that describes one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from contrafact.domain.digests import canonical_json, cid, from_hex, sha256, to_hex
from contrafact.domain.splits import Split
from contrafact.errors import InvalidInput

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
                "content": {"sha256": to_hex(self.content), "cid": cid(self.content)},
                "source_form": {"sha256": to_hex(self.source_form), "cid": cid(self.source_form)},
                "rights_holders": [{"holder": leaf.holder, "share": leaf.share} for leaf in self.split.leaves],
                "note": self.note,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> WorkMetadata:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        try:
            d = json.loads(data)
            if d["schema"] != SCHEMA:
                raise ValueError(f"schema {d['schema']!r}")
            work = cls(
                title=d["title"],
                catalogue_id=d["catalogue_id"],
                collection=d["collection"],
                credits=tuple(d["credits"]),
                media_type=d["media_type"],
                content=from_hex(d["content"]["sha256"]),
                source_form=from_hex(d["source_form"]["sha256"]),
                split=Split.of([(row["holder"], row["share"]) for row in d["rights_holders"]]),
                note=d["note"],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInput(f"The work's metadata cannot be read: {error}.", f"Expected {SCHEMA}.") from error
        if work.to_bytes() != data:
            raise InvalidInput("The work's metadata is not canonical JSON.")
        return work

    def digest(self) -> bytes:
        """SHA-256 of the document."""
        return sha256(self.to_bytes())


@dataclass(frozen=True, slots=True)
class Work:
    """A work as the chain knows it: what its registration event and its registry entry say."""

    work_id: bytes
    licensor: str
    content: bytes
    source_form: bytes
    metadata: bytes
    split_root: bytes
    block: int


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the chain knows it; `base_rate` is in units of `token` per started 30 seconds."""

    model_id: bytes
    registrant: str
    weights: bytes
    manifest: bytes
    pool_split_root: bytes
    base_rate: int
    token: str
    metadata: bytes
    block: int
