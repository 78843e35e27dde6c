"""Identifiers: published examples pass, and every mistyped digit that the check is for is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.identifiers import ipi_name_number, isrc, iswc
from contrafact.errors import InvalidInput

ISWCS = ["T0345246801", "T0101713147"]  # the standard's own example, and a song's
IPIS = ["00045620792", "00052210040", "00334284961", "00014107338"]  # of published names


@pytest.mark.parametrize(
    ("written", "compact"),
    [
        ("USRC17607839", "USRC17607839"),
        ("US-RC1-76-07839", "USRC17607839"),
        ("us-rc1-76-07839", "USRC17607839"),
        ("ISRC AA-6Q7-20-00047", "AA6Q72000047"),
        ("BRBMG0300729", "BRBMG0300729"),
    ],
)
def test_an_isrc_is_read_with_or_without_hyphens(written: str, compact: str) -> None:
    assert isrc(written) == compact


@pytest.mark.parametrize(
    "text", ["", "USRC1760783", "USRC176078390", "1SRC17607839", "USRC1760783A", "US/RC1/76/07839", "USRC1٧607839"]
)
def test_other_text_is_no_isrc(text: str) -> None:
    with pytest.raises(InvalidInput, match="ISRC"):
        isrc(text)


@pytest.mark.parametrize("written", ["T-034.524.680-1", "T-034524680-1", "t0345246801", "ISWC T-034.524.680-1"])
def test_an_iswc_is_read_with_or_without_separators(written: str) -> None:
    assert iswc(written) == "T0345246801"


@pytest.mark.parametrize("text", ["", "T034524680", "0345246801", "A0345246801", "T03452468011", "T034524680X"])
def test_other_text_is_no_iswc(text: str) -> None:
    with pytest.raises(InvalidInput, match="ISWC"):
        iswc(text)


@pytest.mark.parametrize("code", ISWCS)
@pytest.mark.parametrize("digit", range(10))
def test_an_iswc_has_one_check_digit(code: str, digit: int) -> None:
    other = code[:-1] + str(digit)
    if other == code:
        assert iswc(other) == code
    else:
        with pytest.raises(InvalidInput, match="check digit"):
            iswc(other)


@pytest.mark.parametrize("number", IPIS)
def test_published_name_numbers_pass(number: str) -> None:
    assert ipi_name_number(number) == ipi_name_number(number[2:]) == number


@given(st.sampled_from(IPIS), st.integers(0, 10), st.integers(0, 9))
def test_a_mistyped_digit_of_a_name_number_is_found(number: str, at: int, digit: int) -> None:
    other = number[:at] + str(digit) + number[at + 1 :]
    if other == number:
        return
    with pytest.raises(InvalidInput, match="check digits"):
        ipi_name_number(other)


@given(st.sampled_from(IPIS), st.integers(0, 7))
def test_two_digits_in_the_wrong_order_are_found(number: str, at: int) -> None:
    other = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if other == number:
        return
    with pytest.raises(InvalidInput, match="check digits"):
        ipi_name_number(other)


def test_a_check_of_a_hundred_is_written_as_two_zeros() -> None:
    assert ipi_name_number("00000589900") == "00000589900"  # 5×5 + 8×4 + 9×3 + 9×2 = 102 lacks 100 to 202


@pytest.mark.parametrize("text", ["", "14107338", "000141073380", "0001410733X", "1٤1073388"])
def test_other_text_is_no_name_number(text: str) -> None:
    with pytest.raises(InvalidInput, match="IPI"):
        ipi_name_number(text)
