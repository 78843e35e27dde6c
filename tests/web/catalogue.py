"""The works that a site was founded with, whatever tests before registered."""

from __future__ import annotations

import time
from typing import Any

from contrafact.demo import world

from .site import LONGEST, WebSite

OWNERS = {key.address: key for key in (world.account(holder.account) for holder in world.HOLDERS)}


def founded_works(site: WebSite, query: str = "") -> list[dict[str, Any]]:
    """The rows of the catalogue that this query finds, once the index knows all titles."""
    give_up = time.monotonic() + LONGEST
    while any(row["title"] is None for row in _rows(site, "")):
        assert time.monotonic() < give_up
        time.sleep(0.2)
    return _rows(site, query)


def works_for(site: WebSite, use: str, count: int) -> list[str]:
    """Works in 6/8 that may be combined in a piece for this use."""
    rows = founded_works(site, f"use={use}&metre=6/8&available=true")
    found = [row["work"] for row in rows if row["terms"]["combinable"] or count == 1][:count]
    assert len(found) == count, f"There are no {count} works for {use} use."
    return found


def _rows(site: WebSite, query: str) -> list[dict[str, Any]]:
    rows = site.get(f"/v1/works?limit=100&{query}")["rows"]
    return [row for row in rows if row["licensor"] in OWNERS]
