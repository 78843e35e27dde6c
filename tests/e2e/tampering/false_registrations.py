"""Registrations that are not so: works without files, with others' tokens, of somebody else; models too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from contrafact.demo import world
from contrafact.domain.digests import sha256
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.wiring import Site

from .stage import Stage, file_of

LIAR = world.account(17)


@dataclass(frozen=True, slots=True)
class Registered:
    """A work as its registrant describes it, and the tokens it has the model read."""

    work_id: bytes
    metadata: WorkMetadata
    form: bytes


def mine(stage: Stage, index: int, **changes: object) -> WorkMetadata:
    """The description of the town's work `index`, with all royalties going to the liar."""
    return replace(stage.order.metadata[index], split=Split.of([(LIAR.address, 1_000_000)]), **changes)  # type: ignore[arg-type]


def register(site: Site, metadata: WorkMetadata, form: bytes) -> Registered:
    work_id, _ = site.writer(LIAR).register_work(metadata)
    return Registered(work_id, metadata, form)


# The lies, each about a work of its own. Content that nobody else registered is the town's with a line appended.


def metadata_unpublished(stage: Stage, site: Site) -> Registered:
    content = varied(stage, site, 0, b"1")
    return register(site, mine(stage, 0, content=put(site, content)), stage.order.sources[0].form)


def content_unpublished(stage: Stage, site: Site) -> Registered:
    metadata = mine(stage, 0, content=sha256(varied(stage, site, 0, b"2")))
    site.store.put(metadata.to_bytes())
    return register(site, metadata, stage.order.sources[0].form)


def source_form_of_another_tune(stage: Stage, site: Site) -> Registered:
    content = put(site, varied(stage, site, 0, b"3"))
    metadata = mine(stage, 0, content=content, source_form=stage.order.metadata[1].source_form)
    site.store.put(metadata.to_bytes())
    return register(site, metadata, stage.order.sources[1].form)


def content_of_somebody_else(stage: Stage, site: Site) -> Registered:
    metadata = mine(stage, 1)
    site.store.put(metadata.to_bytes())
    return register(site, metadata, stage.order.sources[1].form)


Lie = Callable[[Stage, Site], Registered]
LIES: tuple[Lie, ...] = (
    metadata_unpublished,
    content_unpublished,
    source_form_of_another_tune,
    content_of_somebody_else,
)


def put(site: Site, data: bytes) -> bytes:
    site.store.put(data)
    return sha256(data)


def varied(stage: Stage, site: Site, index: int, mark: bytes) -> bytes:
    """The file of a town's work with a comment at its end: other bytes, the same music."""
    return file_of(site, stage.order.metadata[index].content).read_bytes() + b"\n%" + mark


def register_raw(site: Site, metadata: WorkMetadata, document: bytes) -> bytes:
    """Registers the digests of `metadata`, but `document` in its place."""

    @dataclass(frozen=True)
    class Raw:
        content: bytes
        source_form: bytes
        split: Split
        recording_of: bytes | None = None

        def digest(self) -> bytes:
            return sha256(document)

    raw = Raw(metadata.content, metadata.source_form, metadata.split)
    return site.writer(LIAR).register_work(raw)[0]  # type: ignore[arg-type]


def false_model(stage: Stage, site: Site, weights: bytes, pool: bytes) -> bytes:
    """A model whose published metadata names other weights, or whose pool goes to the liar, registered straight."""
    honest = next(model for model in site.reader.models() if model.model_id == stage.quote.model_id)
    root = Split.of([(LIAR.address, 1_000_000)]).root if pool else honest.pool_split_root
    digests = (sha256(weights) if weights else honest.weights, honest.manifest, root, honest.metadata)
    catalogue = site.connection.contract("Catalogue", site.reader.catalogue)
    register = catalogue.functions.registerModel(*digests, 0, [(stage.quote.token, 1)], (0, 1_000_000, bytes(32)))
    site.connection.send(register, LIAR)
    return site.reader.model_id_of(LIAR.address, digests[0])
