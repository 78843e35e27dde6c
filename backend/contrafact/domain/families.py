"""Tune families: which tunes are variants of one another.

Folk tunes travel under many names and in many keys. Two tunes belong to one family if they share a mark: a run
of melodic intervals, whatever the key and rhythm, or a title. The pack is split by family, so that nothing
a model has learnt stands in the catalogue under another name, and a training pool counts a tune once, however
often it was registered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import pairwise

RUN = 16
# A run of fewer different intervals is a scale or an oscillation, which says nothing of kinship.
_LEAST_DISTINCT = 3
_NOT_A_NAME = ("", "chorale", "untitled")
_BESIDE_THE_NAME = re.compile(r"\(BWV.*\)|\s-+\s.*|--.*|\b(the|a|an)\b", re.IGNORECASE)


def families(marks: Mapping[str, Collection[Hashable]]) -> dict[str, str]:
    """The family of each tune (id → its marks): tunes that share a mark, transitively.

    A family is named after its first member in sorted order.
    """
    root = {name: name for name in marks}
    first_with: dict[Hashable, str] = {}
    for name in sorted(marks):
        for mark in marks[name]:
            _join(root, first_with.setdefault(mark, name), name)
    return {name: _find(root, name) for name in marks}


def marks(title: str, pitches: Sequence[int]) -> set[Hashable]:
    """By what a tune's variants are known: runs of its melody, and its title unless that says nothing."""
    runs, name = interval_runs(pitches), bare_title(title)
    return {*runs} if name in _NOT_A_NAME else {*runs, name}


def bare_title(title: str) -> str:
    """A title for comparison: lower case, without articles, catalogue numbers and the kind of dance."""
    return " ".join(re.findall(r"\w+", _BESIDE_THE_NAME.sub("", title.lower())))


def interval_runs(pitches: Sequence[int], run: int = RUN) -> set[tuple[int, ...]]:
    """All runs of `run` successive melodic intervals that say something: at least three different ones."""
    intervals = [after - before for before, after in pairwise(pitches)]
    runs = (tuple(intervals[start : start + run]) for start in range(len(intervals) - run + 1))
    return {piece for piece in runs if len(set(piece)) >= _LEAST_DISTINCT}


def _find(root: dict[str, str], name: str) -> str:
    while root[name] != name:
        root[name] = name = root[root[name]]
    return name


def _join(root: dict[str, str], one: str, other: str) -> None:
    low, high = sorted((_find(root, one), _find(root, other)))
    root[high] = low
