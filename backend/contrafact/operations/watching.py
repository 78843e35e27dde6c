"""A site whose content store is watched: what it fails to do is counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from contrafact import telemetry
from contrafact.errors import StoreError
from contrafact.ports import ContentStore
from contrafact.settings import Settings
from contrafact.wiring import Site


def watched_site(settings: Settings) -> Site:
    """Raises InvalidInput for a store that is none."""
    site = Site(settings)
    site.store = watched(site.store)
    return site


def watched(store: ContentStore) -> ContentStore:
    """The same store; each StoreError of it is counted and goes on."""
    return cast(ContentStore, _Watched(store))


class _Watched:
    def __init__(self, inner: ContentStore) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return _counted(found) if callable(found) else found


def _counted(act: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(act)
    def counted(*arguments: Any, **named: Any) -> Any:
        try:
            return act(*arguments, **named)
        except StoreError:
            telemetry.count("store_failed")
            raise

    return counted
