"""The audit of epochs, against registrants who close what does not follow, and ledgers that lie.

A dishonest registrant closes through the real contracts: they take any root and any digest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contrafact.audit import Finding, Report, audit
from contrafact.audit.rules import RULES as PUBLISHED_RULES
from contrafact.domain.digests import cid, sha256
from contrafact.domain.epoch_tree import EpochTree
from contrafact.domain.epochs import EpochRecord, shared_out
from contrafact.domain.pool_history import PoolHistory
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.pot import Credit, Kind
from contrafact.pooling import Sharing, claimable
from contrafact.wiring.audited_ledger import ChainToAudit
from contrafact.wiring.pools import sharing
from tests.contracts.amounts import Amounts, Place

from .conftest import HOLDERS
from .scene import MAKER, PoolScene

RULES = ("pool.epoch", "pool.split", "pool.root", "pool.claims", "pool.balance")


def audited(scene: PoolScene, ledger: ChainToAudit | None = None) -> Report:
    return audit(ledger or ChainToAudit(scene.connection, scene.site.deployment), scene.site.store)


def pool_findings(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.check in RULES]


def broken(report: Report) -> set[str]:
    return {finding.check for finding in pool_findings(report)}


@dataclass(frozen=True)
class Closing:
    """What a registrant is about to close: the honest record, and what it followed from."""

    scene: PoolScene
    record: EpochRecord

    def shared(self, works: slice = slice(None), **changes: object) -> EpochRecord:
        """The record over some of the works, or with other credits or rules."""
        given = {
            "key": self.record.key,
            "rule": self.record.rule,
            "applied": self.record.applied,
            "manifest": self.record.manifest,
            "credits": self.record.credits,
            "works": sharing(self.scene.site).works_of(self.scene.model)[works],
        }
        return shared_out(**(given | changes))  # type: ignore[arg-type]

    def close(self, record: EpochRecord, root: bytes | None = None, publish: bool = True) -> None:
        """Closes with the record, published or not, and with its root or another."""
        data = record.to_bytes()
        if publish:
            self.scene.site.store.put(data)
        total = self.record.total
        self.scene.writer().close_epoch(self.scene.pot, root or record.tree.root, total, sha256(data))


@pytest.fixture
def closing(scene: PoolScene) -> Closing:
    """Two orders are collected and nothing is closed."""
    scene.earn(100_001, 250_000)
    scene.writer().collect(scene.pot)
    credits = scene.reader.pool_history().in_pot(scene.pot)
    key = scene.closer()._key(scene.model, scene.token, 1)
    record = Sharing(scene.site.store, sharing(scene.site).works_of).share(key, scene.model, PoolRule(), credits).record
    return Closing(scene, record)


def leaves(record: EpochRecord, amounts: Sequence[tuple[str, int]]) -> EpochRecord:
    return replace(record, tree=EpochTree.of(amounts))


def moved(record: EpochRecord) -> EpochRecord:
    """A unit of the first holder goes to the second."""
    first, second, *rest = [(leaf.holder, leaf.amount) for leaf in record.tree.leaves]
    return leaves(record, [(first[0], first[1] - 1), (second[0], second[1] + 1), *rest])


def doubled(record: EpochRecord) -> EpochRecord:
    """The first holder stands there twice, at the cost of the last."""
    rows = [(leaf.holder, leaf.amount) for leaf in record.tree.leaves]
    return leaves(record, [*rows[:-1], (rows[-1][0], rows[-1][1] - 5), (rows[0][0], 5)])


def order_left_out(record: EpochRecord) -> EpochRecord:
    """The second order is not named; its money is said to be the first one's."""
    first = record.credits[0]
    return replace(record, credits=(replace(first, amount=record.total),))


def honest(closing: Closing) -> None:
    closing.close(closing.record)


