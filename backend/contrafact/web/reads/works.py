"""The catalogue over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import StringConstraints

from contrafact.domain.digests import cid, from_hex, sha256, to_hex
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput, NotFound
from contrafact.read_model import OrderQuery, WorkQuery
from contrafact.web.conditional import IMMUTABLE, REVALIDATE, fresh, kept, tag_of_digest
from contrafact.web.documents import Documents
from contrafact.web.errors import answers
from contrafact.web.orders import summaries
from contrafact.web.paging import Paged
from contrafact.web.ranges import Range, file_answers, file_response
from contrafact.web.reads.learning import learnt_by
from contrafact.web.reads.sources import open_source, source_midi, source_sound
from contrafact.web.reads.transfers import offered
from contrafact.web.reads.work_views import fields_of, file_of, holders_of, terms_of, work_of
from contrafact.web.schemas.fields import Address, Digest, Listed
from contrafact.web.schemas.orders import OrderSummary
from contrafact.web.schemas.quotes import UseName
from contrafact.web.schemas.works import Identifiers, Source, SplitHistory, SplitVersion, TermsHistory, Work, WorkDetail
from contrafact.web.services import Given

router = APIRouter(prefix="/v1/works", tags=["works"])
Metre = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}/[0-9]{1,2}$")]
Text = Annotated[str | None, Query(min_length=1, max_length=200)]


@router.get("", responses=answers(304))
def list_works(
    request: Request,
    response: Response,
    services: Given,
    page: Paged,
    text: Annotated[Text, Query(description="In title, credits, collection or reference.")] = None,
    use: Annotated[UseName | None, Query(description="Permitted by the terms in force.")] = None,
    token: Annotated[Address | None, Query(description="Priced in this token; zeros for the chain's coin.")] = None,
    max_price: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,30}$", description="Units of `token` per started 30 s at most.")
    ] = None,
    metre: Annotated[list[Metre], Query(max_length=8, description="Any of these.", examples=[["6/8"]])] = [],  # noqa: B006
    key: Annotated[str | None, Query(max_length=20, description="As `D dorian`, or `dorian`, or `D`.")] = None,
    collection: Text = None,
    holder: Annotated[Address | None, Query()] = None,
    licensor: Annotated[Address | None, Query()] = None,
    party: Annotated[Address | None, Query(description="Licensor, or a holder.")] = None,
    available: Annotated[bool, Query(description="Only what an order can use now.")] = False,
    combinable: Annotated[bool, Query(description="Only what may be combined with other owners' works.")] = False,
    beside: Annotated[
        Address | None, Query(description="With `combinable`: or of this licensor, beside its other works.")
    ] = None,
) -> Listed[Work]:
    """Works that fit, oldest first."""
    if max_price is not None and token is None:
        raise InvalidInput("A highest price is of some token.", "Give `token`, too.")
    if beside is not None and not combinable:
        raise InvalidInput("`beside` widens what may be combined.", "Give `combinable=true`, too.")
    query = WorkQuery(
        text=text,
        use=Use.parse(use) if use else None,
        token=token,
        max_price=int(max_price) if max_price is not None else None,
        metres=tuple(metre),
        key=key,
        collection=collection,
        holder=holder,
        licensor=licensor,
        available=available,
        party=party,
        combinable=combinable,
        beside=beside,
    )
    found = services.read_model.works(query, page)
    rows = [work_of(row, services.currency) for row in found.rows]
    return kept(request, response, Listed[Work](rows=rows, following=found.following))


@router.get("/{work}", responses=answers(304, 404))
def get_work(work: Digest, request: Request, response: Response, services: Given) -> WorkDetail:
    """A work, with the models that learnt from it."""
    row, documents = services.read_model.work(from_hex(work)), Documents(services.published)
    found = documents.work(row.metadata)
    learnt, unknown = learnt_by(services, documents, row)
    numbers = found.identifiers if found else None
    detail = WorkDetail(
        **fields_of(row, services.currency),
        identifiers=Identifiers(isrc=numbers.isrc if numbers else "", iswc=numbers.iswc if numbers else ""),
        offered_to=offered(services.read_model).get(row.work_id),
        learnt_by=learnt,
        unknown_models=[to_hex(model) for model in unknown],
        links={name: f"/v1/works/{work}/{name}" for name in ("terms", "splits", "places", "orders", "source")},
    )
    return kept(request, response, detail)


@router.get("/{work}/terms", responses=answers(304, 404))
def get_terms(work: Digest, request: Request, response: Response, services: Given) -> TermsHistory:
    """Every version of a work's terms."""
    row = services.read_model.work(from_hex(work))
    versions = services.read_model.terms_history(row.work_id)
    return kept(request, response, TermsHistory(versions=[terms_of(one, services.currency) for one in versions]))


