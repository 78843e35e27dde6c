"""Had each model the consent of those whose works it learnt from?

Judged by the licences that count for it, as the contract judges them: in force when it was registered, or until less
than a day before. They are in the events and in the collections' documents. A model that no order used, with works that
nobody let it learn from, is a warning: anybody can register one.
"""

from __future__ import annotations

from contrafact.audit.checks.works import publisher
from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.audit.results import Done
from contrafact.domain.digests import to_hex
from contrafact.domain.model_consent import judged
from contrafact.domain.models import Model
from contrafact.domain.training_consent import Learner


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
    times = evidence.chain.times
    learner = Learner(model.model_id, model.registrant, model.block, times[model.block])
    refused, unknown = 0, 0
    for leaf in found.value.leaves:
        of = judged(leaf, evidence.licences, learner, times)
        if of.reason:
            refused += 1
            message = f"The model learnt from the work {to_hex(leaf.content)} without consent: {of.reason}."
            yield judge.that("model.consent", False, message, registrant=leaf.registrant, content=leaf.content)
        unknown += not of.list_known
    if unknown:
        yield judge.skip("model.consent", f"Whether the lists of {unknown} training works hold the model is not known.")
    if not refused:
        yield judge.that("model.consent", True, "")
