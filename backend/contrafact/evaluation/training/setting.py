"""The whole setting of the study: works, queries, recipe, plan; what its files are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from torch import Tensor

from contrafact.evaluation.training import corpus
from contrafact.evaluation.training.corpus import Tune
from contrafact.evaluation.training.proxy import Recipe
from contrafact.evaluation.training.runs import Plan
from contrafact.music.model import stacked
from contrafact.music.tokens import Sequenced


@dataclass(frozen=True)
class Setting:
    """`each` training works and up to `unseen` unseen tunes of every catalogue, and `generated` pieces.

    Queries are the unseen tunes, then the pieces, then the training works themselves.
    """

    each: int = 32
    unseen: int = 8
    generated: int = 32
    recipe: Recipe = field(default_factory=Recipe)
    plan: Plan = field(default_factory=Plan)

    @cached_property
    def training(self) -> list[Tune]:
        return corpus.training_tunes(self.each)

    @cached_property
    def catalogues(self) -> list[int]:
        """The catalogue of each training work."""
        return [tune.catalogue for tune in self.training]

    @cached_property
    def queries(self) -> Sequence[Sequenced]:
        pieces = corpus.generated_pieces(self.generated)
        return [tune.example for tune in self.unseen_tunes] + pieces + [tune.example for tune in self.training]

    @cached_property
    def unseen_tunes(self) -> list[Tune]:
        return corpus.unseen_tunes(self.unseen)

    @cached_property
    def training_examples(self) -> Tensor:
        return stacked([tune.example for tune in self.training])

    @cached_property
    def query_examples(self) -> Tensor:
        return stacked(self.queries)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
