"""Models that learnt from works without consent, as nobody registers them by the tools."""

from __future__ import annotations

from typing import Any

from contrafact import registration
from contrafact.consent import read_manifest
from contrafact.domain.digests import sha256
from contrafact.domain.licences import licence_hash
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import Model
from contrafact.domain.terms import Terms
from contrafact.domain.works import WorkMetadata

from .scene import BASE_RATE, LICENSOR, MAKER, OPERATOR, SPLIT, PoolScene


def single(scene: PoolScene, name: bytes, *versions: Terms) -> Leaf:
    """A work that is registered singly, with these terms one after the other; its leaf under the first of them."""
    metadata = WorkMetadata(
        name.decode(), name.decode(), "Airs", (), "text/vnd.abc", sha256(name), sha256(name + b"'s form"), SPLIT
    )
    for data in (name, name + b"'s form", metadata.to_bytes()):
        scene.site.store.put(data)
    writer = scene.site.writer(LICENSOR)
    work_id, _ = writer.register_work(metadata)
    for terms in versions:
        writer.set_terms(work_id, SPLIT.root, terms)
    return Leaf(LICENSOR.address, metadata.content, licence_hash(SPLIT.root, versions[0].to_words()))


def forced(scene: PoolScene, *strays: Leaf, by: Any = OPERATOR) -> Model:
    """A model that also learnt from these works, registered by the contract itself, which asks for no consent."""
    honest = read_manifest(scene.model, scene.site.store)
    manifest = Manifest.of([*honest.leaves, *strays])
    metadata = scene._described(manifest, sha256(b"learnt too much"), scene.reader.pool_rules()[scene.model.model_id])
    writer, rates = scene.site.writer(by), {scene.token: BASE_RATE}
    model_id = registration.register_model(metadata, manifest, rates, scene.site.store, writer)
    return next(model for model in scene.site.reader.models() if model.model_id == model_id)


def asked_without_the_tools(scene: PoolScene, model: Model, leaf: Leaf) -> None:
    desk = scene.connection.contract("DisputeDesk", scene.site.deployment.contracts["DisputeDesk"])
    proof = list(read_manifest(model, scene.site.store).proof(leaf))
    ask = desk.functions.questionConsent(model.model_id, leaf.to_abi(), proof)
    scene.connection.send(ask, MAKER, scene.connection.call(desk.functions.MIN_BOND()))
