"""An epoch at full size: all works that the packaged model learnt from, hundreds of orders and holders, every claim.

The works, their families and the contracts are the real ones. The orders are funded and committed through the contracts
with made-up base shares; no music is generated. Owners, holders, and (under `influence`) evaluation and scores are made
up, too: what is measured is the ledger.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

from eth_account import Account

from contrafact.audit import Finding, audit
from contrafact.domain.digests import cid, sha256
from contrafact.domain.epoch_tree import EpochClaim
from contrafact.domain.epochs import EpochRecord
from contrafact.domain.models import Model
from contrafact.domain.pool_rule import EVALUATION, PoolRule, Rule
from contrafact.domain.pool_shares import GRAINS
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy
from contrafact.ledger.pool_writer import gas_used
from contrafact.music.manifest import training_list
from contrafact.pooling import claimable
from contrafact.wiring.audited_ledger import ChainToAudit
from hardhat_free_devnet import Devnet

from .scene import MAKER, OWNERS, Learnt, PoolScene

CAP = 300_000  # ppm: below what the largest of four owners would have


@dataclass
class Figures:
    """What one epoch took: seconds by step, on the wall and of this process's CPU; gas; sizes; whether all is exact.

    The chain is in this process, so that `cpu` counts it, too, and nothing else that the machine does meanwhile.
    """

    rule: str
    orders: int
    works: int
    families: int
    owners: int
    holders: int
    total: int
    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    gas: dict[str, int] = field(default_factory=dict)
    record_bytes: int = 0
    scores_bytes: int = 0
    claims: int = 0
    left: int = 0
    exact: bool = False
    findings: list[Finding] = field(default_factory=list)


def measure(orders: int, holders: int, on_step: Callable[[str], None] = lambda step: None) -> list[Figures]:
    """One epoch by each rule on a development chain of this process."""
    with tempfile.TemporaryDirectory() as folder, Devnet(accounts=20) as node:
        found = scene(node.url, Path(folder), holders)
        measured = []
        for rule in Rule:
            on_step(f"{rule}: {orders} orders")
            measured.append(epoch(found, rule, orders, on_step))
        return measured


def scene(url: str, folder: Path, holders: int) -> PoolScene:
    """All training works, dealt to four owners of unequal size, and paid to so many holders; on the node at `url`."""
    connection = Connection.open(url, policy=Policy(confirmations=1, poll_seconds=0.01))
    return PoolScene(connection, folder, list(_learnt(holders)))


def epoch(found: PoolScene, rule: Rule, orders: int, on_step: Callable[[str], None]) -> Figures:
    """Orders earn, an epoch is closed and claimed by everybody, and an audit computes it again."""
    random = Random(f"{rule}")
    model = _model(found, rule)
    found.earn(*(random.randrange(1, 400_001) for _ in range(orders)), model=model)
    scores = dict(_scores(found, model, random)) if rule is Rule.INFLUENCE else {}
    watch = Stopwatch(on_step)
    closed = found.closer(influence_of=scores.__getitem__, on_step=watch.start).close(model, found.token)
    watch.stop()
    record = closed.record
    figures = _figures(record, rule)
    figures.seconds, figures.cpu = ({**by, "total": sum(by.values())} for by in (watch.seconds, watch.cpu))
    if record.scores is not None:
        figures.scores_bytes = len(found.site.store.get(cid(record.scores)))
    figures.gas["close"] = gas_used(found.connection, closed.transaction or "")
    watch = Stopwatch(on_step)
    watch.start("claims")
    _claim_all(found, record, figures)
    figures.left = found.reader.epoch(model.model_id, found.token, record.key.number).left
    watch.start("audit")
    report = audit(ChainToAudit(found.connection, found.site.deployment), found.site.store)
    watch.stop()
    figures.seconds |= {step: watch.seconds[step] for step in ("claims", "audit")}
    figures.cpu |= {step: watch.cpu[step] for step in ("claims", "audit")}
    figures.findings = [finding for finding in report.findings if finding.check.startswith("pool.")]
    figures.exact = _is_exact(record, figures) and bool(report.tallies["pool.split"].done)
    return figures


class Stopwatch:
    """Seconds by step, each step ending where the next begins: on the wall, and of this process's CPU."""

    def __init__(self, on_step: Callable[[str], None]) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self._on_step, self._step, self._since = on_step, "look", self._now()

    def start(self, step: str) -> None:
        self.stop()
        self._on_step(step)
        self._step = step

    def stop(self) -> None:
        now = self._now()
        self.seconds[self._step], self.cpu[self._step] = now[0] - self._since[0], now[1] - self._since[1]
        self._since = now

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()