# Each: what the registrant closes, and which checks find it.
LIES: dict[str, tuple[Callable[[Closing], None], set[str]]] = {
    "a root that nothing leads to": (lambda c: c.close(c.record, root=sha256(b"root")), {"pool.root"}),
    "a work left out": (lambda c: c.close(c.shared(works=slice(0, -1))), {"pool.split"}),
    "a work's family changed": (
        lambda c: c.close(replace(c.record, works=(replace(c.record.works[0], family=b"f" * 32), *c.record.works[1:]))),
        {"pool.split"},
    ),
    "a unit from one holder to another": (lambda c: c.close(moved(c.record)), {"pool.split"}),
    "a holder twice": (lambda c: c.close(doubled(c.record)), {"pool.root", "pool.split"}),
    "an order left out": (lambda c: c.close(order_left_out(c.record)), {"pool.epoch"}),
    "another order's amount": (
        lambda c: c.close(replace(c.record, credits=(c.record.credits[1], c.record.credits[0]))),
        {"pool.epoch"},
    ),
    "a gift that nobody gave": (
        lambda c: c.close(c.shared(credits=[Credit(Kind.OTHER, bytes(32), c.record.total)])),
        {"pool.epoch"},
    ),
    "less than the total": (
        lambda c: c.close(c.shared(credits=c.record.credits[:1])),
        {"pool.epoch", "pool.split", "pool.root"},
    ),
    "another cap than the model's": (
        lambda c: c.close(c.shared(rule=PoolRule(owner_cap=340_000))),
        {"pool.split"},
    ),
    "another manifest": (lambda c: c.close(replace(c.record, manifest=sha256(b"m"))), {"pool.split"}),
    "another epoch's record": (
        lambda c: c.close(replace(c.record, key=replace(c.record.key, number=7))),
        {"pool.epoch"},
    ),
    "a record that nobody can have": (lambda c: c.close(replace(c.record, total=5), publish=False), {"pool.epoch"}),
    "a root with one index twice": (lambda c: c.close(c.record, root=_index_twice(c.record)), {"pool.root"}),
}


def _index_twice(record: EpochRecord) -> bytes:
    places = [Place(leaf.index or 1, leaf.holder, leaf.amount) for leaf in record.tree.leaves]
    return Amounts(tuple(places)).root


def test_an_honest_epoch_is_in_order(closing: Closing) -> None:
    honest(closing)
    report = audited(closing.scene)
    assert pool_findings(report) == []
    assert all(report.tallies[rule].done for rule in RULES)
    assert not any(report.tallies[rule].not_checked for rule in RULES)


def test_claims_and_carries_are_in_order(closing: Closing) -> None:
    scene = closing.scene
    honest(closing)
    for holder in HOLDERS[:2]:
        scene.writer(MAKER).claim_epochs([part.claim for part in claimable(scene.reader, scene.site.store, holder)])
    scene.pass_until(scene.reader.epoch(*scene.pot, 1).open_until)
    scene.writer(MAKER).carry(scene.pot, 1)
    assert pool_findings(audited(scene)) == []
    scene.earn(30_000)
    scene.close()
    assert pool_findings(audited(scene)) == []


def test_money_on_its_way_is_in_order(closing: Closing) -> None:
    """Somebody has the escrow send what the pool's place is due; nobody has collected it yet."""
    scene = closing.scene
    honest(closing)
    scene.earn(30_000)
    place = scene.reader.pool_claim(scene.model.model_id, scene.token)
    scene.site.writer(MAKER).claim(place)
    assert pool_findings(audited(scene)) == []


@pytest.mark.parametrize("lie", LIES)
def test_what_a_dishonest_registrant_closes_is_found(closing: Closing, lie: str) -> None:
    tamper, expected = LIES[lie]
    tamper(closing)
    report = audited(closing.scene)
    assert broken(report) == expected
    assert all(finding.severity == "error" for finding in pool_findings(report))


def test_a_wrong_division_says_what_the_holders_lose(closing: Closing) -> None:
    closing.close(moved(closing.record))
    (finding,) = pool_findings(audited(closing.scene))
    assert finding.loss is not None
    assert (finding.loss.token, finding.loss.amount) == (closing.scene.token, 1)


def test_what_cannot_be_had_is_not_called_checked(closing: Closing) -> None:
    """Without the manifest's document nobody can divide again: a finding, since the registrant must publish it."""
    honest(closing)
    scene = closing.scene
    address = cid(scene.model.metadata)
    (file,) = (path for path in (scene.folder / "store").rglob("*") if path.name.startswith(address))
    data = file.read_bytes()
    file.unlink()
    try:
        assert broken(audited(scene)) == {"pool.split"}
    finally:
        file.write_bytes(data)


def test_every_rule_of_epochs_is_tested_here() -> None:
    assert {rule for rule in PUBLISHED_RULES if rule.startswith("pool.")} == set(RULES)


# Ledgers that lie


class LyingLedger(ChainToAudit):
    """Tells another history of the pool than the chain has."""

    lie: Callable[[PoolHistory], PoolHistory] = staticmethod(lambda history: history)  # type: ignore[assignment]

    def pool_history(self) -> PoolHistory:
        return type(self).lie(super().pool_history())


def told(scene: PoolScene, lie: Callable[[PoolHistory], PoolHistory]) -> set[str]:
    """What an audit finds when the ledger tells it that."""
    kind = type("Liar", (LyingLedger,), {"lie": staticmethod(lie)})
    return broken(audited(scene, kind(scene.connection, scene.site.deployment)))


@pytest.fixture
def claimed(closing: Closing) -> PoolScene:
    honest(closing)
    scene = closing.scene
    for holder in HOLDERS:
        scene.writer(MAKER).claim_epochs([part.claim for part in claimable(scene.reader, scene.site.store, holder)])
    return scene


