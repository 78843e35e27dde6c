"""Had each model the consent of those whose works it learnt from?

Judged by the licences at the block of its registration, which are in the events and in the collections' documents. A
model that no order used, with works that nobody let it learn from, is a warning: anybody can register one.
"""

from __future__ import annotations

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
        if reason := _without_consent(evidence, model, leaf):
            refused += 1
            message = f"The model learnt from the work {to_hex(leaf.content)} without consent: {reason}."
            yield judge.that("model.consent", False, message, registrant=leaf.registrant, content=leaf.content)
        unknown += not _list_known(evidence, model, leaf)
    if unknown:
        yield judge.skip("model.consent", f"Whether the lists of {unknown} training works hold the model is not known.")
    if not refused:
        yield judge.that("model.consent", True, "")


def _without_consent(evidence: Evidence, model: Model, leaf: Leaf) -> str:
    """Why the model might not learn from the leaf's work; empty where it might, before or after its block."""
    licences, reasons = evidence.licences, []
    for block in (model.block, model.block - 1):
        licence = licences.at(leaf.registrant, leaf.content, block)
        if not (reason := _refusal(evidence, model, leaf, licence)):
            return ""
        reasons.append(reason)
    return reasons[0]


def _refusal(evidence: Evidence, model: Model, leaf: Leaf, licence: Licence | None) -> str:
    if licence is None:
        return "it was neither registered nor in an anchored collection whose document is published"
    if licence.leaf.licence != leaf.licence:
        return "the licence that the list names was not in force"
    try:
        _without_unknown_list(licence).require_training(
            evidence.chain.times[model.block], model.registrant, model.model_id
        )
    except NotPermitted as error:
        return error.message.rstrip(".")
    return ""


def _list_known(evidence: Evidence, model: Model, leaf: Leaf) -> bool:
    """Whether the licence lists nobody, or is known to list whom: the chain keeps only the root of a list."""
    licence = evidence.licences.at(leaf.registrant, leaf.content, model.block)
    return licence is None or licence.terms is None or licence.terms.allow.known


def _without_unknown_list(licence: Licence) -> Licence:
    if licence.terms is None or licence.terms.allow.known:
        return licence
    return replace(licence, terms=replace(licence.terms, allow=EVERYBODY))
