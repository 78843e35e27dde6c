"""Which models learnt from a work, proved by their manifests."""

from __future__ import annotations

from contrafact.domain.digests import to_hex
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import Model
from contrafact.domain.registrations import Registry
from contrafact.read_model import WorkRow
from contrafact.web.documents import Documents
from contrafact.web.reads.work_views import file_of
from contrafact.web.schemas.works import Learnt
from contrafact.web.services import Services


def learnt_by(services: Services, documents: Documents, row: WorkRow) -> tuple[list[Learnt], list[bytes]]:
    """The models whose manifests hold the work, and the ids of those whose manifests cannot be had."""
    deployment, found = services.preparer.deployment, list[Learnt]()
    registry = Registry(deployment.chain_id, deployment.catalogue)
    unknown: list[bytes] = []
    for model in (one.model for one in services.read_model.models()):
        manifest = documents.manifest(model)
        if manifest is None:
            unknown.append(model.model_id)
            continue
        own = manifest.with_content(row.content)
        leaves = (leaf for leaf in own if registry.work_id(leaf.registrant, leaf.content) == row.work_id)
        found += [_learnt(model, manifest, leaf) for leaf in leaves]
    return found, unknown


def _learnt(model: Model, manifest: Manifest, leaf: Leaf) -> Learnt:
    return Learnt(
        model=to_hex(model.model_id),
        registrant=leaf.registrant,
        since_block=model.block,
        manifest=file_of(manifest.digest()),
        licence=f"0x{leaf.licence.hex()}",
        proof=[to_hex(step) for step in manifest.proof(leaf)],
    )
