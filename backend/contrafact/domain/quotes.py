"""The quote as a document (`contrafact/quote/1`): what an operator hands to a maker, and a maker funds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contrafact.domain.digests import canonical_json, from_hex, to_hex
from contrafact.domain.documents import amount, hex_bytes, natural, parse, text
from contrafact.domain.generation import MusicRequest
from contrafact.domain.grants import Grant, grants
from contrafact.domain.orders import Quote, Source
from contrafact.domain.terms import Terms, Use
from contrafact.domain.terms_document import terms_from_dict as terms_from_dict
from contrafact.domain.terms_document import terms_to_dict as terms_to_dict
from contrafact.errors import InvalidInput, InvalidOrder

SCHEMA = "contrafact/quote/1"


@dataclass(frozen=True, slots=True)
class SignedQuote:
    """An offer with everything that funding it takes: the operator's signature, the pinned terms, the music.

    `terms` are one for each source; `approvals` the signatures of licensors whose terms ask for one, by work id.
    """

    quote: Quote
    signature: bytes
    terms: tuple[Terms, ...]
    music: MusicRequest
    approvals: Mapping[bytes, bytes] = field(default_factory=dict)

    @property
    def words(self) -> tuple[tuple[bytes, ...], ...]:
        """The pinned terms as the contract takes them, for each source."""
        return tuple(terms.to_words() for terms in self.terms)

    def grants(self) -> tuple[Grant, ...]:
        """What the sources' terms ask for beyond their words. Raises NotPermitted where something is missing."""
        return grants(self.quote, self.terms, self.approvals)

    def to_bytes(self) -> bytes:
        """The canonical document; money and the nonce are decimal strings."""
        return canonical_json(
            {
                "schema": SCHEMA,
                "quote": _quote_to_dict(self.quote),
                "signature": _to_hex(self.signature),
                "terms": [terms_to_dict(terms) for terms in self.terms],
                "request": self.music.to_dict(),
                "approvals": {to_hex(work): _to_hex(signature) for work, signature in self.approvals.items()},
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> SignedQuote:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> SignedQuote:
        terms = tuple(terms_from_dict(row) for row in d["terms"])
        quote = _quote_from_dict(d["quote"])
        _require_encodable(quote, terms)
        approvals = {from_hex(work): hex_bytes(signature) for work, signature in d["approvals"].items()}
        return cls(quote, hex_bytes(d["signature"]), terms, MusicRequest.from_dict(d["request"]), approvals)


def _require_encodable(quote: Quote, terms: tuple[Terms, ...]) -> None:
    """Refuses what no contract can hold here, where it comes in, rather than when it is paid."""
    try:
        quote.to_abi()
        for version in terms:
            version.to_words()
    except InvalidInput as error:
        raise InvalidOrder(f"The quote does not fit the contract: {error}", "Ask the operator for another.") from error


def _to_hex(signature: bytes) -> str:
    return "0x" + signature.hex()


def _quote_to_dict(quote: Quote) -> dict[str, object]:
    return {
        "maker": quote.maker,
        "operator": quote.operator,
        "model": to_hex(quote.model_id),
        "pool_root": to_hex(quote.pool_root),
        "token": quote.token,
        "use": quote.use.name.lower(),
        "duration": quote.duration,
        "drift": quote.drift,
        "request": to_hex(quote.request_digest),
        "seed_commitment": to_hex(quote.seed_commitment),
        "base_rate": str(quote.base_rate),
        "operator_fee": str(quote.operator_fee),
        "max_base_share": quote.max_base_share,
        "valid_until": quote.valid_until,
        "deadline": quote.deadline,
        "nonce": str(quote.nonce),
        "sources": [_source_to_dict(source) for source in quote.sources],
    }


def _quote_from_dict(d: dict[str, Any]) -> Quote:
    return Quote(
        maker=text(d["maker"]),
        operator=text(d["operator"]),
        model_id=from_hex(d["model"]),
        pool_root=from_hex(d["pool_root"]),
        token=text(d["token"]),
        use=Use.parse(text(d["use"])),
        duration=natural(d["duration"]),
        drift=natural(d["drift"]),
        request_digest=from_hex(d["request"]),
        seed_commitment=from_hex(d["seed_commitment"]),
        base_rate=amount(d["base_rate"]),
        operator_fee=amount(d["operator_fee"]),
        max_base_share=natural(d["max_base_share"]),
        valid_until=natural(d["valid_until"]),
        deadline=natural(d["deadline"]),
        nonce=amount(d["nonce"]),
        sources=tuple(_source_from_dict(row) for row in d["sources"]),
    )


def _source_to_dict(source: Source) -> dict[str, object]:
    return {
        "work": to_hex(source.work_id),
        "terms_version": source.terms_version,
        "split_root": to_hex(source.split_root),
        "weight": source.weight,
        "min_share": source.min_share,
        "price": str(source.price),
        "downstream": source.downstream,
        "through": source.through,
    }


def _source_from_dict(d: dict[str, Any]) -> Source:
    return Source(
        work_id=from_hex(d["work"]),
        terms_version=natural(d["terms_version"]),
        split_root=from_hex(d["split_root"]),
        weight=natural(d["weight"]),
        min_share=natural(d["min_share"]),
        price=amount(d["price"]),
        downstream=natural(d["downstream"]),
        through=natural(d["through"]),
    )
