"""Calls to the catalogue about models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contrafact.domain.manifests import Leaf
from contrafact.domain.models import Model, ModelMetadata, pool_split
from contrafact.domain.pool_rule import Rule
from contrafact.domain.terms import Terms
from contrafact.ledger.calls.call import Call
from contrafact.ledger.contracts import Contracts


class ModelCalls:
    def __init__(self, contracts: Contracts) -> None:
        self._functions = contracts.catalogue.functions
        self._deployment = contracts.deployment

    def register(self, metadata: ModelMetadata, rates: Mapping[str, int], sunset: int = 0) -> Call:
        """Registers a model, whose pool the TrainingPool contract shares out; see `Writer.register_model`."""
        split, pool = pool_split(self._deployment.contracts["TrainingPool"]), metadata.pool
        digests = (metadata.weights, metadata.manifest, split.root, metadata.digest())
        terms = (list(Rule).index(pool.rule), pool.owner_cap, pool.evidence)
        return Call(self._functions.registerModel(*digests, sunset, list(rates.items()), terms))

    def enforce_sunset(
        self,
        model: Model,
        token: str,
        leaf: Leaf,
        version: int,
        split_root: bytes,
        terms: Terms,
        proof: Sequence[bytes],
    ) -> Call:
        """Ends a model's new orders at the second that the terms named under which it learnt from the leaf's work."""
        work = (leaf.registrant, leaf.content, version, split_root, list(terms.to_words()))
        enforce = self._functions.enforceSunset
        return Call(enforce(model.model_id, model.pool_split_root, token, work, list(proof)))
