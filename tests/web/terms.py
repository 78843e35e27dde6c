"""The terms of works, changed for a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from .catalogue import OWNERS
from .ordering import send
from .site import LONGEST, WebSite


@contextmanager
def other_terms(site: WebSite, work: str, **changed: Any) -> Iterator[None]:
    """While a work has other terms; afterwards they are as they were, even if something fails.
    Of works that permit something to everybody, at any time, without approval, at prices in one token.
    """
    before = site.get(f"/v1/works/{work}")["terms"]
    others = ("approval", "allow", "valid_from", "valid_until", "sunset")
    assert before["inference"]
    assert [before[name] or None for name in others] == [None] * len(others)
    assert len({row["price"]["token"] for row in before["prices"]}) == 1
    prices = {row["use"]: row["price"]["units"] for row in before["prices"]}
    as_it_was = {key: before[key] for key in ("uses", "training", "combinable", "max_weight", "downstream")}
    as_it_was |= {"training_price": (before["training_price"] or {"units": "0"})["units"]}
    as_it_was |= {"prices": [{"token": before["prices"][0]["price"]["token"], **prices}]}
    _set(site, work, as_it_was | changed)
    try:
        yield
    finally:
        _set(site, work, as_it_was)


def _set(site: WebSite, work: str, terms: dict[str, Any]) -> None:
    known = site.get(f"/v1/works/{work}")
    owner = OWNERS[known["licensor"]]
    asked = {"sender": owner.address, "work": work, "terms": terms}
    steps = httpx.post(f"{site.url}/v1/transactions/set-terms", json=asked, timeout=60)
    assert steps.is_success, steps.text
    send(site.chain, owner, steps.json()["transactions"][0])
    give_up = time.monotonic() + LONGEST
    while site.get(f"/v1/works/{work}")["terms"]["version"] == known["terms"]["version"]:
        assert time.monotonic() < give_up
        time.sleep(0.2)
