"""Allow-lists: the operators and models that a licensor lets use a work. The chain keeps one Merkle root of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from contrafact.domain import addresses, merkle
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.documents import flag, text
from contrafact.errors import InvalidInput, NotFound, NotPermitted


@dataclass(frozen=True, slots=True)
class AllowList:
    """Who may use a work. Without a list of operators (or of models) any operator (or model) may.

    Terms read from the chain know only `root`, and which of the two are listed: `known` is then false and the
    members are empty.
    """

    lists_operators: bool = False
    lists_models: bool = False
    root: bytes = bytes(32)
    operators: tuple[str, ...] = ()
    models: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, operators: Iterable[str] = (), models: Iterable[bytes] = ()) -> AllowList:
        """The list of these members; an empty one leaves its side free. Raises InvalidInput for a bad address."""
        known = tuple(addresses.checksummed(operator) for operator in operators)
        ids = tuple(models)
        return cls(bool(known), bool(ids), merkle.root(_values(known, ids)), known, ids)

    @property
    def listed(self) -> bool:
        """Whether anybody is listed: not everybody may use the work then."""
        return self.lists_operators or self.lists_models

    @property
    def known(self) -> bool:
        """Whether the members are known; always so where nobody is listed."""
        return (self.lists_operators, self.lists_models) == (bool(self.operators), bool(self.models))

    def same(self, other: AllowList) -> bool:
        """Whether both are the same list for the chain, which does not know the members."""
        own, others = ((a.lists_operators, a.lists_models, a.root) for a in (self, other))
        return own == others

    def operator_proof(self, operator: str) -> tuple[bytes, ...]:
        """What proves to the contract that `operator` may use the work; empty where operators are not listed.

        Raises NotPermitted when it is not listed, or when the members are not known here.
        """
        return self._proof(_padded(operator), f"operator {operator}") if self.lists_operators else ()

    def model_proof(self, model_id: bytes) -> tuple[bytes, ...]:
        """As `operator_proof`, for a model."""
        return self._proof(model_id, f"model {to_hex(model_id)}") if self.lists_models else ()

    def require(self, work: str, operator: str | None, model_id: bytes | None) -> None:
        """Raises NotPermitted where a known list leaves out the operator or the model; None is not asked about."""
        if not self.known:
            return  # the contract asks for proofs then, which nobody without the members can make
        if operator is not None and self.operators and addresses.checksummed(operator) not in self.operators:
            raise NotPermitted(f"Work {work} does not permit the operator {operator}.", "Choose a listed operator.")
        if model_id is not None and self.models and model_id not in self.models:
            raise NotPermitted(f"Work {work} does not permit the model {to_hex(model_id)}.", "Choose a listed model.")

    def to_dict(self) -> dict[str, object]:
        """How documents write a list."""
        return {
            "lists_operators": self.lists_operators,
            "lists_models": self.lists_models,
            "root": to_hex(self.root),
            "operators": list(self.operators),
            "models": [to_hex(model_id) for model_id in self.models],
        }

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> AllowList:
        """The list in a document. Raises InvalidInput where the members are not those of the root."""
        flags = (flag(d["lists_operators"]), flag(d["lists_models"]))
        members = cls.of([text(row) for row in d["operators"]], [from_hex(row) for row in d["models"]])
        stated = cls(*flags, from_hex(d["root"]))
        if stated.listed and not (members.operators or members.models):
            return stated
        if not members.same(stated):
            raise InvalidInput("The listed operators and models are not those of the list's root.")
        return members

    def _proof(self, value: bytes, who: str) -> tuple[bytes, ...]:
        if not self.known:
            raise NotPermitted(f"Whether the {who} is listed is not known.", "Ask the licensor for the list.")
        try:
            return merkle.proof(_values(self.operators, self.models), value)
        except NotFound as error:
            raise NotPermitted(f"The {who} is not listed by the licensor.", "Choose one that is.") from error


EVERYBODY = AllowList()


def _values(operators: Sequence[str], models: Sequence[bytes]) -> list[bytes]:
    return [*map(_padded, operators), *models]


def _padded(operator: str) -> bytes:
    return addresses.to_number(operator).to_bytes(32)
