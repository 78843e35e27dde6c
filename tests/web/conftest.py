"""Pages in a real browser, on a real service with a real chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contrafact.demo import world

from .site import WebSite, founded, site_in

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect

from .browsing import NEEDS_CHROMIUM, chromium
from .wallets import TestWallet

expect.set_options(timeout=60_000)  # a busy machine is no failure
Visit = Callable[..., Page]
MODULE = """
window.module = (path) => import(new URL(`../${path}`, document.querySelector("link[rel=icon]").href).href);
"""
"""For tests that call a module as the page's own scripts do: the very one that these have loaded."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(NEEDS_CHROMIUM)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    """A service that all tests of this process share: leave what others rely on as it is."""
    own = tmp_path_factory.mktemp("site")
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if shared.name.startswith("popen-") else shared
    with site_in(own, founded(shared)) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each file of tests: while it is open, other tests of the process can run no event loop."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(site: WebSite, browser: Browser) -> Iterator[Visit]:
    """Opens pages of the site: `visit(path, *wallets, width=…)`. Whatever the browser complains of fails the test.
    Without a path the page is empty; more options are the browser context's.

    Each visit is a visitor of their own, with nothing kept. A refusal that the test is about is announced with
    `page.expected_statuses.add(409)`.
    """
    complaints: list[str] = []
    pages: list[Page] = []

    def opened(path: str | None, *wallets: TestWallet, width: int = 1280, **options: Any) -> Page:
        viewport: Any = {"width": width, "height": 900}
        page = browser.new_context(viewport=viewport, service_workers="block", base_url=site.url, **options).new_page()
        page.expected_statuses = set()  # type: ignore[attr-defined]
        page.set_default_timeout(60_000)
        page.add_init_script(MODULE)
        page.on("console", lambda said: _complain(complaints, page, said))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _foreign(complaints, site, request.url))
        for wallet in wallets:
            wallet.put_into(page)
        pages.append(page)
        if path is not None:
            page.goto(path)
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert complaints == []


@pytest.fixture
def maker(site: WebSite) -> TestWallet:
    """The demo's music maker, who has test dollars."""
    return TestWallet(world.account(world.MAKER), site.chain)


def _complain(complaints: list[str], page: Page, said: object) -> None:
    text: str = said.text  # type: ignore[attr-defined]
    kind: str = said.type  # type: ignore[attr-defined]
    expected = any(f"status of {status} " in text for status in page.expected_statuses)  # type: ignore[attr-defined]
    if kind in ("error", "warning") and not expected:
        complaints.append(f"{page.url}: {text}")


def _foreign(complaints: list[str], site: WebSite, url: str) -> None:
    if not url.startswith((site.url, site.rpc_url, "data:", "blob:")):
        complaints.append(f"a request left the origin: {url}")
