"""Web pages: what a person sees who comes with a browser. They need nothing from elsewhere, and no framework.

Each page is a template with a style sheet and, where it does something, a script beside it in a folder of its own.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.web.pages.reference import reference
from contrafact.web.pages.serving import ASSETS, asset, page

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(request: Request) -> Response:
    """Where to go from here."""
    return page(request, "home/home.html.j2", title="Contrafact")


@router.get("/verify")
def verify(request: Request) -> Response:
    """Drop a file, see what it is."""
    return page(request, "verify/verify.html.j2", title="Verify a file")


@router.get("/docs")
def docs(request: Request) -> Response:
    """The API's operations, to be read."""
    return page(request, "docs/docs.html.j2", title="The API", groups=reference(request.app.openapi()))


@router.get(f"{ASSETS}/{{name}}")
def get_asset(name: str, request: Request) -> Response:
    """A style sheet or a script of the pages."""
    return asset(request, name)
