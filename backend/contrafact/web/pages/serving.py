"""Templates and files of the pages, as answers: with a strict policy on what a page may load, and entity tags."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from contrafact.errors import NotFound
from contrafact.web.conditional import REVALIDATE, matches, tag_of
from contrafact.web.errors import NotModified

ASSETS = "/assets"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KINDS = {".css": "text/css", ".js": "text/javascript"}


def page(request: Request, template: str, **values: object) -> Response:
    """A page. Raises NotModified where the browser has it."""
    text = _environment().get_template(template).render(assets=ASSETS, **values)
    return _answer(request, text, "text/html", {"Content-Security-Policy": POLICY})


def asset(request: Request, name: str) -> Response:
    """A style sheet or script by its name. Raises NotFound, and NotModified."""
    if name not in _assets():
        raise NotFound("There is no such file of the pages.", "Load the page again.")
    return _answer(request, _assets()[name], _KINDS[name[name.rindex(".") :]], {})


def _answer(request: Request, text: str, kind: str, headers: dict[str, str]) -> Response:
    told = {**headers, "ETag": tag_of(text), "Cache-Control": REVALIDATE}
    if matches(request.headers.get("If-None-Match"), told["ETag"]):
        raise NotModified(told)
    return Response(text, headers=told, media_type=f"{kind}; charset=utf-8")


@cache
def _environment() -> Environment:
    loader = PackageLoader("contrafact.web", "pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _assets() -> dict[str, str]:
    """All style sheets and scripts of the package's folders, by their names, which differ."""

    def below(folder: Traversable) -> list[Traversable]:
        found = [one for one in folder.iterdir() if one.name != "__pycache__"]
        return [file for one in found for file in (below(one) if one.is_dir() else [one])]

    texts = {one.name: one.read_text(encoding="utf-8") for one in below(files("contrafact.web.pages"))}
    return {name: text for name, text in texts.items() if name[name.rfind(".") :] in _KINDS}
