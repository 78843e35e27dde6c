"""Had a model the consent of a training work? Judged by the licences that count for it, as the contract judges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contrafact.domain.allow_list import EVERYBODY
from contrafact.domain.manifests import Leaf
from contrafact.domain.training_consent import Learner, Licence, Licences
from contrafact.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of a leaf: `reason` why it is no consent, empty where it is one, as far as can be told.

    `list_known` is false where that depends on a list of operators or models of which the chain keeps only the root.
    """

    leaf: Leaf
    reason: str
    list_known: bool


def judged(leaf: Leaf, licences: Licences, learner: Learner, times: Mapping[int, int]) -> Judged:
    """Whether the leaf was a consent to a model that was registered at `learner.now`; `times` are blocks' seconds."""
    counting = licences.counting(leaf.registrant, leaf.content, learner.now, times)
    named = [licence for licence in counting if licence.leaf.licence == leaf.licence]
    reason = _missing(counting, named) or _refusal(named, learner)
    return Judged(leaf, reason, not named or any(map(_list_known, named)))


def _missing(counting: Sequence[Licence], named: Sequence[Licence]) -> str:
    if not counting:
        return "it was neither registered nor in an anchored collection whose document is published"
    return "" if named else "the licence that the list names was not in force"


def _refusal(named: Sequence[Licence], learner: Learner) -> str:
    """Why none of these licences lets the model learn; empty where one does."""
    reason = ""
    for licence in named:
        try:
            _without_unknown_list(licence).require_training(learner.now, learner.registrant, learner.model_id)
        except NotPermitted as error:
            reason = error.message.rstrip(".")
        else:
            return ""
    return reason


def _list_known(licence: Licence) -> bool:
    """Whether the licence lists nobody, or is known to list whom: the chain keeps only the root of a list."""
    return licence.terms is None or licence.terms.allow.known


def _without_unknown_list(licence: Licence) -> Licence:
    if licence.terms is None or licence.terms.allow.known:
        return licence
    return replace(licence, terms=replace(licence.terms, allow=EVERYBODY))
