"""Web pages: what people see who come with a browser. They need nothing from elsewhere, and no framework.

Each area is a folder with its routes, templates, style sheet and scripts; `shared` is what all of them use.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.web.pages import desk, explorer, home, order, studio
from contrafact.web.pages import live as live_pages
from contrafact.web.pages.desk import money
from contrafact.web.pages.reference import reference
from contrafact.web.pages.serving import ASSETS, PageRoute, asset, page

router = APIRouter(include_in_schema=False, route_class=PageRoute)
router.include_router(home.router)
router.include_router(desk.router)
router.include_router(money.router)
router.include_router(order.router)
router.include_router(studio.router)
router.include_router(explorer.router)
router.include_router(live_pages.router)


@router.get("/verify")
def verify(request: Request) -> Response:
    """Drop a file, see what it is."""
    return page(request, "verify/verify.html.j2", area="verify", title="Verify a file")


@router.get("/docs")
def docs(request: Request) -> Response:
    """The API's operations, to be read."""
    groups = reference(request.app.openapi())
    return page(request, "docs/docs.html.j2", area="docs", title="The API", groups=groups)


@router.get(f"{ASSETS}/{{path:path}}")
def get_asset(path: str, request: Request) -> Response:
    """A style sheet, a script or a font of the pages."""
    return asset(request, path)
