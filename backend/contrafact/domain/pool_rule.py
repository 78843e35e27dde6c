"""The rule of a model's training pool, and whether an evaluation permits the one that goes by influence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contrafact.domain.digests import from_hex, sha256, to_hex
from contrafact.domain.documents import natural, read_json, text
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput, NotPermitted

EVALUATION = "contrafact/training-evaluation/1"
_EQUAL = "The pool is shared equally: leave the rule at `equal`, or measure this model."


class Rule(StrEnum):
    EQUAL = "equal"
    INFLUENCE = "influence"


@dataclass(frozen=True, slots=True)
class PoolRule:
    """How an epoch is shared among training works.

    `owner_cap` in ppm, 1_000_000 = no cap; `evidence` is the SHA-256 of the evaluation that licenses `influence`, 32
    zero bytes for `equal`.
    """

    rule: Rule = Rule.EQUAL
    owner_cap: int = PPM
    evidence: bytes = bytes(32)

    def __post_init__(self) -> None:
        """Raises InvalidInput where the catalogue would refuse the rule."""
        if not 0 < self.owner_cap <= PPM:
            raise InvalidInput(f"An owner's cap is 1 to {PPM} ppm, not {self.owner_cap}.", "1 000 000 is no cap.")
        if self.rule is Rule.INFLUENCE and not any(self.evidence):
            raise InvalidInput(
                "The rule `influence` names no evaluation.", "Name the one that licenses it (--pool-evidence)."
            )

    def to_dict(self) -> dict[str, object]:
        """How documents write a rule."""
        return {"rule": self.rule.value, "owner_cap": self.owner_cap, "evidence": to_hex(self.evidence)}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> PoolRule:
        """The rule in a document. Raises InvalidInput, ValueError or TypeError for other content."""
        return cls(Rule(text(fields["rule"])), natural(fields["owner_cap"]), from_hex(fields["evidence"]))


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """What a model's epochs are shared by; `reason` says why it is not the rule that was set, where it is not."""

    rule: Rule
    reason: str = ""


def require_licence(rule: PoolRule, weights: bytes, evaluation: bytes | None) -> None:
    """Raises NotPermitted unless `evaluation`, the document that the rule names, licenses it for the model `weights`.

    `equal` needs no licence. `influence` needs the 95 % interval of the correlation over catalogues to lie above zero
    in an evaluation of this very model: a figure measured on a proxy says nothing of another.
    """
    if rule.rule is Rule.EQUAL:
        return
    if evaluation is None or sha256(evaluation) != rule.evidence:
        raise NotPermitted("The evaluation that the pool's rule names is not there.", _EQUAL)
    model, low, high = _measured(evaluation)
    if model != weights:
        text = f"Influence was measured on the model {to_hex(model)}, not on this one, {to_hex(weights)}."
        raise NotPermitted(text, _EQUAL)
    if not 0 < low <= high:
        text = f"Influence on catalogues correlates with what was measured by {low} to {high}, which is not above zero."
        raise NotPermitted(text, _EQUAL)


def in_force(rule: PoolRule, weights: bytes, evaluation: bytes | None) -> RuleInForce:
    """The rule as it was set, or `equal` and the reason where its evidence does not license `influence`."""
    try:
        require_licence(rule, weights, evaluation)
    except NotPermitted as refusal:
        return RuleInForce(Rule.EQUAL, refusal.message)
    return RuleInForce(rule.rule)


def _measured(evaluation: bytes) -> tuple[bytes, float, float]:
    """The model that was measured, and the interval over catalogues. Raises NotPermitted for another document."""
    try:
        fields = read_json(evaluation)
        if fields["schema"] != EVALUATION:
            raise ValueError(f"its schema is {fields['schema']!r}")
        catalogues = fields["catalogues"]
        return from_hex(_prefixed(fields["model"])), _number(catalogues["low"]), _number(catalogues["high"])
    except (InvalidInput, ValueError, KeyError, TypeError, RecursionError) as error:
        text = f"The evaluation that the pool's rule names cannot be read: {f'{error!r}'[:200]}."
        raise NotPermitted(text, f"Expected a {EVALUATION} document.") from error


def _prefixed(value: object) -> str:
    """A digest as documents of the project write it; evaluations may leave the `0x` out."""
    return text(value) if text(value).startswith("0x") else f"0x{value}"


def _number(value: object) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"{json.dumps(value)[:40]} is not a number")
    return float(value)  # type: ignore[arg-type]
