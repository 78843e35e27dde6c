"""Licence terms as rights holders read them: one line for each question. The twin of `terms.js`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from contrafact.domain.money import Currency
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Terms, TokenPrice, Use

Currencies = Callable[[str], Currency]
Line = tuple[str, str]
"""A question, and what the terms answer."""

_USES = {
    Use.PRIVATE: "For private listening",
    Use.COMMERCIAL: "For commercial use",
    Use.BROADCAST: "For broadcast",
    Use.LIVE: "For live music",
}
_NO = "no"


def lines(terms: Terms, currency: Currencies) -> list[Line]:
    """Everything that the terms say; what is left out does not apply to them."""
    said = [("May models learn from it?", _training(terms, currency))]
    if not terms.inference or not terms.uses:
        said.append(("May pieces be made from it?", _NO))
        return said + _limits(terms)
    said += [(words, _price(use, terms, currency)) for use, words in _USES.items()]
    said.append(("Together with other licensors' works?", "yes" if terms.combinable else _NO))
    whole = "all of a piece" if terms.max_weight == PPM else f"{_percent(terms.max_weight)} of a piece"
    said.append(("How much may be asked for?", f"up to {whole}"))
    said.append(("Does the licensor approve each order?", "yes, with a signature" if terms.approval else _NO))
    if terms.downstream:
        said.append(("Of later revenue with a piece", _percent(terms.downstream)))
    return said + _limits(terms)


def _training(terms: Terms, currency: Currencies) -> str:
    if not terms.training:
        return _NO
    if not terms.training_price or not terms.prices:
        return "yes"
    return f"yes, {currency(terms.prices[0].token).format(terms.training_price)} for each version of a model"


def _price(use: Use, terms: Terms, currency: Currencies) -> str:
    if use not in terms.uses:
        return _NO
    if terms.prices and not any(row.prices[use] for row in terms.prices):
        return "yes, free"
    prices = [_amount(row, use, currency) for row in terms.prices]
    return f"yes, {' or '.join(prices)} for each started 30 seconds" if prices else "yes, but no token is accepted"


def _amount(row: TokenPrice, use: Use, currency: Currencies) -> str:
    return currency(row.token).format(row.prices[use])


def _limits(terms: Terms) -> list[Line]:
    found = []
    if terms.valid_from or terms.valid_until:
        since = f"from {_day(terms.valid_from)}" if terms.valid_from else ""
        until = f"until {_day(terms.valid_until)}" if terms.valid_until else ""
        found.append(("When?", " ".join(filter(None, (since, until)))))
    if terms.sunset and terms.training:
        found.append(("Models that learnt from it take orders", f"until {_day(terms.sunset)}"))
    listed = [
        name
        for name, is_listed in (("services", terms.allow.lists_operators), ("models", terms.allow.lists_models))
        if is_listed
    ]
    if listed:
        found.append(("Who?", f"only {' and '.join(listed)} that the licensor listed"))
    return found


def _percent(ppm: int) -> str:
    return f"{ppm * 100 / PPM:g} %"


def _day(seconds: int) -> str:
    """A day, with the minute where it is not a day's first, in UTC."""
    at = datetime.fromtimestamp(min(seconds, 253_402_300_799), UTC)
    return f"{at:%Y-%m-%d}" if at.hour == at.minute == 0 else f"{at:%Y-%m-%d %H:%M} UTC"


def one_line(terms: Terms, currency: Currencies) -> str:
    """The gist, for lists: who may learn, and what a piece costs."""
    training = "models may learn" if terms.training else "no training"
    if not terms.inference or not terms.uses:
        return f"{training} · no pieces" if terms.training else "nothing permitted"
    prices = [
        f"{use.name.lower()} {' or '.join(_amount(row, use, currency) for row in terms.prices)}".rstrip()
        for use in sorted(terms.uses)
    ]
    return " · ".join([training, *prices])


def changes(before: list[Line], after: list[Line]) -> list[tuple[str, str, str]]:
    """What another version says otherwise: question, the answer before, the answer since."""
    old, new = dict(before), dict(after)
    questions = list(dict.fromkeys([*old, *new]))
    return [(one, old.get(one, "—"), new.get(one, "—")) for one in questions if old.get(one) != new.get(one)]
