"""Amounts as documents write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from contrafact.domain.money import Currency
from contrafact.domain.terms import NATIVE
from contrafact.web.schemas.fields import Money


class Purse:
    """Writes amounts of one token."""

    def __init__(self, token: str, currency: Callable[[str], Currency]) -> None:
        self._token, self._currency = token, currency(token)

    def __call__(self, units: int) -> Money:
        return Money(units=str(units), token=self._token, text=self._currency.format(units))


def remembered(currency: Callable[[str], Currency], own: str) -> Callable[[str], Currency]:
    """The same, asking the chain once for a token; a page of works names few of them often.

    Any token may call itself anything: one that could be taken for the service's `own`, or for the chain's coin, is
    written with its address.
    """

    def told(token: str) -> Currency:
        found = currency(token)
        known = {currency(one).symbol.casefold() for one in (own, NATIVE)}
        is_known = token.lower() in (own.lower(), NATIVE)
        if is_known or (found.symbol.isascii() and found.symbol.strip().casefold() not in known):
            return found
        return replace(found, symbol=f"{found.symbol} ({token[:6]}…{token[-4:]})")

    return lru_cache(maxsize=1024)(told)
