"""The music industry's identifiers: of recordings (ISRC), of compositions (ISWC), and of people's names (IPI).

Each function takes what people write, with or without separators, and gives the compact form, or raises InvalidInput.
"""

from __future__ import annotations

import re

from contrafact.errors import InvalidInput

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_ISWC = re.compile(r"T[0-9]{10}")
_IPI = re.compile(r"[0-9]{11}")
_SEPARATORS = str.maketrans("", "", " -.")


def isrc(text: str) -> str:
    """`US-RC1-76-07839` → `USRC17607839` (ISO 3901: prefix of 5, year of 2, designation of 5; no check digit)."""
    compact = text.upper().translate(_SEPARATORS)
    compact = compact.removeprefix("ISRC") if len(compact) == 16 else compact
    if not _ISRC.fullmatch(compact):
        raise InvalidInput(f"{text!r} is not an ISRC.", "Expected 12 characters such as US-RC1-76-07839.")
    return compact


def iswc(text: str) -> str:
    """`T-034.524.680-1` → `T0345246801`.

    ISO 15707: with 1 for the prefix T, the nine digits times 1 to 9, and the check digit, the sum is a multiple of 10.
    """
    compact = text.upper().translate(_SEPARATORS)
    compact = compact.removeprefix("ISWC") if len(compact) == 15 else compact
    if not _ISWC.fullmatch(compact):
        raise InvalidInput(f"{text!r} is not an ISWC.", "Expected T and 10 digits such as T-034.524.680-1.")
    *digits, check = (int(digit) for digit in compact[1:])
    if (1 + sum(weight * digit for weight, digit in enumerate(digits, start=1)) + check) % 10:
        raise InvalidInput(f"The check digit of the ISWC {text!r} is wrong.", "Look for a digit that was mistyped.")
    return compact


def ipi_name_number(text: str) -> str:
    """`052.21.00.40` → `00052210040`: 11 digits with leading zeros, the last two a check.

    CISAC: the first nine digits times 10 down to 2, and the check, make a multiple of 101; 100 is written as 00.
    """
    compact = text.translate(_SEPARATORS)
    compact = compact.rjust(11, "0") if len(compact) >= 9 else compact
    if not _IPI.fullmatch(compact):
        raise InvalidInput(f"{text!r} is not an IPI name number.", "Expected 9 to 11 digits such as 00052210040.")
    weighted = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), compact, strict=False))
    if -weighted % 101 % 100 != int(compact[9:]):
        raise InvalidInput(f"The check digits of the IPI name number {text!r} are wrong.", "Look for a mistyped digit.")
    return compact
