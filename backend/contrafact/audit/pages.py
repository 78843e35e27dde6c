"""The templates of the audit's pages. Everything is escaped: titles and symbols come from strangers."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from contrafact.audit.amounts import clipped, percent, short
from contrafact.audit.rules import title

_ID = re.compile(r"\b(0x[0-9a-fA-F]{40,}|bafkrei[a-z2-7]{52})\b")
_CODE = '<code title="{}">{}</code>'


@cache
def environment() -> Environment:
    """The template environment, made on first use."""
    loader = PackageLoader("contrafact.audit", "templates")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters |= {"percent": percent, "short": short, "clipped": clipped, "rule": title, "abbreviated": abbreviated}
    return found


def abbreviated(text: str) -> Markup:
    """`text`, escaped, in which each long id shows its ends only, and itself on hovering."""
    return Markup(_ID.sub(lambda found: _CODE.format(found[0], short(found[0])), str(escape(text))))
