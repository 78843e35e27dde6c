"""Templates and files of the pages, as answers: with a strict policy on what a page may load, and entity tags."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined

from contrafact.domain.digests import sha256
from contrafact.errors import NotFound
from contrafact.web.auth import sessions
from contrafact.web.conditional import IMMUTABLE, PRIVATE, REVALIDATE, matches, tag_of
from contrafact.web.errors import NotModified
from contrafact.web.pages import words
from contrafact.web.pages.home_address import in_lower_case, moved_home
from contrafact.web.services import services_of

ASSETS = "/assets"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:;"
    " media-src 'self' blob:; connect-src 'self'{chain}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_COMPRESSED = (".css", ".js", ".svg")
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


class PageRoute(APIRoute):
    """A page or a file, which answers HEAD as well as GET: whether it is there, and how large it is."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.methods and "GET" in self.methods:
            self.methods.add("HEAD")


def page(request: Request, template: str, *, area: str = "", status: int = 200, **values: object) -> Response:
    """A page. `area` is the part of the site that the navigation marks. Raises NotModified where the browser has it.

    It tells the reader's scripts who has signed in, and so is the reader's alone. Who came by another name of this
    machine is sent to the public URL, and who wrote an id with capitals to the one that has none.
    """
    settings = services_of(request).settings
    if away := in_lower_case(request) or moved_home(request, settings.origin):
        return away
    caller = sessions.find(request)
    told = {"assets": f"{ASSETS}/{_version()}", "area": area, "session": caller.wallet if caller else ""}
    text = _environment().get_template(template).render(**told, origin=settings.origin, **values)
    headers = {"Content-Security-Policy": policy(settings.chain.origin), "Cache-Control": PRIVATE, "Vary": "Cookie"}
    return _answer(request, text.encode(), "text/html; charset=utf-8", headers, status)


def page_for_anybody(template: str, status: int, **values: object) -> Response:
    """A page that says nothing of the reader, and so asks no database: what is shown when something is wrong."""
    text = _environment().get_template(template).render(assets=ASSETS, area="", session="", origin="", **values)
    headers = {"Content-Security-Policy": policy(), "Cache-Control": "no-store"}
    return Response(text, status, headers, "text/html; charset=utf-8")


def policy(chain: str = "") -> str:
    """What a page may load: from its own origin alone, and talk with `chain`, the origin of a node, beside it."""
    return _POLICY.format(chain=f" {chain}" if chain else "")


def asset(request: Request, path: str) -> Response:
    """A style sheet, script or font by its path below the pages. Raises NotFound, and NotModified.

    Pages ask for it below the version of all of them, so that browsers need not ask again. Only these files are
    compressed: they hold nothing of the reader, unlike answers, whose length would tell of what is in them.
    """
    version, _, rest = path.partition("/")
    is_current = version == _version()
    path = rest if is_current else path
    if path not in _assets():
        raise NotFound("There is no such file of the pages.", "Load the page again.")
    ending = path[path.rindex(".") :]
    headers = {"Cache-Control": IMMUTABLE if is_current else REVALIDATE, "Vary": "Accept-Encoding"}
    body = _assets()[path]
    if ending in _COMPRESSED and "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"], body = "gzip", _compressed(path)
    return _answer(request, body, _KINDS[ending], headers)


def _answer(request: Request, body: bytes, kind: str, headers: dict[str, str], status: int = 200) -> Response:
    told = {"ETag": tag_of(body), "Cache-Control": REVALIDATE} | headers
    if status == 200 and matches(request.headers.get("If-None-Match"), told["ETag"]):
        raise NotModified(told)
    return Response(body, status, told, kind)


@cache
def _environment() -> Environment:
    loader = PackageLoader("contrafact.web", "pages")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(words.FILTERS)
    return made


@cache
def _version() -> str:
    """Changes with any of these files."""
    return sha256(repr(sorted(_assets().items())).encode()).hex()[:16]


@cache
def _compressed(path: str) -> bytes:
    return gzip.compress(_assets()[path], mtime=0)


@cache
def _assets() -> dict[str, bytes]:
    """All style sheets, scripts and fonts of the package's folders, by their paths."""

    def below(folder: Traversable, path: str) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for one in folder.iterdir():
            here = f"{path}{one.name}"
            if one.is_dir():
                found |= below(one, f"{here}/")
            elif here[here.rfind(".") :] in _KINDS:
                found[here] = one.read_bytes()
        return found

    return below(files("contrafact.web.pages"), "")
