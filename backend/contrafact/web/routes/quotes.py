"""What a piece may cost: looked at freely, signed by the operator for a maker that has signed in."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request, Response

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.orders import order_id
from contrafact.domain.quotes import SignedQuote
from contrafact.errors import ContrafactError, DatabaseError, InvalidInput, NotFound
from contrafact.ports import StoreError
from contrafact.web import conditional
from contrafact.web.auth.sessions import SignedIn
from contrafact.web.errors import answers
from contrafact.web.offers import offered, order_request
from contrafact.web.routing import IDEMPOTENT, IdempotentRoute
from contrafact.web.schemas.fields import Digest, Issue
from contrafact.web.schemas.quotes import Preview, PreviewRequest, QuoteAnswer, QuoteRequest
from contrafact.web.services import Desk, Given, Services

router = APIRouter(prefix="/v1/quotes", tags=["quotes"], route_class=IdempotentRoute)
