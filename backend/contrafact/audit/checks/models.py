"""Is a model the one that it says it is: its weights, the rule of its pool, and nobody's copy?"""

from __future__ import annotations

from contrafact.audit.checks.works import publisher
from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes, Severity
from contrafact.audit.results import Done, Skipped
from contrafact.domain.models import Model

NOT_REGISTERED = "Events are about the model, and none registers it."


def registered(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    yield judge.that("model.registered", model.model_id in evidence.chain.model, NOT_REGISTERED)


def unregistered(evidence: Evidence, model_id: bytes, judge: Judge) -> Outcomes:
    """A model that is told of, but by no registration."""
    yield judge.that("model.registered", model_id in evidence.chain.model, NOT_REGISTERED)


def once(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    """Of models with the same weights the first is the original.

    Who sells a copy with another manifest, pool or rate pays the base share to others than the original's works. That
    is an error where an order used the copy; for the rest a warning is all that can be said.
    """
    same = [other for other in evidence.chain.models if other.weights == model.weights]
    diverts = _paid(model) != _paid(same[0])
    severity = publisher(evidence, model.model_id, judge).severity if diverts else Severity.WARNING
    message = "The same weights are registered more than once."
    if diverts:
        message = "The weights of another model are registered again, with another manifest, pool or rate."
    models = [other.model_id for other in same]
    yield judge.that("model.once", len(same) == 1, message, severity=severity, models=models)


def _paid(model: Model) -> tuple[object, ...]:
    """All that says how much base costs, and whose it is."""
    rates = {token.lower(): rate for token, rate in model.rates.items()}
    return model.manifest, model.pool_split_root, rates


def weights(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    """A file that nobody publishes cannot be checked by anyone; replays say whether notes are of the model."""
    found = evidence.catalogue.weights.get(model.weights, Skipped("Nobody looked for the model's weights."))
    if isinstance(found, Skipped):
        yield judge.excused("model.weights", found.reason)
    else:
        message = "The published weights are not those that are registered."
        yield publisher(evidence, model.model_id, judge).had("model.weights", found, message)


def rule(evidence: Evidence, model: Model, judge: Judge) -> Outcomes:
    """Who reads the description believes its rule; epochs are judged by the registered one."""
    described = evidence.catalogue.models.get(model.metadata)
    registered = evidence.chain.registered.pool_rules.get(model.model_id)
    if not isinstance(described, Done) or registered is None:
        yield judge.skip("model.rule", "The model's description cannot be had, or its pool's rule is not on the chain.")
        return
    message = "The model's description states another rule for its training pool than is registered."
    yield publisher(evidence, model.model_id, judge).equal("model.rule", described.value.pool, registered, message)
