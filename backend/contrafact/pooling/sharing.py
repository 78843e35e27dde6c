"""How a model's epochs are shared: its rule, whether its evidence licenses that, its works, and scores of influence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.domain.digests import cid, to_hex
from contrafact.domain.epochs import EpochKey, EpochRecord, shared_out
from contrafact.domain.influence_scores import InfluenceScores
from contrafact.domain.models import Model
from contrafact.domain.pool_rule import PoolRule, Rule, RuleInForce, in_force
from contrafact.domain.pot import Credit, Kind
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import NotFound
from contrafact.pooling.ports import InfluenceOf, WorksOf
from contrafact.ports import ContentStore


@dataclass(frozen=True, slots=True)
class Shared:
    """A computed epoch, with the scores that decided, if any, and why the rule that was set is not in force, if so."""

    record: EpochRecord
    scores: InfluenceScores | None
    reason: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """`influence_of` is needed only for models whose rule is `influence`, and is."""

    store: ContentStore
    works_of: WorksOf
    influence_of: InfluenceOf | None = None

    def share(self, key: EpochKey, model: Model, rule: PoolRule, credits: Sequence[Credit]) -> Shared:
        """The epoch that follows from these credits of a model.

        Raises NotFound, StoreError or InvalidInput where the manifest or one of its works is not published as it was
        registered, and NotFound where scores are needed and nothing here measures influence.
        """
        works, applied = self.works_of(model), self.in_force(rule, model)
        scores = self._scores(model, works, credits) if applied.rule is Rule.INFLUENCE else None
        record = shared_out(key, rule, applied.rule, model.manifest, credits, works, scores)
        return Shared(record, scores, applied.reason)

    def in_force(self, rule: PoolRule, model: Model) -> RuleInForce:
        """The rule that counts, by the evaluation in the content store. Raises StoreError when that is out of reach."""
        if rule.rule is Rule.EQUAL:
            return in_force(rule, model.weights, None)
        try:
            evaluation = self.store.get(cid(rule.evidence))
        except NotFound:
            evaluation = None
        return in_force(rule, model.weights, evaluation)

    def _scores(self, model: Model, works: Sequence[TrainingWork], credits: Sequence[Credit]) -> InfluenceScores:
        if self.influence_of is None:
            text = f"The pool of model {to_hex(model.model_id)} goes by influence, and nothing here measures that."
            raise NotFound(text, "Run it where the model is installed: pip install 'contrafact[generation]'")
        orders = dict.fromkeys(credit.source for credit in credits if credit.kind is Kind.ORDER)
        contents = {work.content for work in works}  # a work that has nobody to pay has no score
        measured = {
            order: {content: score for content, score in self.influence_of(order).items() if content in contents}
            for order in orders
        }
        return InfluenceScores.of(model.weights, works, measured)
