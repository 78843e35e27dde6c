"""How people call what a transaction names: works by title, models by name, contracts by theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from contrafact.domain.money import Currency
from contrafact.errors import ContrafactError
from contrafact.ledger.clear_signing.shown import Names
from contrafact.read_model import ReadModel
from contrafact.web.money import remembered


def names_of(
    read_model: ReadModel, currency: Callable[[str], Currency], contracts: Mapping[str, str], own: str
) -> Names:
    """Names for a `Preparer` of a service whose token is `own`.

    What the index does not know, or cannot say now, is shown without one.
    """
    addresses = {address: name for name, address in contracts.items()}

    def called(digest: bytes) -> str | None:
        with suppress(ContrafactError):
            return read_model.work(digest).title
        with suppress(ContrafactError):
            return read_model.model(digest).name
        return None

    return Names(remembered(currency, own), addresses.get, called)
