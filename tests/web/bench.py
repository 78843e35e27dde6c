"""What pages weigh and how soon they paint, for `contrafact bench pages`: in a real browser, on a development chain."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Request

from contrafact.demo import world

from .browsing import chromium
from .ordering import delivered_order
from .site import WebSite, founded, site_in
from .tour import routes, tour

PAINTED = """() => new Promise((told) => new PerformanceObserver((entries, observer) => {
  const first = entries.getEntriesByName("first-contentful-paint")[0];
  if (first) { observer.disconnect(); told(first.startTime); }
}).observe({type: "paint", buffered: true}))"""


@dataclass(frozen=True, slots=True)
class Row:
    """A page: cold, with nothing kept, and warm, a second later. Milliseconds are medians; bytes without sound."""

    page: str
    cold_ms: int
    warm_ms: int
    cold_bytes: int
    warm_bytes: int
    requests: int


def measure(rounds: int, on_step: Callable[[str], None] = lambda step: None) -> list[dict[str, object]]:
    """Each page so often, as a visitor sees it."""
    with _site() as site, chromium() as browser:
        return [asdict(_row(browser, site, name, path, rounds, on_step)) for name, path in _pages(site)]


@contextmanager
def _site() -> Iterator[WebSite]:
    with tempfile.TemporaryDirectory() as folder:
        (own := Path(folder) / "own").mkdir()
        with site_in(own, founded(Path(folder))) as site:
            yield site


def _pages(site: WebSite) -> list[tuple[str, str]]:
    order = delivered_order(site, world.account(world.MAKER), seconds=20)
    return list(zip(routes(), tour(values_of(site, order)), strict=True))


def values_of(site: WebSite, order: str) -> dict[str, str]:
    """What stands for the parameters of pages' paths, from one order."""
    told = site.get(f"/v1/orders/{order}")
    work = told["sources"][0]["work"]
    licensor = site.get(f"/v1/works/{work}")["licensor"]
    keys = {"order": order, "work": work, "model": told["model"], "operator": told["operator"]}
    return keys | {"holder": licensor, "month": told["funded_at"][:7]}


def _row(browser: Browser, site: WebSite, name: str, path: str, rounds: int, on_step: Callable[[str], None]) -> Row:
    on_step(name)
    cold, warm = [], []
    for _ in range(rounds):
        context = browser.new_context(base_url=site.url)
        cold.append(_visit(context, path))
        warm.append(_visit(context, path))
        context.close()
    times = [int(median(ms for ms, _, _ in some)) for some in (cold, warm)]
    return Row(name, *times, cold[-1][1], warm[-1][1], cold[-1][2])


def _visit(context: BrowserContext, path: str) -> tuple[float, int, int]:
    """First contentful paint in milliseconds, bytes, requests."""
    page, requests = context.new_page(), list[Request]()
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(path)
    painted = page.evaluate(PAINTED)
    page.wait_for_load_state("networkidle")
    found = painted, sum(map(weight_of, requests)), len(requests)
    page.close()
    return found


def weight_of(request: Request) -> int:
    """Bytes that came for it over the wire; none for sound."""
    answer = request.response()
    if answer is None or answer.headers.get("content-type", "").startswith("audio/"):
        return 0
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
