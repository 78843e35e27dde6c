"""How an amount is shared among training works, and how much of it one owner may have.

`equal`: equally among the tune families. A family's part goes equally to the owners who hold works of it, an owner's
part equally to these works. So further copies and variants of a tune that an owner holds already earn it nothing,
neither from other families nor from the others of its family.

`influence`: a work counts by its score. An owner counts in a family by its best score there, a family by its best
score, and each divides in proportion: family among owners, owner among works. With one score for all, that is `equal`.

Amounts here are in grains, a fine part of a token's unit, so that rounding happens once, when holders are paid.
Every division is by largest remainder and leaves nothing over: ties go to the lower family, then the lower address,
then the lower work id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import InvalidInput

GRAINS = 10**12
"""Grains in one unit of a token."""

Parts = dict[bytes, int]
"""Grains by work id."""


@dataclass(frozen=True, slots=True)
class Families:
    """Training works by tune family and owner: for each family, for each of its owners, the works (as indices)."""

    works: tuple[TrainingWork, ...]
    groups: tuple[tuple[tuple[int, ...], ...], ...]

    @classmethod
    def of(cls, works: Sequence[TrainingWork]) -> Families:
        """The works in their order: by family, owner and work id. Raises InvalidInput for none, or a work twice."""
        if not works:
            raise InvalidInput("There are no training works to share among.", "A manifest names at least one.")
        if len({work.work_id for work in works}) < len(works):
            raise InvalidInput("A training work is named twice.", "A manifest names each of its works once.")
        ordered = tuple(sorted(works, key=lambda work: (work.family, work.owner.lower(), work.work_id)))
        groups: dict[bytes, dict[str, list[int]]] = {}
        for i, work in enumerate(ordered):
            groups.setdefault(work.family, {}).setdefault(work.owner.lower(), []).append(i)
        return cls(ordered, tuple(tuple(map(tuple, owners.values())) for owners in groups.values()))

    def equally(self, grains: int) -> list[int]:
        """`grains` divided as under `equal`: for each work its part."""
        return self.divided(grains, [1] * len(self.works))

    def divided(self, grains: int, scores: Sequence[int]) -> list[int]:
        """`grains` divided by the works' scores: for each work its part; they sum to `grains`.

        Raises InvalidInput unless there is a non-negative score for each work, and one of them is above zero.
        """
        if len(scores) != len(self.works) or min(scores) < 0 or not any(scores):
            raise InvalidInput("Scores need to be one for each work, none negative, and at least one above zero.")
        parts = [0] * len(scores)
        best = [max(scores[i] for owner in family for i in owner) for family in self.groups]
        for family, amount in zip(self.groups, largest_remainder(best, grains), strict=True):
            _divide_family(family, amount, scores, parts)
        return parts


def scores_of(works: Sequence[TrainingWork], scores: Mapping[bytes, int]) -> list[int]:
    """The score of each work, by its content digest; 0 for one that is not named.

    Raises InvalidInput for a negative score, for content that no work has, and where none is above zero.
    """
    if unknown := scores.keys() - {work.content for work in works}:
        raise InvalidInput(f"{len(unknown)} scores are of content that is not in the manifest.")
    found = [scores.get(work.content, 0) for work in works]
    if min(found) < 0 or not any(found):
        raise InvalidInput("No score is above zero, or one is negative.")
    return found


def capped(works: Sequence[TrainingWork], parts: Sequence[int], cap: int) -> list[int]:
    """The works' parts after no owner has more than `cap` (ppm) of their sum, as far as that is possible.

    What an owner has too much goes to the others in proportion to what they had, until nobody has too much. Where
    those who have anything are too few for the cap, each of them has the same. An owner's part is divided among its
    works as before. The sum stays.
    """
    before: dict[str, int] = {}
    for work, part in zip(works, parts, strict=True):
        before[work.owner.lower()] = before.get(work.owner.lower(), 0) + part
    paid = sorted(owner for owner, part in before.items() if part)
    after = dict(zip(paid, _levelled([before[owner] for owner in paid], cap), strict=True))
    found = list(parts)
    for owner in (owner for owner in paid if after[owner] != before[owner]):
        mine = [i for i, work in enumerate(works) if work.owner.lower() == owner]
        for i, part in zip(mine, largest_remainder([parts[i] for i in mine], after[owner]), strict=True):
            found[i] = part
    return found


def _divide_family(family: tuple[tuple[int, ...], ...], amount: int, scores: Sequence[int], parts: list[int]) -> None:
    """Puts a family's amount into `parts`: to its owners by their best score, and of each to its works."""
    if not amount:
        return
    best = [max(scores[i] for i in owner) for owner in family]
    for owner, part in zip(family, _divided(best, amount), strict=True):
        if part:
            for i, own in zip(owner, _divided([scores[i] for i in owner], part), strict=True):
                parts[i] = own


def _divided(weights: list[int], amount: int) -> Sequence[int]:
    return (amount,) if len(weights) == 1 else largest_remainder(weights, amount)


def _levelled(parts: list[int], cap: int) -> Sequence[int]:
    """`parts`, all above zero, with none above `cap` ppm of the whole; see `capped`."""
    whole = sum(parts)
    limit = whole * cap // PPM
    if len(parts) * limit < whole:
        return largest_remainder([1] * len(parts), whole) if parts else parts
    full: set[int] = set()
    while True:
        free = [i for i in range(len(parts)) if i not in full]
        rest, had = whole - limit * len(full), sum(parts[i] for i in free)
        over = {i for i in free if parts[i] * rest > limit * had}
        if not over:
            break
        full |= over
    found = [limit] * len(parts)
    for i, part in zip(free, largest_remainder([parts[i] for i in free], rest) if free else (), strict=True):
        found[i] = part
    return found
