"""The training pool's tools, put together from the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contrafact.consent import payable_works
from contrafact.contents import record_document
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.models import Model
from contrafact.domain.pool_rule import PoolRule, Rule, require_licence
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import InvalidInput, NotFound
from contrafact.influencing import influences, payable
from contrafact.ledger.pool_reader import PoolReader
from contrafact.ledger.pool_writer import PoolWriter
from contrafact.ledger.signer import Signer
from contrafact.pooling import EpochCloser, Sharing
from contrafact.pooling.closing import OnStep
from contrafact.pooling.ports import InfluenceOf
from contrafact.wiring.site import Site


def pool_reader(site: Site) -> PoolReader:
    """The site's chain, with its training pool."""
    return PoolReader(site.connection, site.deployment)


def pool_writer(site: Site, account: Signer) -> PoolWriter:
    """What sends the account's transactions; see `Site.sending`."""
    return site.sending(PoolWriter, account)


def sharing(site: Site) -> Sharing:
    """How epochs are shared on this site."""

    def works_of(model: Model) -> Sequence[TrainingWork]:
        return payable_works(site.reader, site.store, model)

    return Sharing(site.store, works_of, influence_on(site))


def influence_on(site: Site) -> InfluenceOf:
    """Scores of the installed model's training works for an order that was delivered.

    They raise NotFound or StoreError where the order's record cannot be had or no model is installed, and ReplayError
    where another model made the piece.
    """

    def influence_of(order_id: bytes) -> Mapping[bytes, int]:
        committed = next(iter(site.reader.committed(order_id)), None)
        if committed is None:
            raise NotFound(f"Order {to_hex(order_id)} was not delivered.", "Scores are of what was recorded.")
        record = record_document(site.store, committed.commit.record_digest)
        return payable(influences(record, site.store, site.influence).training_works)

    return influence_of


def epoch_closer(site: Site, account: Signer, on_step: OnStep = lambda step: None) -> EpochCloser:
    """What closes epochs of the models that the account registered."""
    parts = (pool_reader(site), pool_writer(site, account), site.store, sharing(site), site.settings.home)
    return EpochCloser(*parts, on_step)


def licensed_rule(site: Site, rule: Rule, owner_cap: int, evaluation: bytes | None) -> PoolRule:
    """The rule that the packaged model is to be registered with; publishes the evaluation that licenses `influence`.

    Raises NotPermitted where it does not, for this model, and InvalidInput where there is none, or one that `equal`
    has no use for.
    """
    if rule is Rule.EQUAL and evaluation is not None:
        text = "The rule `equal` needs no evaluation: what was named would not be registered."
        raise InvalidInput(text, "Leave --pool-evidence out, or add --pool-rule influence.")
    if rule is Rule.EQUAL:
        return PoolRule(rule, owner_cap)
    made = PoolRule(rule, owner_cap, sha256(evaluation) if evaluation else bytes(32))
    require_licence(made, site.generator.model_digest, evaluation)
    if evaluation:
        site.store.put(evaluation)
    return made
