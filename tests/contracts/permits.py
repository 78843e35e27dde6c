"""Asking the catalogue whether an order is permitted, as the escrow does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contrafact.domain.grants import Grant, grants
from contrafact.domain.orders import Quote
from contrafact.domain.prices import Use
from contrafact.domain.terms import Terms

from .chain import NATIVE
from .world import Catalogued, World


def permit(
    world: World, works: Sequence[Catalogued], token: str = NATIVE, use: Use = Use.COMMERCIAL, **changes: Any
) -> None:
    """Passes, or reverts with the reason, for an order over `works` at their terms."""
    ask(world, world.quote(works, token, use=use, **changes), [work.terms for work in works])


def ask(world: World, quote: Quote, terms: Sequence[Terms], given: Sequence[Grant] | None = None) -> None:
    """Passes, or reverts with the reason; grants as the terms ask for them unless others are given."""
    given = grants(quote, terms, {}) if given is None else given
    words = [list(item.to_words()) for item in terms]
    rows = [grant.to_abi() for grant in given]
    world.catalogue.get("requirePermitted", quote.to_abi(), words, rows, sender=world.escrow.address)
