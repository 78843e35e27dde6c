"""Training works: the works that a model learnt from, with what pays them."""

from __future__ import annotations

from dataclasses import dataclass

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
