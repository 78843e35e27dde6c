"""Training works: what a model learnt from, with what pays for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.domain import families, source_tokens
from contrafact.domain.manifests import Leaf
from contrafact.domain.registrations import Registry
from contrafact.domain.splits import Split


@dataclass(frozen=True, slots=True)
class TrainingWork:
    """A work that a model learnt from, with what pays it.

    `split` is the one its consent named, `owner` who registered it. `family` is the content digest of the first work
    (by content digest) of its tune family within the manifest.
    """

    work_id: bytes
    owner: str
    content: bytes
    title: str
    family: bytes
    split: Split


@dataclass(frozen=True, slots=True)
class Described:
    """A leaf of a manifest with what its documents say: its title, its source form, and its rights split."""

    leaf: Leaf
    title: str
    form: bytes
    split: Split


def training_works(described: Sequence[Described], registry: Registry) -> tuple[TrainingWork, ...]:
    """The training works of a manifest, in its order, each in its tune family.

    Families are those of the manifest's own works: what nobody learnt from joins none of them.
    """
    family = families_of(described)
    return tuple(
        TrainingWork(
            work_id=registry.work_id(one.leaf.registrant, one.leaf.content),
            owner=one.leaf.registrant,
            content=one.leaf.content,
            title=one.title,
            family=family[one.leaf.content],
            split=one.split,
        )
        for one in described
    )


def families_of(described: Sequence[Described]) -> dict[bytes, bytes]:
    """The family of each content. Raises InvalidInput for a source form that is none."""
    marks = {one.leaf.content.hex(): families.marks(one.title, source_tokens.pitches(one.form)) for one in described}
    return {bytes.fromhex(name): bytes.fromhex(first) for name, first in families.families(marks).items()}
