"""Licence terms: what a licensor permits, and at what price. The twin of `Licensing.sol` and `TermsWords.sol`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contrafact.domain.addresses import NATIVE as NATIVE
from contrafact.domain.allow_list import EVERYBODY, AllowList
from contrafact.domain.prices import TokenPrice as TokenPrice
from contrafact.domain.prices import Use as Use
from contrafact.domain.shares import percent
from contrafact.domain.words import Word
from contrafact.errors import InvalidInput, NotPermitted

_SCOPE = Word(
    training=1, inference=1, combinable=1, approval=1, lists_operators=1, lists_models=1, spare=2, uses=8,
    highest_weight=24, downstream_part=24, valid_from=40, valid_until=40, sunset=40, training_price=72,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a work's licence terms; fields as `ReadableTerms` in `Types.sol`.

    `max_weight` and `downstream` are in ppm, times in seconds since the epoch, `training_price` in units of the
    first row's token. `allow` says which operators and models may use the work.
    """

    training: bool
    inference: bool
    uses: frozenset[Use]
    combinable: bool
    max_weight: int
    valid_from: int
    valid_until: int
    training_price: int
    prices: tuple[TokenPrice, ...]
    approval: bool = False
    downstream: int = 0
    sunset: int = 0
    allow: AllowList = EVERYBODY

    @classmethod
    def opted_out(cls) -> Terms:
        """Terms that permit nothing, from the next order on."""
        return cls(False, False, frozenset(), False, 0, 0, 0, 0, ())

    def to_words(self) -> tuple[bytes, ...]:
        """The 32-byte words that the contract hashes. Raises InvalidInput naming a value that no word can hold."""
        scope = _SCOPE.pack(
            training=self.training,
            inference=self.inference,
            combinable=self.combinable,
            approval=self.approval,
            lists_operators=self.allow.lists_operators,
            lists_models=self.allow.lists_models,
            spare=0,
            uses=sum(1 << use for use in self.uses),
            highest_weight=self.max_weight,
            downstream_part=self.downstream,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            sunset=self.sunset,
            training_price=self.training_price,
        )
        rows = [word.to_bytes(32) for row in self.prices for word in row.to_words()]
        return scope.to_bytes(32), *rows, *([self.allow.root] if self.allow.listed else [])

    @classmethod
    def from_words(cls, words: Sequence[bytes]) -> Terms:
        """The inverse of `to_words`, but for the members of the allow-list, of which only the root is known then.

        Raises InvalidInput for words that `to_words` never gives.
        """
        if not words:
            raise InvalidInput("Terms have at least one word.")
        flags, rest = _scope_of(words[0])
        training, inference, combinable, approval, operators, models = (bool(flag) for flag in flags)
        uses, max_weight, downstream, valid_from, valid_until, sunset, training_price = rest
        listed = operators or models
        end = len(words) - listed
        if not end:
            raise InvalidInput("The terms name a list of operators or models, and have no root of it.")
        return cls(
            training, inference, frozenset(use for use in Use if uses >> use & 1), combinable, max_weight,
            valid_from, valid_until, training_price, _rows_of(words[1:end]), approval, downstream, sunset,
            AllowList(operators, models, bytes(words[-1])) if listed else EVERYBODY,
        )  # fmt: skip

    def with_list(self, allow: AllowList) -> Terms:
        """The same terms with the members of their allow-list. Raises InvalidInput when it is another list."""
        if not self.allow.same(allow):
            raise InvalidInput("This is not the list of operators and models that the terms name.")
        return replace(self, allow=allow)

    def price(self, use: Use, token: str) -> int:
        """Price per started 30 seconds. Raises NotPermitted when the token is not accepted."""
        for row in self.prices:
            if row.token.lower() == token.lower():
                return row.prices[use]
        raise NotPermitted(
            f"The work's terms do not accept the token {token}.", "Pay in a token that all sources accept."
        )

    def require_permitted(
        self,
        work: str,
        use: Use,
        weight: int,
        alone: bool,
        now: int,
        operator: str | None = None,
        model_id: bytes | None = None,
    ) -> None:
        """Raises NotPermitted where this version refuses the order; `alone`: all sources have one licensor.

        Operator and model are checked where they are given and the members of the list are known. Terms with
        `approval` refuse nothing here: the order then needs the licensor's signature when it is funded.
        """
        if not self.inference:
            raise NotPermitted(f"Work {work} is opted out of generation.", "Choose another work.")
        if use not in self.uses:
            raise NotPermitted(f"Work {work} does not permit {use.name.lower()} use.", f"Permitted: {self._uses()}.")
        if weight > self.max_weight:
            text = f"Work {work} permits a weight of at most {percent(self.max_weight)}."
            raise NotPermitted(text, "Lower its weight.")
        if not (self.combinable or alone):
            text = f"Work {work} may not be combined with works of other licensors."
            raise NotPermitted(text, "Use it with works of the same licensor only.")
        if now < self.valid_from or (self.valid_until and now >= self.valid_until):
            raise NotPermitted(f"The terms of work {work} are not in force now.", "Choose another work.")
        self.allow.require(work, operator, model_id)

    def require_training_permitted(self, now: int, operator: str, model_id: bytes) -> None:
        """Raises NotPermitted where no model may learn from the work at `now`, or not this one of this operator.

        Of a list whose members are not known nobody can say that it holds them: that refuses, too.
        """
        if not self.training:
            raise NotPermitted("its terms do not permit training")
        if now < self.valid_from or (self.valid_until and now >= self.valid_until):
            raise NotPermitted("its terms are not in force now")
        self.allow.operator_proof(operator)
        self.allow.model_proof(model_id)

    def _uses(self) -> str:
        return ", ".join(use.name.lower() for use in sorted(self.uses)) or "none"

    def summary(self) -> str:
        """The terms in plain words, without prices."""
        parts = [f"to train: {'yes' if self.training else 'no'}"]
        if not self.inference:
            return " · ".join([*parts, "to condition pieces: no"])
        parts += [f"to condition pieces: {self._uses()}", f"weight ≤ {percent(self.max_weight)}"]
        asked = {
            "not with other licensors' works": not self.combinable,
            "the licensor approves each order": self.approval,
            "listed operators only": self.allow.lists_operators,
            "listed models only": self.allow.lists_models,
            f"{percent(self.downstream)} of later revenue": self.downstream > 0,
        }
        return " · ".join([*parts, *(words for words, applies in asked.items() if applies)])


def _scope_of(word: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The six flags, and the numbers, of the first word."""
    *flags, spare, uses, weight, downstream, start, end, sunset, training_price = _SCOPE.unpack(int.from_bytes(word))
    if spare or uses >= 1 << len(Use):
        raise InvalidInput("The terms' first word has spare bits set, or names a use that does not exist.")
    return tuple(flags), (uses, weight, downstream, start, end, sunset, training_price)


def _rows_of(words: Sequence[bytes]) -> tuple[TokenPrice, ...]:
    if len(words) % 2:
        raise InvalidInput(f"Each token has two words of prices; {len(words)} words are not that.")
    numbers = [int.from_bytes(word) for word in words]
    return tuple(TokenPrice.from_words(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True))