@router.get("/{work}/splits", responses=answers(304, 404))
def get_splits(work: Digest, request: Request, response: Response, services: Given) -> SplitHistory:
    """Every rights split of a work."""
    row, documents = services.read_model.work(from_hex(work)), Documents(services.published)
    versions = [
        SplitVersion(
            version=one.version,
            split_root=to_hex(one.split_root),
            metadata=file_of(one.metadata),
            block=one.block,
            holders=holders_of(documents.split(one.metadata, one.split_root)),
        )
        for one in services.read_model.split_history(row.work_id)
    ]
    return kept(request, response, SplitHistory(versions=versions))


@router.get("/{work}/orders", responses=answers(304, 404))
def list_orders_of_work(
    work: Digest, request: Request, response: Response, services: Given, page: Paged
) -> Listed[OrderSummary]:
    """Orders that a work is a source of, newest first."""
    row = services.read_model.work(from_hex(work))
    found = services.read_model.orders(OrderQuery(work_id=row.work_id), page)
    rows = summaries(found.rows, services)
    return kept(request, response, Listed[OrderSummary](rows=rows, following=found.following))


@router.get("/{work}/source", responses=answers(304, 403, 404, 451))
def get_source(work: Digest, request: Request, response: Response, services: Given) -> Source:
    """What a model reads of an open work; protected ones are not here."""
    row = services.read_model.work(from_hex(work))
    tokens = open_source(services.published, row)
    fresh(request, response, tag_of_digest(row.source_form), IMMUTABLE)
    return Source(
        media_type=row.media_type,
        score_url=f"/v1/content/{cid(row.content)}",
        source_form_url=f"/v1/content/{cid(row.source_form)}",
        midi_url=f"/v1/works/{work}/source.mid",
        tokens=tokens,
    )


@router.get(
    "/{work}/source.mid",
    responses={**answers(304, 403, 404, 451), 200: {"content": {"audio/midi": {}}, "description": "A MIDI file."}},
    response_class=Response,
)
def get_source_midi(work: Digest, request: Request, services: Given) -> Response:
    """The melody of an open work's source form, as MIDI on the tonic C."""
    row = services.read_model.work(from_hex(work))
    if (data := source_midi(services.published, row)) is None:
        raise NotFound("This service writes no MIDI.", "Read the tokens of /source.")
    answer = Response(data, media_type="audio/midi")
    fresh(request, answer, tag_of_digest(row.source_form), IMMUTABLE)
    return answer


@router.get("/{work}/sound.mp3", responses=file_answers(["audio/mpeg"], 403, 451), response_class=Response)
def get_work_sound(work: Digest, request: Request, services: Given, range: Range = None) -> Response:
    """How an open work sounds: its melody in its own key, as MP3. Protected ones are not here."""
    row = services.read_model.work(from_hex(work))
    data = source_sound(services, row)
    headers = {"Cache-Control": REVALIDATE, "Content-Disposition": 'inline; filename="song.mp3"'}
    return file_response(request, data, tag_of_digest(sha256(data)), "audio/mpeg", headers)
