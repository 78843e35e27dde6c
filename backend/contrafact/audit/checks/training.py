"""Had each model the consent of those whose works it learnt from?

Judged by the licences that count for it, as the contract judges them: in force when it was registered, or until less
than a day before. They are in the events and in the collections' documents. A model that no order used, with works that
nobody let it learn from, is a warning: anybody can register one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contrafact.audit.checks.works import publisher
from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.audit.results import Done
from contrafact.domain.allow_list import EVERYBODY
from contrafact.domain.digests import to_hex
from contrafact.domain.manifests import Leaf
from contrafact.domain.models import Model
from contrafact.domain.training_consent import Licence
from contrafact.errors import NotPermitted


def manifest(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    judge = publisher(evidence, model.model_id, judge)
    found, described = evidence.catalogue.manifests[model.metadata], evidence.catalogue.models[model.metadata]
    if not isinstance(described, Done):
        yield judge.skip("model.manifest", "The model's description, which names the list, cannot be had.")
        return
    yield judge.had("model.manifest", found, "The list of what the model learnt from cannot be had.")
    if isinstance(found, Done):
        message = "The published list of what the model learnt from is not the registered one."
        yield judge.equal("model.manifest", found.value.root, model.manifest, message)
        message = "The model's description names another number of training works than the list."
        yield judge.equal("model.manifest", described.value.training_works, len(found.value.leaves), message)


def consent(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    """One outcome for all works with consent, and one for each without."""
    judge = publisher(evidence, model.model_id, judge)
    found = evidence.catalogue.manifests[model.metadata]
    if not isinstance(found, Done):
        yield judge.skip("model.consent", "What the model learnt from is not published.")
        return
    refused, unknown = 0, 0
    for leaf in found.value.leaves:
        named, reason = _named(evidence, model, leaf)
        if reason := reason or _refusal(evidence, model, named):
            refused += 1
            message = f"The model learnt from the work {to_hex(leaf.content)} without consent: {reason}."
            yield judge.that("model.consent", False, message, registrant=leaf.registrant, content=leaf.content)
        unknown += bool(named) and not any(map(_list_known, named))
    if unknown:
        yield judge.skip("model.consent", f"Whether the lists of {unknown} training works hold the model is not known.")
    if not refused:
        yield judge.that("model.consent", True, "")


def _named(evidence: Evidence, model: Model, leaf: Leaf) -> tuple[list[Licence], str]:
    """The licences that count for the model and are the leaf's, or why there is none."""
    now, times = evidence.chain.times[model.block], evidence.chain.times
    counting = evidence.licences.counting(leaf.registrant, leaf.content, now, times)
    named = [licence for licence in counting if licence.leaf.licence == leaf.licence]
    if counting:
        return named, "" if named else "the licence that the list names was not in force"
    return [], "it was neither registered nor in an anchored collection whose document is published"


def _refusal(evidence: Evidence, model: Model, named: Sequence[Licence]) -> str:
    """Why none of these licences lets the model learn; empty where one does."""
    learner = (evidence.chain.times[model.block], model.registrant, model.model_id)
    reason = ""
    for licence in named:
        try:
            _without_unknown_list(licence).require_training(*learner)
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
