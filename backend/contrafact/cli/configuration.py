"""`contrafact settings`: what is in force, and where it comes from."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from contrafact.cli import options, output
from contrafact.settings import load, origins

MASKED = "********"


def settings(as_json: options.Json = False) -> None:
    """Shows the settings in force and where each comes from: environment, file, or default. Secrets are masked."""
    loaded = load()
    found, values = origins(), {name: getattr(loaded, name) for name in type(loaded).model_fields}
    document = [{"setting": name, "value": shown(value), "source": found[name]} for name, value in values.items()]
    rows = [(f"CONTRAFACT_{row['setting'].upper()}", row["value"], row["source"]) for row in document]
    table = output.table(("variable", "value", "source"), rows)
    for column in table.columns:
        column.overflow = "fold"
    output.show(document, as_json, table)


def shown(value: Any) -> Any:
    """A setting's value as it may be shown: URLs without passwords, and those of nodes without keys in their path."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, SecretStr):
        return MASKED
    return ",".join(_without_secrets(part) for part in str(value).split(","))


def _without_secrets(text: str) -> str:
    scheme, separator, rest = text.strip().partition("://")
    if not separator or scheme.startswith("sqlite"):
        return text
    place, slash, path = rest.partition("/")
    host = f"{MASKED}@{place.rpartition('@')[2]}" if "@" in place else place
    hides = scheme in ("http", "https", "ws", "wss") and path
    return f"{scheme}://{host.split('?')[0]}{slash}{MASKED if hides else path.split('?')[0]}"
