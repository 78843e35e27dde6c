"""Frauds of licensors and of models' registrants, alone or with an operator who does not care."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contrafact import registration
from contrafact.consent import read_manifest
from contrafact.domain.digests import sha256
from contrafact.domain.epoch_tree import EpochTree
from contrafact.domain.epochs import EpochKey, EpochRecord
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import Model
from contrafact.domain.orders import Source
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.prices import Use
from contrafact.domain.terms import Terms
from contrafact.ledger.pool_reader import PoolReader
from contrafact.ledger.pool_writer import PoolWriter
from contrafact.pooling import Sharing
from contrafact.wiring.pools import sharing
from tests.e2e.tampering import false_registrations as false
from tests.e2e.tampering.false_registrations import LIAR
from tests.e2e.tampering.stage import Scene, file_of
from tests.e2e.town import operator

from .founding import BASE_RATE
from .orders import anew, commit_of, fund, seal
from .plots import plot


@plot("form that does not follow from the file", "work.derived")
def form_that_does_not_follow(scene: Scene) -> bytes:
    work = false.source_form_of_another_tune(scene.stage, scene.site)
    return _used(scene, work)


@plot("copied registration", "work.once")
def copied_registration(scene: Scene) -> bytes:
    return _used(scene, false.content_of_somebody_else(scene.stage, scene.site))


@plot("one tune twice", "order.distinct")
def one_tune_twice(scene: Scene) -> bytes:
    """The liar's file is the second source's with a line appended: half of the tune's share is the liar's."""
    stage, site = scene.stage, scene.site
    content = false.put(site, false.varied(stage, site, 1, b"9"))
    metadata = false.mine(stage, 1, content=content)
    site.store.put(metadata.to_bytes())
    mine = false.register(site, metadata, stage.order.sources[1].form)
    terms = _priced(scene, mine)
    other = stage.quote.sources[1]
    price = terms.price(Use.PRIVATE, stage.quote.token)
    first = replace(other, weight=500_000, min_share=0)
    second = Source(mine.work_id, 2, metadata.split.root, 500_000, 0, price, terms.downstream)
    sources = tuple(sorted((first, second), key=lambda source: source.work_id))
    by_id = {other.work_id: stage.order.signed.terms[1], mine.work_id: terms}
    funded = fund(site, anew(stage.quote, sources=sources), [by_id[source.work_id] for source in sources])
    scene.commit(commit_of(funded))
    return funded.order_id


@plot("altered metadata", "work.metadata")
def altered_metadata(scene: Scene) -> bytes:
    """The store serves the description of a work with another title."""
    work_id = scene.stage.quote.sources[0].work_id
    (work,) = (work for work in scene.site.reader.works() if work.work_id == work_id)
    path = file_of(scene.site, work.metadata)
    path.write_bytes(path.read_bytes().replace(b'"title":"', b'"title":"My '))
    return work_id


@plot("holders that the split does not know", "work.split")
def holders_that_the_split_does_not_know(scene: Scene) -> bytes:
    stage, site = scene.stage, scene.site
    metadata = false.mine(stage, 2, content=false.put(site, false.varied(stage, site, 2, b"4")))
    shown = replace(metadata, split=stage.order.metadata[2].split)
    site.store.put(shown.to_bytes())
    work_id = false.register_raw(site, metadata, shown.to_bytes())
    return _used(scene, false.Registered(work_id, metadata, stage.order.sources[2].form))


@plot("protected file that is not what it says", "work.files")
def protected_file_that_is_not_what_it_says(scene: Scene) -> bytes:
    """What was sold as a tune opens to another one."""
    stage, site = scene.stage, scene.site
    content = false.varied(stage, site, 0, b"8")
    form = stage.order.sources[0].form + b" "
    sealed = seal(site, (content, form), instead=(false.varied(stage, site, 1, b"8"), stage.order.sources[1].form))
    metadata = replace(false.mine(stage, 0, content=sha256(content), source_form=sha256(form)), protection=sealed)
    site.store.put(metadata.to_bytes())
    return _used(scene, false.register(site, metadata, form))


@plot("unregistered training work", "model.consent")
def unregistered_training_work(scene: Scene) -> bytes:
    return model_with(scene, of_nobody())[0].model_id


@plot("training against the terms", "model.consent")
def training_against_the_terms(scene: Scene) -> bytes:
    """The manifest names the town's first work under the licence in force, which permits no training."""
    source, site = scene.stage.quote.sources[0], scene.site
    (work,) = (work for work in site.reader.works() if work.work_id == source.work_id)
    word = site.reader.licence_of(source.work_id, source.terms_version)
    licensor = site.reader.licensor_of(source.work_id)
    return model_with(scene, Leaf(licensor, work.content, (word >> 40).to_bytes(27)))[0].model_id


