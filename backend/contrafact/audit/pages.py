"""The templates of the audit's pages. Everything is escaped: titles and symbols come from strangers."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from contrafact.audit.amounts import clipped, percent, short
from contrafact.audit.rules import title


@cache
def environment() -> Environment:
    """The template environment, made on first use."""
    loader = PackageLoader("contrafact.audit", "templates")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters |= {"percent": percent, "short": short, "clipped": clipped, "rule": title}
    return found
