"""What wallets show of a call or a message, worked out here by the same table: its purpose, and values with labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from eth_utils.address import to_checksum_address

from contrafact.domain.money import Currency
from contrafact.domain.shares import PPM
from contrafact.domain.terms import NATIVE, Terms, Use
from contrafact.errors import InvalidInput
from contrafact.ledger.clear_signing.schema import Parameter, name_of
from contrafact.ledger.clear_signing.table import Row, Sheet

Tree = Mapping[str, Any]
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Names:
    """How a reader of the values wants them called; each returns None where it knows none."""

    currency: Callable[[str], Currency]
    address: Callable[[str], str | None] = lambda address: None
    digest: Callable[[bytes], str | None] = lambda digest: None


@dataclass(frozen=True, slots=True)
class Shown:
    """`purpose` in a few words; `values` as (label, text)."""

    purpose: str
    values: tuple[tuple[str, str], ...] = field(default=())

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        said = "; ".join(f"{label}: {text}" for label, text in self.values)
        return f"{self.purpose}. {said}." if said else f"{self.purpose}."


def show(sheet: Sheet, values: Tree, names: Names) -> Shown:
    """What the sheet says of `values`, a tree by the names of parameters, `@` being the transaction (`value`, `to`)."""
    rows = [(row.label, ", ".join(_texts(row, values, names))) for row in sheet.rows]
    return Shown(sheet.intent, tuple((label, text) for label, text in rows if text))


def tree(parameters: Sequence[Parameter], values: Sequence[Any]) -> dict[str, Any]:
    """Decoded arguments by their names, structs too."""
    pairs = zip(parameters, values, strict=True)
    return {name_of(one): _value(one, value, one["type"].count("[")) for one, value in pairs}


def _value(parameter: Parameter, value: Any, depth: int) -> Any:
    if depth:
        return [_value(parameter, item, depth - 1) for item in value]
    return tree(parameter["components"], value) if "components" in parameter else value


def _texts(row: Row, values: Tree, names: Names) -> Iterator[str]:
    found = list(_at(values, row.path))
    if row.path.endswith("words.[]"):
        yield _terms(found, names)
        return
    tokens = list(_at(values, row.token)) if row.token else [NATIVE]
    tokens = tokens * len(found) if len(tokens) == 1 else tokens
    for value, token in zip(found, tokens, strict=False):
        yield _text(row.format, value, token, names)


def _at(values: Any, path: str) -> Iterator[Any]:
    """What stands at the path: one value, or one for each entry of a list on the way."""
    if not path:
        yield values
        return
    step, _, rest = path.partition(".")
    if step == "[]":
        for item in values:
            yield from _at(item, rest)
    elif step.startswith("["):
        start, end = (int(part) if part else None for part in step[1:-1].split(":"))
        yield int.from_bytes(int(values).to_bytes(32)[start:end])
    else:
        yield from _at(values[step], rest)


def _text(format_: str, value: Any, token: Any, names: Names) -> str:
    if format_ == "coin":
        return names.currency(NATIVE).format(int(value)) if int(value) else ""
    if format_ == "tokens":
        return names.currency(_address(token)).format(int(value))
    if format_ == "token":
        return _token(_address(value), names)
    if format_ == "address":
        return _called(_address(value), names.address(_address(value)))
    if format_ in _SIMPLE:
        return _SIMPLE[format_](int(value))
    return _called("0x" + value.hex(), names.digest(value)) if isinstance(value, bytes) else str(value)


def _token(address: str, names: Names) -> str:
    symbol = names.currency(address).symbol
    return symbol if address == NATIVE else f"{symbol} ({address})"


def _called(text: str, name: str | None) -> str:
    """Names come from anybody's documents: what is not printable, and more than `MAX_NAME`, is left out."""
    printable = "".join(filter(str.isprintable, name or ""))[:MAX_NAME].strip()
    return f"{printable} ({text})" if printable else text


def _address(value: Any) -> str:
    """The checksummed address in a packed word's part, or in text."""
    return str(to_checksum_address(value.to_bytes(20) if isinstance(value, int) else value))


def _terms(words: Sequence[bytes], names: Names) -> str:
    """Licence terms in words, with their prices."""
    try:
        terms = Terms.from_words(words)
    except InvalidInput as error:
        return f"cannot be read: {error.message}"
    rows = [names.currency(row.token).format(row.prices[use]) for row in terms.prices for use in sorted(terms.uses)]
    uses = [use.name.lower() for _ in terms.prices for use in sorted(terms.uses)]
    prices = ", ".join(f"{use} {amount}" for use, amount in zip(uses, rows, strict=True))
    dates = [f"from {_date(terms.valid_from)}"] * bool(terms.valid_from)
    dates += [f"until {_date(terms.valid_until)}"] * bool(terms.valid_until)
    return " · ".join([terms.summary(), *([f"per started 30 s: {prices}"] if prices else []), *dates])


def _date(seconds: int) -> str:
    if not seconds:
        return "no date"
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "without end"


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


_RULES = ("equal", "influence")
_SIMPLE: Mapping[str, Callable[[int], str]] = {
    "date": _date,
    "duration": _duration,
    "ppm": lambda ppm: f"{ppm * 100 / PPM:g} %",
    "use": lambda use: Use(use).name.lower(),
    "rule": lambda rule: _RULES[rule],
}