def _learnt(holders: int) -> Iterator[Learnt]:
    random = Random("holders")
    people = [Account.from_key(sha256(b"holder %d" % i)).address for i in range(holders)]
    for i, tune in enumerate(training_list().tunes.values()):
        owner = min(random.randrange(8), len(OWNERS) - 1)  # the last has five parts of eight
        some = [people[i % holders], *random.sample(people, random.randrange(3))]
        parts = [PPM // len(some)] * len(some)
        parts[0] += PPM - sum(parts)
        yield tune, owner, Split.of(list(zip(some, parts, strict=True)))


def _model(found: PoolScene, rule: Rule) -> Model:
    """One with this rule; the evaluation that licenses influence is as made up as its weights."""
    weights = sha256(f"weights {rule}".encode())
    if rule is Rule.EQUAL:
        return found.registered(PoolRule(rule, CAP), weights)
    interval = '"catalogues": {"correlation": 0.4, "low": 0.1, "high": 0.6}'
    document = f'{{"schema": "{EVALUATION}", "model": "{weights.hex()}", {interval}}}'.encode()
    found.site.store.put(document)
    return found.registered(PoolRule(rule, CAP, sha256(document)), weights)


def _scores(found: PoolScene, model: Model, random: Random) -> Iterator[tuple[bytes, Mapping[bytes, int]]]:
    """For each order of the model scores of all works, many of them small."""
    contents = sorted(found.contents)
    earned = [event.earned for event in found.reader.pool_history().earned if event.pot[0] == model.model_id]
    for event in earned:
        yield event.source, {content: int(random.paretovariate(0.7) * 100) for content in contents}


def _figures(record: EpochRecord, rule: Rule) -> Figures:
    families, owners = {work.family for work in record.works}, {work.owner for work in record.works}
    counts = (len(record.credits), len(record.works), len(families), len(owners), len(record.tree.leaves))
    return Figures(rule.value, *counts, record.total, record_bytes=len(record.to_bytes()))


def _claim_all(found: PoolScene, record: EpochRecord, figures: Figures) -> None:
    """Every holder is paid by a transaction of its own, and has exactly its leaf more than before."""
    writer, key, used = found.writer(MAKER), record.key, []
    for leaf in record.tree.leaves:
        before = found.reader.balance(leaf.holder, found.token)
        claim = EpochClaim(key.model_id, key.token, key.number, leaf, record.tree.proof(leaf.index))
        used.append(gas_used(found.connection, writer.claim_epochs([claim])))
        figures.claims += found.reader.balance(leaf.holder, found.token) - before == leaf.amount
    figures.gas |= {"claim_least": min(used), "claim_median": int(median(used)), "claim_most": max(used)}
    assert not list(claimable(found.reader, found.site.store, record.tree.leaves[0].holder))


def _is_exact(record: EpochRecord, figures: Figures) -> bool:
    """Sums are exact, the cap holds, everybody was paid, nothing is left, and the audit agrees."""
    owners: dict[str, int] = {}
    for work in record.works:
        owners[work.owner] = owners.get(work.owner, 0) + work.grains
    sums = {record.total * GRAINS, sum(owners.values()), record.tree.total * GRAINS}
    sums |= {GRAINS * sum(credit.amount for credit in record.credits)}
    within = max(owners.values()) <= record.total * GRAINS * CAP // PPM
    paid = figures.claims == figures.holders and figures.left == 0
    return len(sums) == 1 and within and paid and not figures.findings
