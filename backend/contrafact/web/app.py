"""The API, made of its services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute

from contrafact.web import errors, openapi, pages, reads, transactions
from contrafact.web.configuration import WebSettings
from contrafact.web.held import HeldStore
from contrafact.web.middleware.bodies import BodyLimit
from contrafact.web.middleware.limiting import RateLimit, open_storage
from contrafact.web.middleware.outermost import Outermost
from contrafact.web.money import remembered
from contrafact.web.pages import failing
from contrafact.web.request_ids import HEADER
from contrafact.web.routes import (
    auth,
    certified,
    files,
    live,
    operator,
    orders,
    progress,
    quotes,
    registrations,
    splits,
    uploads,
    verification,
)
from contrafact.web.services import Services

TAGS = (
    ("auth", "Signing in with a wallet (EIP-4361)."),
    ("quotes", "What a piece may cost, and paying it in."),
    ("orders", "Where an order stands, and what was made."),
    ("live", "Live orders: heard while they are made, steered, and settled for what was played."),
    ("uploads", "Files that are looked at, and registered as works."),
    ("operator", "Who makes the pieces here."),
    ("verification", "What a file is that somebody found."),
    *reads.TAGS,
    *transactions.TAGS,
)
_SUMMARY = "Generative music whose every borrowed note is measured, recorded on a blockchain, and paid for."
_DESCRIPTION = """Money is a decimal string of whole units beside its token's address; ids and digests are `0x…`;
times are RFC 3339 in UTC. Every error is `{code, message, hint}`. Unsafe operations take an `Idempotency-Key`.
The service holds no wallet's key: it prepares transactions, and the wallet signs and sends them."""
_EXPOSED = ("ETag", HEADER, "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "Location")


def create_app(services: Services, more: Sequence[APIRouter] = ()) -> FastAPI:
    """The app on these services; `more` are routers beside the API's own (health, metrics). Raises InvalidInput."""
    services.settings.check()
    app = bare(more)
    held = HeldStore(services.published)
    app.state.services = replace(services, currency=remembered(services.currency, services.token), published=held)
    _surround(app, services.settings)
    return app


def bare(more: Sequence[APIRouter] = ()) -> FastAPI:
    """The app without anything that it works with: enough for its OpenAPI document."""
    app = FastAPI(
        title="Contrafact",
        version=version("contrafact"),
        summary=_SUMMARY,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=[{"name": name, "description": text} for name, text in TAGS],
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    for router in (*ROUTERS, pages.router, *more):
        app.include_router(router)
    errors.install(app, failing.error_page)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    return app


ROUTERS: tuple[APIRouter, ...] = (
    auth.router,
    quotes.router,
    orders.router,
    progress.router,
    live.router,
    files.router,
    certified.router,
    uploads.router,
    uploads.sounds,
    registrations.router,
    splits.router,
    operator.router,
    verification.router,
    *reads.ROUTERS,
    *transactions.ROUTERS,
)
"""The API's operations, in the order of the document."""


def _surround(app: FastAPI, settings: WebSettings) -> None:
    """Middleware from the innermost to the outermost."""

    def allowed(path: str) -> int:
        return settings.max_upload if path.startswith(("/v1/uploads", "/v1/verify")) else settings.max_json

    app.add_middleware(BodyLimit, allowed=allowed, seconds=settings.body_seconds)
    app.add_middleware(RateLimit, limits=settings.limits, storage=open_storage(settings.limits.counted_in))
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_credentials=True,
            allow_methods=["GET", "HEAD", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Range", HEADER],
            expose_headers=_EXPOSED,
        )
    app.add_middleware(Outermost, secure=settings.is_secure, unexpected=failing.unexpected)


def _operation_id(route: APIRoute) -> str:
    """`create_quote` → `createQuote`."""
    head, *rest = route.name.split("_")
    return head + "".join(word.title() for word in rest)
