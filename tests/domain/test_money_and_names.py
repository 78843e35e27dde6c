"""Amounts and keys as people write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.money import Currency
from contrafact.domain.pitch import NAMES, metre, tonic
from contrafact.errors import InvalidInput

currencies = st.builds(Currency, st.just("USD"), st.integers(0, 18))


@given(currencies, st.integers(0, 10**40))
def test_what_is_written_reads_back_to_the_unit(currency: Currency, units: int) -> None:
    written = currency.format(units).removesuffix(" USD")
    assert currency.parse(written.replace(",", "")) == units


@pytest.mark.parametrize(
    ("units", "text"),
    [
        (1_250_000, "1.25 USD"),
        (0, "0.00 USD"),
        (1, "0.000001 USD"),
        (-1_500_000, "-1.50 USD"),
        (10**12, "1000000.00 USD"),
    ],
)
def test_amounts_are_written_exactly_with_at_least_two_decimals(units: int, text: str) -> None:
    assert Currency("USD", 6).format(units) == text


@given(currencies, st.text())
def test_any_text_is_an_amount_or_refused(currency: Currency, text: str) -> None:
    with contextlib.suppress(InvalidInput):
        assert currency.parse(text) >= 0


@pytest.mark.parametrize(
    "text", ["", ".", "-1", "1e3", "1.2.3", "1,5", "1 000", "٣", "²", "1.0000001", "nan", "9" * 5000]
)
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Currency("USD", 6).parse(text)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_a_key_is_read_back(name: str) -> None:
    assert tonic(name) == NAMES.index(name)


@pytest.mark.parametrize(("name", "pitch"), [("g", 7), ("B♭", 10), ("Cb", 11), ("B#", 0), ("E♯", 5)])
def test_enharmonic_names_are_read(name: str, pitch: int) -> None:
    assert tonic(name) == pitch


@given(st.text(max_size=3))
def test_any_text_is_a_tonic_or_refused(name: str) -> None:
    with contextlib.suppress(InvalidInput):
        assert 0 <= tonic(name) < 12


@pytest.mark.parametrize(("text", "expected"), [("4/4", (4, 4)), ("6/8", (6, 8)), ("32/16", (32, 16)), ("1/1", (1, 1))])
def test_a_metre_is_read(text: str, expected: tuple[int, int]) -> None:
    assert metre(text) == expected


@pytest.mark.parametrize(
    "text", ["", "4", "/", "4/", "/4", "0/4", "33/4", "4/3", "-4/4", "4/4/4", "²/4", "4/²", "9" * 5000 + "/4"]
)
def test_what_is_not_a_metre_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        metre(text)
