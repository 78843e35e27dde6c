"""Months of operators and of everybody over HTTP, and how statements are handed out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from contrafact.statements import (
    MEDIA_TYPES,
    AnyStatement,
    Chain,
    Frame,
    Month,
    forms_of,
    frame_of,
    operator_statement,
    public_statement,
    write,
)
from contrafact.web.conditional import REVALIDATE, fresh, tag_of_digest
from contrafact.web.errors import answers
from contrafact.web.schemas import statements as doc
from contrafact.web.schemas.fields import Address
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1", tags=["statements"])
Named = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}(\.(csv|pdf))?$", examples=["2026-01"])]


def also(*forms: str) -> dict[int | str, dict[str, Any]]:
    """The other media types of a statement, for the API's document."""
    texts = {form: {"type": "string", **({"format": "binary"} if form == "pdf" else {})} for form in forms}
    return {200: {"content": {MEDIA_TYPES[form]: {"schema": schema} for form, schema in texts.items()}}}


@router.get(
    "/statements/{month}", response_model=doc.PublicStatement, responses={**answers(304, 404), **also("csv", "pdf")}
)
def get_public_statement(month: Named, request: Request, services: Given) -> Response:
    """Everybody's month: what was generated, and where its money went. JSON, CSV or PDF, by `Accept` or ending."""
    with services.reporting.passed():
        found = public_statement(services.read_model, frame(services, month))
        return handed_out(request, found, asked_for(request, month, found), services, REVALIDATE)


@router.get(
    "/operators/{operator}/statements/{month}",
    response_model=doc.OperatorStatement,
    responses={**answers(304, 404), **also("csv", "pdf")},
)
def get_operator_statement(operator: Address, month: Named, request: Request, services: Given) -> Response:
    """An operator's month: orders, fees and bonds; it names no maker. JSON, CSV or PDF, by `Accept` or ending."""
    with services.reporting.passed():
        found = operator_statement(services.read_model, frame(services, month), operator)
        return handed_out(request, found, asked_for(request, month, found), services, REVALIDATE)


def frame(services: Services, month: str) -> Frame:
    """Of `2026-01` with or without an ending. Raises InvalidInput, NotFound and ChainError."""
    deployment = services.preparer.deployment
    chain = Chain(deployment.chain_id, dict(deployment.contracts))
    wanted = Month.parse(month.partition(".")[0])
    when = services.preparer.connection.timestamp
    return frame_of(services.read_model, chain, wanted, when, deployment.block)


def asked_for(request: Request, month: str, statement: AnyStatement) -> str:
    """The form that the address ends in, else the first of `Accept` if there is such a one, else JSON."""
    if ending := month.partition(".")[2]:
        return ending
    wanted = request.headers.get("Accept", "").partition(",")[0].partition(";")[0].strip()
    return next((form for form in forms_of(statement) if MEDIA_TYPES[form] == wanted), "json")


def handed_out(request: Request, statement: AnyStatement, form: str, services: Services, cache: str) -> Response:
    """The statement's file; its entity tag is its SHA-256. Raises NotModified where the client has it."""
    file = write(statement, form, services.currency)
    response = Response(file.data, media_type=file.media_type)
    fresh(request, response, tag_of_digest(file.digest), cache)
    response.headers["Vary"] = "Accept"
    kind = "inline" if form == "json" else "attachment"
    response.headers["Content-Disposition"] = f'{kind}; filename="{file.name}"'
    return response
