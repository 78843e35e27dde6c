"""Which models learnt from a work, proved by their manifests."""

from __future__ import annotations

from contrafact.domain.digests import to_hex
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import Model
from contrafact.read_model import WorkRow
from contrafact.web.reads.documents import Documents
from contrafact.web.reads.work_views import file_of
from contrafact.web.schemas.works import Learnt
from contrafact.web.services import Services


def learnt_by(services: Services, documents: Documents, row: WorkRow) -> tuple[list[Learnt], list[bytes]]:
    """The models whose manifests hold the work, and the ids of those whose manifests cannot be had."""
    found: list[Learnt] = []
    unknown: list[bytes] = []
    for model in (one.model for one in services.read_model.models()):
        manifest = documents.manifest(model)
        if manifest is None:
            unknown.append(model.model_id)
            continue
        leaves = (leaf for leaf in manifest.with_content(row.content) if _is_of(leaf, row, services))
        found += [_learnt(model, manifest, leaf) for leaf in leaves]
    return found, unknown


def _is_of(leaf: Leaf, row: WorkRow, services: Services) -> bool:
    """Whether the leaf's registrant is the work's: the id binds both."""
    return services.ledger.work_id_of(leaf.registrant, leaf.content) == row.work_id


def _learnt(model: Model, manifest: Manifest, leaf: Leaf) -> Learnt:
    return Learnt(
        model=to_hex(model.model_id),
        registrant=leaf.registrant,
        since_block=model.block,
        manifest=file_of(manifest.digest()),
        licence=f"0x{leaf.licence.hex()}",
        proof=[to_hex(step) for step in manifest.proof(leaf)],
    )
