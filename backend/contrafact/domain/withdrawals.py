"""Notices of takedown (`contrafact/withdrawal/1`): what stands in a store in place of content that was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_keys.exceptions import BadSignature
from eth_utils import ValidationError

from contrafact.domain.addresses import checksummed
from contrafact.domain.digests import canonical_json, digest_of_cid, sha256
from contrafact.domain.documents import hex_bytes, parse, text
from contrafact.domain.typed_data import TypedData
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/withdrawal/1"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Which content is not given out any more, why, by whom, and since when (a day, ISO 8601).

    It stands in one store and is no part of any record, so it may carry a date. `by` is an address that signed it
    with `message()`, or empty for a notice that nobody signed.
    """

    cid: str
    reason: str
    day: str
    by: str = ""
    signature: bytes = b""

    def to_bytes(self) -> bytes:
        """The canonical document."""
        fields = {"schema": SCHEMA, "cid": self.cid, "reason": self.reason, "date": self.day, "by": self.by}
        return canonical_json(fields | {"signature": "0x" + self.signature.hex()})

    @classmethod
    def from_bytes(cls, data: bytes) -> Withdrawal:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical; checks no signature."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> Withdrawal:
        by = checksummed(text(d["by"])) if d["by"] else ""
        made = cls(text(d["cid"]), text(d["reason"]), text(d["date"]), by, hex_bytes(d["signature"]))
        made.check()
        return made

    def check(self) -> None:
        """Raises InvalidInput without a reason, or for what is neither a CID nor a date."""
        digest_of_cid(self.cid)
        date.fromisoformat(self.day)
        if not self.reason.strip() or len(self.reason) > 1000:
            raise InvalidInput("A withdrawal needs a reason.", "Write one of up to 1,000 characters.")

    @property
    def is_signed(self) -> bool:
        """Whether the key of `by` signed it. A contract wallet's signature needs its chain, and is not checked here."""
        if not self.by or len(self.signature) != 65:
            return False
        try:
            return bool(Account.recover_message(self.message(), signature=self.signature) == self.by)
        except (BadSignature, ValidationError, ValueError):
            return False

    def message(self) -> TypedData:
        """The typed data that whoever withdraws signs."""
        fields = [("cid", "string"), ("reason", "string"), ("date", "string"), ("document", "bytes32")]
        types = {
            "EIP712Domain": [{"name": "name", "type": "string"}],
            "ContentWithdrawal": [{"name": name, "type": kind} for name, kind in fields],
        }
        document_digest = sha256(replace(self, signature=b"").to_bytes())
        values = {"cid": self.cid, "reason": self.reason, "date": self.day, "document": document_digest}
        document = {
            "types": types,
            "primaryType": "ContentWithdrawal",
            "domain": {"name": "Contrafact"},
            "message": values,
        }
        made = TypedData(*encode_typed_data(full_message=document))
        made.document = document
        return made


def worded(notice: bytes) -> str:
    """A notice in one sentence; one that cannot be read still says that there is one."""
    try:
        found = Withdrawal.from_bytes(notice)
    except InvalidInput:
        return "withdrawn, with a notice that cannot be read"
    signed = "" if found.is_signed else ", whose signature is not checked"
    return f"withdrawn on {found.day}{f' by {found.by}{signed}' if found.by else ''}: {found.reason}"
