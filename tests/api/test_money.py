"""Amounts of tokens that anybody may have made."""

from __future__ import annotations

import pytest

from contrafact.domain.money import Currency
from contrafact.domain.terms import NATIVE
from contrafact.web.money import remembered

OWN, OTHER = "0x" + "Aa" * 20, "0x" + "bB" * 20


@pytest.mark.parametrize("symbol", ["USD", "usd", " USD", "UЅD", "eth", "ＵＳＤ"])
def test_a_token_that_could_be_taken_for_the_services_is_written_with_its_address(symbol: str) -> None:
    told = remembered(
        {OWN: Currency("USD", 6), NATIVE: Currency("ETH", 18), OTHER: Currency(symbol, 0)}.__getitem__, OWN
    )
    assert told(OTHER).format(2**60) == f"{2**60} {symbol} (0xbBbB…bBbB)"
    assert (told(OWN).format(1), told(NATIVE).symbol) == ("0.000001 USD", "ETH")


def test_a_token_with_a_name_of_its_own_keeps_it() -> None:
    told = remembered(
        {OWN: Currency("USD", 6), NATIVE: Currency("ETH", 18), OTHER: Currency("XYZ", 2)}.__getitem__, OWN
    )
    assert told(OTHER) == Currency("XYZ", 2)
