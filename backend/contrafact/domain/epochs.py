"""Epochs of a training pool: how one follows from its credits, and the record that is published of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import amount, natural, parse, text
from contrafact.domain.epoch_tree import EpochTree, paid_to_holders
from contrafact.domain.influence_scores import InfluenceScores
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.pool_shares import GRAINS, Families, capped
from contrafact.domain.pot import Credit, Kind
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/epoch/1"


@dataclass(frozen=True, slots=True)
class EpochKey:
    """Which epoch of which pot: `pool` is the contract's address, `number` counts the pot's epochs from 1."""

    chain_id: int
    pool: str
    model_id: bytes
    token: str
    number: int


@dataclass(frozen=True, slots=True)
class WorkPart:
    """A training work's part of an epoch, in grains (10⁻¹² units of the token)."""

    work_id: bytes
    family: bytes
    owner: str
    grains: int


@dataclass(frozen=True)
class EpochRecord:
    """All that an epoch consists of and how it is shared; `rule` is the model's, `applied` the one that was in force.

    `manifest` is the root of the model's training manifest, `scores` the digest of the published scores where they
    decided. `leaves` sum to `total`, and so do `credits`.
    """

    key: EpochKey
    rule: PoolRule
    applied: Rule
    manifest: bytes
    total: int
    credits: tuple[Credit, ...]
    works: tuple[WorkPart, ...]
    tree: EpochTree
    scores: bytes | None = None

    def to_bytes(self) -> bytes:
        """The canonical document."""
        return canonical_json(self._fields())

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the document, which the contract is given as the epoch's evidence."""
        return sha256(self.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> EpochRecord:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical.

        Whether it is true is another question: sums, rule and root are for its reader to compute again.
        """
        return parse(data, SCHEMA, cls._from_fields)

    def _fields(self) -> dict[str, object]:
        owners = _owners(self.works)
        place = {owner: i for i, owner in enumerate(owners)}
        return {
            "schema": SCHEMA,
            "chain_id": self.key.chain_id,
            "pool": self.key.pool,
            "model": to_hex(self.key.model_id),
            "token": self.key.token,
            "epoch": self.key.number,
            "pool_rule": self.rule.to_dict(),
            "applied_rule": self.applied.value,
            "manifest": to_hex(self.manifest),
            "scores": None if self.scores is None else to_hex(self.scores),
            "total": str(self.total),
            "credits": [[credit.kind.value, to_hex(credit.source), str(credit.amount)] for credit in self.credits],
            "owners": owners,
            "works": [
                [to_hex(work.work_id), to_hex(work.family), place[work.owner], str(work.grains)] for work in self.works
            ],
            "leaves": [[leaf.holder, str(leaf.amount)] for leaf in self.tree.leaves],
            "root": to_hex(self.tree.root),
        }

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> EpochRecord:
        key = EpochKey(
            natural(d["chain_id"]), text(d["pool"]), from_hex(d["model"]), text(d["token"]), natural(d["epoch"])
        )
        owners = [text(owner) for owner in d["owners"]]
        return cls(
            key=key,
            rule=PoolRule.from_dict(d["pool_rule"]),
            applied=Rule(text(d["applied_rule"])),
            manifest=from_hex(d["manifest"]),
            total=amount(d["total"]),
            credits=tuple(Credit(Kind(kind), from_hex(source), amount(a)) for kind, source, a in d["credits"]),
            works=tuple(
                WorkPart(from_hex(work), from_hex(family), owners[natural(owner)], amount(grains))
                for work, family, owner, grains in d["works"]
            ),
            tree=EpochTree.of([(text(holder), amount(units)) for holder, units in d["leaves"]]),
            scores=None if d["scores"] is None else from_hex(d["scores"]),
        )


def shared_out(
    key: EpochKey,
    rule: PoolRule,
    applied: Rule,
    manifest: bytes,
    credits: Sequence[Credit],
    works: Sequence[TrainingWork],
    scores: InfluenceScores | None = None,
) -> EpochRecord:
    """The epoch that follows from its credits under the rule in force.

    Under `influence` an order's base is divided by that order's scores; what no order paid, equally.
    Raises InvalidInput where there is no credit or no work, and where a score that the rule needs is missing.
    """
    total = sum(credit.amount for credit in credits)
    if total <= 0:
        raise InvalidInput("There is nothing to share.", "An epoch needs something in the pot.")
    families = Families.of(works)
    if applied is Rule.INFLUENCE:
        parts = _by_influence(families, credits, scores)
    else:
        parts, scores = families.equally(total * GRAINS), None
    parts = capped(families.works, parts, rule.owner_cap)
    rows = list(zip(families.works, parts, strict=True))
    return EpochRecord(
        key=key,
        rule=rule,
        applied=applied,
        manifest=manifest,
        total=total,
        credits=tuple(credits),
        works=tuple(WorkPart(work.work_id, work.family, work.owner, part) for work, part in rows),
        tree=paid_to_holders(rows, total),
        scores=scores.digest() if scores else None,
    )


def _by_influence(families: Families, credits: Sequence[Credit], scores: InfluenceScores | None) -> list[int]:
    if scores is None:
        raise InvalidInput("The scores that the rule `influence` goes by are not there.")
    parts = families.equally(GRAINS * sum(credit.amount for credit in credits if credit.kind is not Kind.ORDER))
    for credit in (credit for credit in credits if credit.kind is Kind.ORDER):
        own = families.divided(GRAINS * credit.amount, scores.over(families.works, credit.source))
        parts = [part + more for part, more in zip(parts, own, strict=True)]
    return parts


def _owners(works: Sequence[WorkPart]) -> list[str]:
    return sorted({work.owner for work in works}, key=str.lower)
