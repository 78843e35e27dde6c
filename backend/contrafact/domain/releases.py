"""Releases (`contrafact/release/1`): a content's key, encrypted to its readers and signed by whoever releases it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import Any

from eth_account.messages import encode_typed_data

from contrafact.domain.addresses import checksummed
from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import hex_bytes, natural, parse, text
from contrafact.domain.protection import Sealed, recipient
from contrafact.domain.typed_data import TypedData
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/release/1"
WORK, ORDER = "work", "order"
_FIELDS = [("kind", "string"), ("id", "bytes32"), ("key", "string"), ("readers", "string[]"), ("document", "bytes32")]


@dataclass(frozen=True, slots=True)
class Release:
    """Who may open which contents, by whose word.

    `kind` and `subject` say which work or order the contents are of; all of `contents` are encrypted to `key`, and
    `wrapped` is its secret half, encrypted (age) to all `readers`. `operator` is the operator that it was released
    for, or empty. `signature` is the releaser's, of `message()`, and counts on one chain.
    """

    kind: str
    subject: bytes
    chain_id: int
    key: str
    contents: tuple[Sealed, ...]
    readers: tuple[str, ...]
    wrapped: bytes
    releaser: str
    operator: str = ""
    signature: bytes = b""

    def to_bytes(self) -> bytes:
        """The canonical document."""
        return canonical_json(
            {
                "schema": SCHEMA,
                "subject": {"kind": self.kind, "id": to_hex(self.subject)},
                "chain_id": self.chain_id,
                "key": self.key,
                "contents": [sealed.to_dict() for sealed in self.contents],
                "readers": list(self.readers),
                "wrapped_key": base64.b64encode(self.wrapped).decode(),
                "releaser": self.releaser,
                "operator": self.operator,
                "signature": "0x" + self.signature.hex(),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Release:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical; checks no signature."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> Release:
        made = cls(
            kind=text(d["subject"]["kind"]),
            subject=from_hex(d["subject"]["id"]),
            chain_id=natural(d["chain_id"]),
            key=recipient(d["key"]),
            contents=tuple(Sealed.from_dict(row) for row in d["contents"]),
            readers=tuple(recipient(row) for row in d["readers"]),
            wrapped=base64.b64decode(text(d["wrapped_key"]), validate=True),
            releaser=checksummed(text(d["releaser"])),
            operator=checksummed(text(d["operator"])) if d["operator"] else "",
            signature=hex_bytes(d["signature"]),
        )
        made.check()
        return made

    def check(self) -> None:
        """Raises InvalidInput where contents are not of the key, or nobody is to read them."""
        if self.kind not in (WORK, ORDER) or not self.contents or not self.readers:
            raise InvalidInput("A release names a work or an order, contents, and readers.")
        if any(sealed.key != self.key for sealed in self.contents):
            raise InvalidInput("A release holds one key, and contents that are encrypted to it.")

    def message(self) -> TypedData:
        """The typed data that the releaser signs: what a wallet can show, and the digest of all the rest."""
        types = {
            "EIP712Domain": [{"name": n, "type": t} for n, t in (("name", "string"), ("chainId", "uint256"))],
            "ContentRelease": [{"name": n, "type": t} for n, t in _FIELDS],
        }
        values = {
            "kind": self.kind,
            "id": self.subject,
            "key": self.key,
            "readers": list(self.readers),
            "document": sha256(replace(self, signature=b"").to_bytes()),
        }
        domain = {"name": "Contrafact", "chainId": self.chain_id}
        document = {"types": types, "primaryType": "ContentRelease", "domain": domain, "message": values}
        made = TypedData(*encode_typed_data(full_message=document))
        made.document = document
        return made
