"""The quote as a document (`contrafact/quote/1`): what an operator hands to a maker, and a maker funds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_abi.exceptions import EncodingError

from contrafact.domain.digests import canonical_json, from_hex, to_hex
from contrafact.domain.documents import natural, parse, text
from contrafact.domain.generation import MusicRequest
from contrafact.domain.orders import Eip712Domain, Quote, Source, quote_message
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.errors import InvalidOrder

SCHEMA = "contrafact/quote/1"


@dataclass(frozen=True, slots=True)
class SignedQuote:
    """An offer with everything that funding it takes: the operator's signature, the pinned terms, the music."""

    quote: Quote
    signature: bytes
    terms: tuple[Terms, ...]
    music: MusicRequest

    def to_bytes(self) -> bytes:
        """The canonical document; money and the nonce are decimal strings."""
        return canonical_json(
            {
                "schema": SCHEMA,
                "quote": _quote_to_dict(self.quote),
                "signature": "0x" + self.signature.hex(),
                "terms": [terms_to_dict(terms) for terms in self.terms],
                "request": self.music.to_dict(),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> SignedQuote:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> SignedQuote:
        signature = bytes.fromhex(text(d["signature"]).removeprefix("0x"))
        terms = tuple(terms_from_dict(row) for row in d["terms"])
        quote = _quote_from_dict(d["quote"])
        _require_encodable(quote, terms)
        return cls(quote, signature, terms, MusicRequest.from_dict(d["request"]))


def _require_encodable(quote: Quote, terms: tuple[Terms, ...]) -> None:
    """Refuses what no contract can hold here, where it comes in, rather than in the encoder when it is paid."""
    try:
        quote_message(quote, Eip712Domain(1, NATIVE))
        for version in terms:
            version.hash()
    except EncodingError as error:
        raise InvalidOrder(f"The quote does not fit the contract: {error}.", "Ask the operator for another.") from error


def _quote_to_dict(quote: Quote) -> dict[str, object]:
    return {
        "maker": quote.maker,
        "operator": quote.operator,
        "model": to_hex(quote.model_id),
        "token": quote.token,
        "use": quote.use.name.lower(),
        "duration": quote.duration,
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
        token=text(d["token"]),
        use=Use.parse(text(d["use"])),
        duration=natural(d["duration"]),
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
    }


def _source_from_dict(d: dict[str, Any]) -> Source:
    work, root, version = from_hex(d["work"]), from_hex(d["split_root"]), natural(d["terms_version"])
    return Source(work, version, root, natural(d["weight"]), natural(d["min_share"]), amount(d["price"]))


def terms_to_dict(terms: Terms) -> dict[str, object]:
    return {
        "training": terms.training,
        "inference": terms.inference,
        "uses": [use.name.lower() for use in sorted(terms.uses)],
        "combinable": terms.combinable,
        "max_weight": terms.max_weight,
        "valid_from": terms.valid_from,
        "valid_until": terms.valid_until,
        "training_price": str(terms.training_price),
        "prices": [{"token": row.token, "amounts": [str(price) for price in row.prices]} for row in terms.prices],
    }


def terms_from_dict(d: dict[str, Any]) -> Terms:
    return Terms(
        training=flag(d["training"]),
        inference=flag(d["inference"]),
        uses=frozenset(Use.parse(text(name)) for name in d["uses"]),
        combinable=flag(d["combinable"]),
        max_weight=natural(d["max_weight"]),
        valid_from=natural(d["valid_from"]),
        valid_until=natural(d["valid_until"]),
        training_price=amount(d["training_price"]),
        prices=tuple(_price_from_dict(row) for row in d["prices"]),
    )


def _price_from_dict(d: dict[str, Any]) -> TokenPrice:
    private, commercial, broadcast, live = (amount(value) for value in d["amounts"])
    return TokenPrice(text(d["token"]), (private, commercial, broadcast, live))


def amount(value: object) -> int:
    """The integer in a decimal string. Raises ValueError or TypeError."""
    digits = text(value)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits!r} is not a whole number of units")
    return int(digits)


def flag(value: object) -> bool:
    """`value`, which must be a boolean. Raises TypeError."""
    if type(value) is not bool:
        raise TypeError(f"{value!r} is not true or false")
    return value
