"""Works: catalogue entries, and the metadata document that describes one.

It is `contrafact/work/1`, or `contrafact/work/2` where it says that the work's files are protected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contrafact.domain import holder_rows, identifiers
from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import file_reference, parse, referenced, text
from contrafact.domain.holder_rows import Confirmations
from contrafact.domain.protection import Protection, found_in, optional
from contrafact.domain.splits import Split
from contrafact.errors import InvalidInput

SCHEMA, PROTECTED_SCHEMA = "contrafact/work/1", "contrafact/work/2"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """A work's numbers in the music industry, in compact form; empty where there is none.

    `ipi` has IPI name numbers of credits and of rights holders, by the credit's text or the holder's address.
    """

    isrc: str = ""
    iswc: str = ""
    ipi: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        return {"isrc": self.isrc, "iswc": self.iswc, "ipi": dict(self.ipi)}

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Identifiers:
        """The identifiers in a document, compact. Raises InvalidInput for a wrong form or check digit."""
        isrc, iswc = text(d["isrc"]), text(d["iswc"])
        ipi = {who: identifiers.ipi_name_number(text(number)) for who, number in d["ipi"].items()}
        return cls(isrc and identifiers.isrc(isrc), iswc and identifiers.iswc(iswc), ipi)


@dataclass(frozen=True, slots=True)
class WorkMetadata:
    """What a work is: title, credits, its two digests, and who holds which share of its royalties.

    `content` is the SHA-256 of the file as registered, `source_form` that of the token sequence which a
    model reads; both lie in the content store under the CIDs of these digests. `catalogue_id` is the
    licensor's own reference. `recording_of` is the work id of the composition that a recording is of. `protection`
    says which of the two files lie there as ciphertext only.
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
    recording_of: bytes | None = None
    identifiers: Identifiers = field(default_factory=Identifiers)
    confirmations: Confirmations = field(default_factory=dict)
    protection: Protection | None = None

    @property
    def kind(self) -> str:
        """`composition`, or `recording` of one."""
        return "recording" if self.recording_of else "composition"

    def to_bytes(self) -> bytes:
        """The canonical document; its SHA-256 is the work's metadata digest."""
        return canonical_json(
            {
                "schema": PROTECTED_SCHEMA if self.protection else SCHEMA,
                "kind": self.kind,
                "recording_of": to_hex(self.recording_of) if self.recording_of else "",
                "title": self.title,
                "catalogue_id": self.catalogue_id,
                "collection": self.collection,
                "credits": list(self.credits),
                "media_type": self.media_type,
                "content": file_reference(self.content),
                "source_form": file_reference(self.source_form),
                "rights_holders": holder_rows.to_rows(self.split, self.confirmations),
                "identifiers": self.identifiers.to_dict(),
                "note": self.note,
                **optional(self.protection),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> WorkMetadata:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields, PROTECTED_SCHEMA)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> WorkMetadata:
        split, confirmations = holder_rows.from_rows(d["rights_holders"])
        metadata = cls(
            title=text(d["title"]),
            catalogue_id=text(d["catalogue_id"]),
            collection=text(d["collection"]),
            credits=tuple(text(credit) for credit in d["credits"]),
            media_type=text(d["media_type"]),
            content=referenced(d["content"]),
            source_form=referenced(d["source_form"]),
            split=split,
            note=text(d["note"]),
            recording_of=from_hex(d["recording_of"]) if text(d["recording_of"]) else None,
            identifiers=Identifiers.from_dict(d["identifiers"]),
            confirmations=confirmations,
            protection=found_in(d),
        )
        metadata.check()
        return metadata

    def check(self) -> None:
        """Raises InvalidInput where an identifier is not of this work, or of nobody whom it names, or it protects
        other files than its own.
        """
        if self.protection:
            self.protection.check((self.content, self.source_form))
        if self.identifiers.isrc and not self.recording_of:
            raise InvalidInput("An ISRC is the number of a recording.", "Leave it out for a composition.")
        known = {*self.credits, *(leaf.holder for leaf in self.split.leaves)}
        if strangers := sorted(self.identifiers.ipi.keys() - known):
            text_ = f"There is an IPI name number for {strangers[0]!r}, who is neither credit nor rights holder."
            raise InvalidInput(text_, "Write the name, or the address, as it stands there.")

    def digest(self) -> bytes:
        """SHA-256 of the document."""
        return sha256(self.to_bytes())


@dataclass(frozen=True, slots=True)
class Work:
    """A work as the chain knows it: what its registration and the latest events of split and contests say.

    `recording_of` is the work id of the composition that a recording is of. A work that is contested or barred
    enters no new order.
    """

    work_id: bytes
    licensor: str
    content: bytes
    source_form: bytes
    metadata: bytes
    split_root: bytes
    block: int
    recording_of: bytes | None = None
    contested: bool = False
    barred: bool = False
