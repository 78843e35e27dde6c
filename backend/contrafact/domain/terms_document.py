"""Licence terms as documents write them. Money is decimal strings."""

from __future__ import annotations

from typing import Any

from contrafact.domain.allow_list import AllowList
from contrafact.domain.documents import amount, flag, natural, text
from contrafact.domain.terms import Terms, TokenPrice, Use


def terms_to_dict(terms: Terms) -> dict[str, object]:
    """One version of terms, with the members of its allow-list where they are known."""
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
        "approval": terms.approval,
        "downstream": terms.downstream,
        "sunset": terms.sunset,
        "allow": terms.allow.to_dict(),
    }


def terms_from_dict(d: dict[str, Any]) -> Terms:
    """The inverse of `terms_to_dict`. Raises what readers of documents raise for other content."""
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
        approval=flag(d["approval"]),
        downstream=natural(d["downstream"]),
        sunset=natural(d["sunset"]),
        allow=AllowList.from_dict(d["allow"]),
    )


def _price_from_dict(d: dict[str, Any]) -> TokenPrice:
    private, commercial, broadcast, live = (amount(value) for value in d["amounts"])
    return TokenPrice(text(d["token"]), (private, commercial, broadcast, live))
