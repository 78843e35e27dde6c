"""Statements as somebody else's program reads them: the CSV, the flat file, and the text of the PDF."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from itertools import pairwise

from pypdf import PdfReader

Sums = Counter[str]
"""Units by token."""


@dataclass
class Parsed:
    """What a holder's statement says in one of its forms; `lines` and `payments` are sums of its single rows."""

    opening: Sums = field(default_factory=Sums)
    lines: Sums = field(default_factory=Sums)
    payments: Sums = field(default_factory=Sums)
    closing: Sums = field(default_factory=Sums)
    claimable: Sums = field(default_factory=Sums)
    held: Sums = field(default_factory=Sums)
    unconfirmed: Sums = field(default_factory=Sums)


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode(), newline="")))


def from_csv(data: bytes) -> Parsed:
    found = Parsed()
    names = {"Opening": found.opening, "Usage": found.lines, "Payment": found.payments, "Closing": found.closing,
             "Claimable": found.claimable, "Held": found.held, "UnconfirmedPlaces": found.unconfirmed}  # fmt: skip
    for row in rows_of(data):
        if row["RecordType"] in names:
            names[row["RecordType"]][row["Token"]] += int(row["NetUnits"])
    return found


def from_dsr(data: bytes, decimals: dict[str, int]) -> Parsed:
    """Also holds the file's own counts against its lines, and its summaries against its details."""
    found, tokens, summed = Parsed(), {}, Sums()
    records = [line.split("\t") for line in data.decode().removesuffix("\n").split("\n")]
    for name, *cells in records:
        if name == "SY07":
            tokens[cells[0]] = cells[7].removeprefix("token:")
            summed[tokens[cells[0]]] += units(cells[15], decimals[tokens[cells[0]]])
        elif name == "LI01":
            token = tokens[cells[1]]
            found.lines[token] += units(cells[8], decimals[token])
        elif name == "#CF-BALANCE" and cells[0] != "Token":
            token, amounts = cells[0], [units(cell, decimals[cells[0]]) for cell in cells[3:]]
            sums = (found.opening, Sums(), Sums(), found.closing, found.claimable, found.unconfirmed, found.held)
            for into, amount in zip(sums, amounts, strict=True):
                into[token] += amount
        elif name == "#CF-PAYMENT" and cells[0] != "WorkId":
            found.payments[cells[1]] += units(cells[2], decimals[cells[1]])
    assert (records[0][0], records[-1][0]) == ("HEAD", "FOOT")
    blocks = {cells[0] for name, *cells in records if name == "AS01"}
    assert records[-1][1:] == [str(len(records))] * 2 + [str(len(tokens))] + [str(len(blocks))] * 2
    assert summed == found.lines
    return found


def units(text: str, decimals: int) -> int:
    whole, _, part = text.partition(".")
    return int(whole.replace("-", "") + part.ljust(decimals, "0")) * (-1 if text.startswith("-") else 1)


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


def from_pdf(data: bytes, symbols: dict[str, str]) -> Parsed:
    """`symbols` give a token by its symbol. The two lists of credits must sum to the same."""
    found, text, grouped = Parsed(), text_of(data), Sums()
    names = {"Opening balance": found.opening, "Closing balance": found.closing, "of which can be claimed":
             found.claimable, "of which is held by contests": found.held,
             "of that, at places not confirmed": found.unconfirmed}  # fmt: skip
    for label, into in names.items():
        for amount, symbol, count in re.findall(rf"^{label} (\S+) (\w+) (-?\d+)$", text, re.M):
            into[symbols[symbol]] += int(count)
            assert units(amount, {"ETH": 18, "TUSD": 6}[symbol]) == int(count)
    parts = _sections(text, "Earned, by work", "Credits, one by one", "Payments", "Tokens")
    for symbol, count in re.findall(r"-?\d+\.\d+ (ETH|TUSD) (-?\d+)$", parts[0], re.M):
        grouped[symbols[symbol]] += int(count)
    for symbol, count in re.findall(r"\d+\.\d{4} (ETH|TUSD) -?\d+ (-?\d+)$", parts[1], re.M):
        found.lines[symbols[symbol]] += int(count)
    for symbol, count in re.findall(r"\d+\.\d+ (ETH|TUSD) (-?\d+)$", parts[2], re.M):
        found.payments[symbols[symbol]] += int(count)
    assert grouped == found.lines
    return found


def _sections(text: str, *titles: str) -> list[str]:
    places = [re.search(rf"^{title}", text, re.M).start() for title in titles]  # type: ignore[union-attr]
    return [text[start:end] for start, end in pairwise(places)]
