"""Sign-in with Ethereum. A nonce is this operation's idempotency key: it is good once."""

from __future__ import annotations

from fastapi import APIRouter, Response
from siwe import generate_nonce

from contrafact.store.visitors import Visitors
from contrafact.web.auth import messages
from contrafact.web.auth.sessions import COOKIE, SignedIn, issue
from contrafact.web.errors import NotSignedIn, answers
from contrafact.web.routing import JsonRoute
from contrafact.web.schemas.auth import NewSession, Nonce, NonceRequest, Session, SignIn
from contrafact.web.schemas.fields import time, unhexed
from contrafact.web.services import Given

router = APIRouter(prefix="/v1/auth", tags=["auth"], route_class=JsonRoute)
_SECRET = "no-store"


@router.post("/nonce", status_code=201, responses=answers())
def create_nonce(asked: NonceRequest, services: Given, response: Response) -> Nonce:
    """A nonce, and the message with it, for a wallet to sign."""
    now, settings = services.clock(), services.settings
    nonce, expires = generate_nonce(), int(now) + settings.nonce_seconds
    Visitors(services.database).add_nonce(nonce, expires, int(now))
    response.headers["Cache-Control"] = _SECRET
    message = messages.to_sign(asked.address, nonce, services.ledger.domain.chain_id, now, settings)
    return Nonce(nonce=nonce, message=message, expires_at=time(expires))


@router.post("/sessions", status_code=201, responses=answers(401))
def create_session(asked: SignIn, services: Given, response: Response) -> NewSession:
    """Signs a wallet in. The nonce is used up even where the signature is wrong."""
    now, settings = services.clock(), services.settings
    message = messages.read(asked.message, services.ledger.domain.chain_id, now, settings)
    if not Visitors(services.database).take_nonce(message.nonce, int(now)):
        raise NotSignedIn("The nonce is unknown, used up or too old.", "Ask for a new one.")
    messages.check_signature(message, unhexed(asked.signature), now, services.ledger.accepts)
    token, row = issue(services, message.address)
    response.headers["Cache-Control"] = _SECRET
    response.set_cookie(
        COOKIE, token, settings.session_seconds, path="/", secure=settings.is_secure, httponly=True, samesite="strict"
    )
    return NewSession(wallet=row.wallet, expires_at=time(row.expires), token=token)


@router.get("/session", responses=answers(401))
def get_session(caller: SignedIn, response: Response) -> Session:
    """Who is signed in, and until when."""
    response.headers["Cache-Control"] = _SECRET
    return Session(wallet=caller.wallet, expires_at=time(caller.session.expires))


@router.delete("/session", status_code=204, responses=answers(401, 403))
def end_session(caller: SignedIn, services: Given, response: Response) -> None:
    """Signs out."""
    Visitors(services.database).end_session(caller.session.token_hash)
    response.delete_cookie(COOKIE, path="/", secure=services.settings.is_secure, httponly=True, samesite="strict")
