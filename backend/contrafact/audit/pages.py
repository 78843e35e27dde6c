"""The templates of the audit's pages. Everything is escaped: titles and symbols come from strangers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from contrafact.audit.amounts import clipped, percent, short
from contrafact.audit.rules import title

_ID = re.compile(r"\b(0x[0-9a-fA-F]{40,}|bafkrei[a-z2-7]{52})\b")
_NAME_LENGTH = 60
_CODE = '<code title="{}">{}</code>'


@cache
def environment() -> Environment:
    """The template environment, made on first use."""
    loader = PackageLoader("contrafact.audit", "templates")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters |= {"percent": percent, "short": short, "clipped": clipped, "rule": title, "abbreviated": abbreviated}
    return found


def abbreviated(text: str, names: Mapping[str, str] | None = None) -> Markup:
    """`text`, escaped, in which each long id shows its ends only, and itself on hovering.

    An id that has a name in `names` has it before.
    """

    def shown(found: re.Match[str]) -> str:
        name = (names or {}).get(found[0], "")
        code = _CODE.format(found[0], short(found[0]))
        return f"{escape(clipped(name, _NAME_LENGTH))} ({code})" if name else code

    return Markup(_ID.sub(shown, str(escape(text))))
