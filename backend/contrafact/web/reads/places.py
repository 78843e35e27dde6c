"""The places of a work's rights split: who has said that its share is its own, and is paid without asking."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.splits import account_id
from contrafact.ports import PlaceStatus
from contrafact.read_model import ReadModel, WorkRow
from contrafact.web.conditional import kept
from contrafact.web.documents import Documents
from contrafact.web.errors import answers
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.works import Place, Places
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1/works", tags=["works"])


@router.get("/{work}/places", responses=answers(304, 404))
def list_places(work: Digest, request: Request, response: Response, services: Given) -> Places:
    """The places of a work's present split, and which of them their holders have confirmed."""
    return kept(request, response, places_of(services, services.read_model.work(from_hex(work))))


def places_of(services: Services, row: WorkRow) -> Places:
    """In the token that the work is paid in: its terms' first, or the service's own."""
    token, statuses = token_of(row, services.token), statuses_of(services.read_model, [row], services.token)
    signed = signed_places(Documents(services.published), row)
    leaves = row.split.leaves if row.split else ()
    places = [
        Place(
            place=leaf.index,
            holder=leaf.holder,
            share=leaf.share,
            status=statuses[row.work_id, leaf.index].value,
            signed=leaf.index in signed,
        )
        for leaf in leaves
    ]
    account = account_id(row.work_id, row.split_root, token)
    return Places(token=token, account=to_hex(account), split_root=to_hex(row.split_root), places=places)


def signed_places(documents: Documents, row: WorkRow) -> set[int]:
    """Places of the present split of which the work's document has a confirmation. Signatures are not checked."""
    found = documents.work(row.metadata)
    return set(found.confirmations) if found and found.split.root == row.split_root else set()


def token_of(row: WorkRow, default: str) -> str:
    return row.terms.prices[0].token if row.terms.prices else default


def statuses_of(read_model: ReadModel, rows: Sequence[WorkRow], default: str) -> dict[tuple[bytes, int], PlaceStatus]:
    """The state of every place of the works' present splits, by work and index."""
    accounts = {row.work_id: account_id(row.work_id, row.split_root, token_of(row, default)) for row in rows}
    known = read_model.places(list(accounts.values()))
    return {
        (row.work_id, leaf.index): known.get((accounts[row.work_id], leaf.index), PlaceStatus.UNCONFIRMED)
        for row in rows
        if row.split
        for leaf in row.split.leaves
    }
