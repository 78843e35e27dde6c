"""All pages that there are, from the routes themselves: a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contrafact.web.pages import router

FILES = (":path}", ".json")
"""How paths of files that are no pages end."""
MISSING = "/there-is-no-such-page"


def routes(among: Iterable[Any] = router.routes) -> Iterator[str]:
    """The paths of all pages, with their parameters' names in braces."""
    for route in among:
        if hasattr(route, "original_router"):
            yield from routes(route.original_router.routes)
        elif "GET" in route.methods and not route.path.endswith(FILES):
            yield route.path


def tour(values: Mapping[str, str]) -> list[str]:
    """Where to find each page, `values` standing for the parameters. Raises KeyError for one that is not given."""
    return [re.sub(r"\{(\w+)[^}]*\}", lambda name: values[name[1]], route) for route in routes()]