@plot("skewed epoch", "pool.split")
def skewed_epoch(scene: Scene) -> bytes:
    """The registrant gives itself half of what a training work's holder was due."""
    record = closing(scene)
    (first, amount), *rest = [(leaf.holder, leaf.amount) for leaf in record.tree.leaves]
    shares = [(first, amount - amount // 2), *rest, (operator().address, amount // 2)]
    skewed = replace(record, tree=EpochTree.of(shares))
    return close(scene, skewed, published(scene, skewed))


@plot("withheld epoch", "pool.epoch")
def withheld_epoch(scene: Scene) -> bytes:
    return close(scene, closing(scene), sha256(b"what nobody can have"))


def published(scene: Scene, record: EpochRecord) -> bytes:
    scene.site.store.put(record.to_bytes())
    return sha256(record.to_bytes())


def close(scene: Scene, record: EpochRecord, evidence: bytes) -> bytes:
    pot = (record.key.model_id, record.key.token)
    registrant(scene).close_epoch(pot, record.tree.root, record.total, evidence)
    return record.key.model_id


def _priced(scene: Scene, work: false.Registered) -> Terms:
    """The liar's work under the first source's terms."""
    terms = scene.stage.order.signed.terms[0]
    scene.site.writer(LIAR).set_terms(work.work_id, work.metadata.split.root, terms)
    return terms


def _used(scene: Scene, work: false.Registered) -> bytes:
    """An order of this work alone, so that money went to the liar."""
    terms, quote = _priced(scene, work), scene.stage.quote
    price = terms.price(Use.PRIVATE, quote.token)
    source = Source(work.work_id, 2, work.metadata.split.root, 1_000_000, 0, price, terms.downstream)
    funded = fund(scene.site, anew(quote, sources=(source,)), [terms])
    scene.commit(commit_of(funded))
    return work.work_id


def of_nobody() -> Leaf:
    """A work that nobody ever registered."""
    return Leaf(LIAR.address, sha256(b"nobody's"), bytes(27))


def model_with(scene: Scene, leaf: Leaf) -> tuple[Model, Manifest]:
    """A model that learnt from one work more than the town's; its first order is paid."""
    site, quote = scene.site, scene.stage.quote
    honest = next(model for model in site.reader.models() if model.model_id == quote.model_id)
    manifest = Manifest.of([*read_manifest(honest, site.store).leaves, leaf])
    metadata = replace(site.packaged_model(manifest, PoolRule()), weights=sha256(b"learnt too much"))
    rates = {quote.token: BASE_RATE}
    model_id = registration.register_model(metadata, manifest, rates, site.store, site.writer(operator()))
    scene.commit(commit_of(fund(site, anew(quote, model_id=model_id), scene.stage.order.signed.terms)))
    return next(model for model in site.reader.models() if model.model_id == model_id), manifest


def with_root(scene: Scene, root: bytes, terms: Terms) -> bytes:
    """A work of the liar's with this root for a split, whatever it is made of."""
    metadata = false.mine(scene.stage, 2, content=false.put(scene.site, false.varied(scene.stage, scene.site, 2, b"6")))
    scene.site.store.put(metadata.to_bytes())

    @dataclass(frozen=True)
    class Rooted:
        root: bytes

    forged = replace(metadata, split=Rooted(root))  # type: ignore[arg-type]
    work_id = false.register_raw(scene.site, forged, metadata.to_bytes())
    scene.site.writer(LIAR).set_terms(work_id, root, terms)
    return work_id


def closing(scene: Scene) -> EpochRecord:
    """What an honest registrant would close after one order, with the pool's money collected."""
    site, quote = scene.site, scene.stage.quote
    scene.deliver(scene.stage.honest)
    pot = (quote.model_id, quote.token)
    registrant(scene).collect(pot)
    reader = PoolReader(site.connection, site.deployment)
    (model,) = reader.models()
    key = EpochKey(site.deployment.chain_id, reader.pool_address, *pot, 1)
    credits = reader.pool_history().in_pot(pot)
    return Sharing(site.store, sharing(site).works_of).share(key, model, PoolRule(), credits).record


def registrant(scene: Scene) -> PoolWriter:
    return PoolWriter(scene.site.connection, scene.site.deployment, operator())
