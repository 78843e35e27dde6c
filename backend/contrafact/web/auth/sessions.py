"""Who asks: the session of a bearer token or of a cookie."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from contrafact.domain.digests import sha256
from contrafact.errors import NotPermitted
from contrafact.store.visitors import SessionRow, Visitors
from contrafact.web.errors import NotSignedIn
from contrafact.web.services import Services, services_of

COOKIE = "contrafact_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", description="The token of POST /v1/auth/sessions.")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="cookie", description="The same, for browsers.")

ANYBODY: dict[str, Any] = {"security": [{}, {"bearer": []}, {"cookie": []}]}
"""`openapi_extra` of an operation that says more to those who have signed in."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A wallet that has signed in."""

    wallet: str
    session: SessionRow


def issue(services: Services, wallet: str) -> tuple[str, SessionRow]:
    """A new session: its token, which is kept nowhere, and its row."""
    token, now = secrets.token_urlsafe(32), int(services.clock())
    row = SessionRow(sha256(token.encode()), wallet, now, now + services.settings.session_seconds)
    Visitors(services.database).add_session(row, services.settings.max_sessions)
    return token, row


def find(request: Request) -> Caller | None:
    """Who has signed in, if anybody. Raises NotPermitted for a cookie that comes from another site's page."""
    if not hasattr(request.state, "caller"):
        request.state.caller = _find(request)
    found: Caller | None = request.state.caller
    return found


def _find(request: Request) -> Caller | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    by_cookie = scheme.lower() != "bearer"
    given = request.cookies.get(COOKIE, "") if by_cookie else token.strip()
    if not given:
        return None
    services = services_of(request)
    if by_cookie and request.method in _SAFE and _is_from_elsewhere(request, services):
        return None
    row = Visitors(services.database).session(sha256(given.encode()), int(services.clock()))
    if row is None:
        request.state.unknown_session = True
        return None
    if by_cookie and request.method not in _SAFE:
        _require_same_site(request, services)
    return Caller(row.wallet, row)


def _is_from_elsewhere(request: Request, services: Services) -> bool:
    """Whether another origin's page loads this in passing, as a picture, a sound or a stream; a link there is none.

    SameSite keeps the cookie from other sites, and not from other ports and subdomains of this one. Reading may cost,
    too: a live piece is made, and paid for, while its events are followed.
    """
    told = request.headers
    is_passing = told.get("Sec-Fetch-Mode", "navigate") != "navigate" or told.get("Sec-Fetch-Dest") == "iframe"
    is_other = told.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    return is_passing and is_other and told.get("Origin") not in services.settings.cors_origins


def _require_same_site(request: Request, services: Services) -> None:
    """A browser sends the cookie along with requests of any page; only ours may change something with it."""
    allowed = (services.settings.origin, *services.settings.cors_origins)
    if request.headers.get("Origin") not in allowed:
        text = "The request comes from another site's page."
        hint = f"Open this service at {services.settings.origin}; programs send the bearer token instead of the cookie."
        raise NotPermitted(text, hint)


def _signed_in(request: Request, _: Annotated[Any, Security(_bearer)], __: Annotated[Any, Security(_cookie)]) -> Caller:
    if (caller := find(request)) is None:
        unknown = getattr(request.state, "unknown_session", False)
        text = "The token is of no session here, or its session has ended." if unknown else "Nobody is signed in."
        raise NotSignedIn(text, "Sign in with your wallet (programs: POST /v1/auth/nonce, then /v1/auth/sessions).")
    return caller


SignedIn = Annotated[Caller, Depends(_signed_in)]
"""How an operation asks for a wallet that has signed in; 401 without."""
Anybody = Annotated[Caller | None, Depends(find)]
"""How an operation asks who it is, if it has signed in."""