def test_a_claim_that_is_told_twice_or_not_at_all_is_found(claimed: PoolScene) -> None:
    assert told(claimed, lambda h: replace(h, claimed=(*h.claimed, h.claimed[0]))) == {"pool.claims"}
    assert told(claimed, lambda h: replace(h, claimed=h.claimed[1:])) == {"pool.claims"}


def test_a_claim_of_another_amount_or_by_another_holder_is_found(claimed: PoolScene) -> None:
    def other(history: PoolHistory, **changes: object) -> PoolHistory:
        first, *rest = history.claimed
        return replace(history, claimed=(replace(first, **changes), *rest))  # type: ignore[arg-type]

    assert told(claimed, lambda h: other(h, amount=h.claimed[0].amount + 1)) == {"pool.claims"}
    assert told(claimed, lambda h: other(h, holder=MAKER.address)) == {"pool.claims"}


def test_a_pot_that_is_not_what_came_in_is_found(claimed: PoolScene) -> None:
    def more(history: PoolHistory) -> PoolHistory:
        (entry,) = history.entries
        return replace(history, entries=(replace(entry, entry=replace(entry.entry, amount=entry.entry.amount + 9)),))

    assert "pool.balance" in told(claimed, more)


def test_an_epoch_that_is_not_what_the_contract_stores_is_found(claimed: PoolScene) -> None:
    def other_root(history: PoolHistory) -> PoolHistory:
        return replace(history, closed=(replace(history.closed[0], root=sha256(b"r")),))

    assert "pool.root" in told(claimed, other_root)


def test_a_contract_that_holds_too_little_is_found(claimed: PoolScene) -> None:
    class Poor(ChainToAudit):
        def balance(self, holder: str, token: str = "") -> int:
            taken = 1 if holder == self.pool_address else 0
            return super().balance(holder, token) + 1 - 2 * taken

    scene = claimed
    scene.earn(5)
    scene.writer().collect(scene.pot)
    report = audited(scene, Poor(scene.connection, scene.site.deployment))
    (finding,) = pool_findings(report)
    assert (finding.check, finding.loss and finding.loss.amount) == ("pool.balance", 1)


# Influence


def evaluation(weights: bytes, low: float) -> bytes:
    interval = f'"catalogues": {{"correlation": 0.4, "low": {low}, "high": 0.6}}'
    return f'{{"schema": "contrafact/training-evaluation/1", "model": "{weights.hex()}", {interval}}}'.encode()


def influence(scene: PoolScene, order: bytes) -> dict[bytes, int]:
    """Made-up scores: each work by its content and the order."""
    contents = [work.content for work in sharing(scene.site).works_of(scene.model)]
    return {content: sha256(content + order)[0] for content in contents}


def test_an_epoch_by_influence_is_in_order_and_its_scores_are_public(scene: PoolScene, tmp_path: Path) -> None:
    document = evaluation(sha256(b"measured"), 0.1)
    scene.site.store.put(document)
    rule = PoolRule(Rule.INFLUENCE, 450_000, sha256(document))
    model = scene.registered(rule, sha256(b"measured"))
    scene.earn(100_000, 50_000, model=model)
    closer = scene.closer(influence_of=lambda order: influence(scene, order))
    record = closer.close(model, scene.token).record
    assert (record.applied, record.rule) == (Rule.INFLUENCE, rule)
    assert record.scores is not None
    report = audited(scene)
    assert pool_findings(report) == []
    scores = (scene.folder / "store").rglob(f"{cid(record.scores)}*")
    next(scores).unlink()
    assert broken(audited(scene)) == {"pool.split"}


def test_influence_that_was_not_licensed_is_equal_for_closer_and_auditor(scene: PoolScene) -> None:
    document = evaluation(sha256(b"a proxy"), 0.1)
    scene.site.store.put(document)
    model = scene.registered(PoolRule(Rule.INFLUENCE, 1_000_000, sha256(document)), sha256(b"this one"))
    scene.earn(100_000, model=model)
    closed = scene.closer().close(model, scene.token)
    assert closed.record.applied is Rule.EQUAL
    assert "not on this one" in closed.reason
    assert pool_findings(audited(scene)) == []


def test_an_equal_division_where_influence_is_in_force_is_found(scene: PoolScene) -> None:
    document = evaluation(sha256(b"licensed"), 0.1)
    rule = PoolRule(Rule.INFLUENCE, 1_000_000, sha256(document))
    model = scene.registered(rule, sha256(b"licensed"))
    scene.earn(100_000, model=model)
    scene.closer().close(model, scene.token)  # while the evaluation is not published
    scene.site.store.put(document)
    assert broken(audited(scene)) == {"pool.split"}
