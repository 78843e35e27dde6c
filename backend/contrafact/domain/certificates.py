"""What a certificate says: the claims that travel inside a delivered audio file, and lead to its record.

A certificate repeats what the chain and the attribution record say, so that a reader without either sees whose music is
in the piece. It proves nothing alone: whoever checks it reads the record that it names, and the chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.documents import natural, text
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/certificate/1"


@dataclass(frozen=True, slots=True)
class CertifiedSource:
    """A work in the piece, with its part of it in ppm, and how it is to be credited."""

    work_id: bytes
    title: str
    share: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """The claims. `record` is the digest of the attribution record, `pcm` that of the sound alone.

    `licence` is the digest of the licence text that goes with the piece. Shares in ppm, with the model's `base_share`
    they sum to the whole.
    """

    chain_id: int
    contract: str
    order_id: bytes
    record: bytes
    pcm: bytes
    licence: bytes
    model_id: bytes
    operator: str
    use: str
    base_share: int
    sources: tuple[CertifiedSource, ...]

    def to_dict(self) -> dict[str, object]:
        """The claims as JSON, as they are embedded."""
        return {
            "schema": SCHEMA,
            "chain_id": self.chain_id,
            "contract": self.contract,
            "order": to_hex(self.order_id),
            "record": to_hex(self.record),
            "pcm_sha256": to_hex(self.pcm),
            "licence": to_hex(self.licence),
            "model": to_hex(self.model_id),
            "operator": self.operator,
            "use": self.use,
            "base_share": self.base_share,
            "sources": [{"work": to_hex(s.work_id), "title": s.title, "share": s.share} for s in self.sources],
        }

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Certificate:
        """Raises InvalidInput for anything but the claims of this schema."""
        try:
            if d["schema"] != SCHEMA:
                raise InvalidInput(f"A certificate of the form {d['schema']!r} cannot be read.", f"Known is {SCHEMA}.")
            return cls(
                chain_id=natural(d["chain_id"]),
                contract=text(d["contract"]),
                order_id=from_hex(d["order"]),
                record=from_hex(d["record"]),
                pcm=from_hex(d["pcm_sha256"]),
                licence=from_hex(d["licence"]),
                model_id=from_hex(d["model"]),
                operator=text(d["operator"]),
                use=text(d["use"]),
                base_share=natural(d["base_share"]),
                sources=tuple(
                    CertifiedSource(from_hex(row["work"]), text(row["title"]), natural(row["share"]))
                    for row in d["sources"]
                ),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput("The certificate's claims are malformed.", f"Reading them gave {error!r}.") from error
