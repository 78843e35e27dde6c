"""Tables as CSV (RFC 4180), with amounts in units and in decimals."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO

from contrafact.domain.money import Currency, decimal
from contrafact.statements.frame import Frame
from contrafact.statements.texts import cell

Row = dict[str, str]
Currencies = Callable[[str], Currency]
FRAME_COLUMNS = ("Status", "ChainId", "Block", "BlockHash", "BlockTime", "Contracts")


def to_csv(rows: Iterable[Row], columns: Sequence[str], shared: Mapping[str, str]) -> bytes:
    """The rows under their columns, each with what is `shared`; a column that a row lacks is empty."""
    out = StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**shared, **row} for row in rows)
    return out.getvalue().encode()


def header(frame: Frame) -> Row:
    """The first row: whether the statement is final, and what it is as of."""
    return {
        "RecordType": "Header",
        "Status": frame.status,
        "ChainId": str(frame.chain.number),
        "Block": frame.block,
        "BlockHash": frame.block_hash,
        "BlockTime": frame.block_time,
        "Contracts": frame.contracts,
    }


def amount(units: int, token: str, currency: Currencies) -> Row:
    """An amount in the columns of a holder's table."""
    paid = currency(token)
    return {
        "NetUnits": str(units),
        "NetAmount": decimal(units, paid.decimals),
        "Currency": cell(paid.symbol),
        "Token": token,
    }
