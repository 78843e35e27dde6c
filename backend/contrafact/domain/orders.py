"""Orders: the operator's quote and commit, packed as the contracts take them. The twin of `Orders.sol`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from contrafact.domain import addresses, typed_data
from contrafact.domain.commits import Commit as Commit
from contrafact.domain.order_form import check_form
from contrafact.domain.order_form import check_weights as check_weights
from contrafact.domain.settlement import Rates, Settlement, escrow, settle
from contrafact.domain.terms import Use
from contrafact.domain.typed_data import Eip712Domain, TypedData
from contrafact.domain.words import Word
from contrafact.errors import InvalidInput

_PINNED = Word(price=96, terms_version=32, weight=24, lowest_share=24, downstream_part=24, through=8)
_MAKER = Word(maker=160, use=8, duration=32, drift=24)
_OPERATOR = Word(operator=160, valid_until=40, deadline=40)
_TOKEN = Word(token=160, highest_base_share=24, nonce=64)
_AMOUNTS = Word(base_rate=96, operator_fee=96)


@dataclass(frozen=True, slots=True)
class Source:
    """A work that an order pays, everything about it pinned. Weights, shares and `downstream` in ppm.

    `through` is 0 for a work in the inference set. For the composition of a recording it is 1 + the recording's
    place, and weight and lowest share are 0: the recording's share is paid to both.
    """

    work_id: bytes
    terms_version: int
    split_root: bytes
    weight: int
    min_share: int
    price: int
    downstream: int = 0
    through: int = 0

    def to_abi(self) -> tuple[bytes, bytes, int]:
        """The Solidity struct. Raises InvalidInput naming a value that does not fit."""
        pinned = _PINNED.pack(
            price=self.price,
            terms_version=self.terms_version,
            weight=self.weight,
            lowest_share=self.min_share,
            downstream_part=self.downstream,
            through=self.through,
        )
        return self.work_id, self.split_root, pinned

    @classmethod
    def from_abi(cls, struct: Sequence[Any]) -> Source:
        """The inverse of `to_abi`."""
        work_id, split_root, pinned = struct
        price, version, weight, min_share, downstream, through = _PINNED.unpack(pinned)
        return cls(bytes(work_id), version, bytes(split_root), weight, min_share, price, downstream, through)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The operator's offer, its fields in the order in which they are signed.

    Times in seconds since the epoch, money in token units, shares in ppm. `sources` are first the inference set,
    then the compositions of its recordings. `drift` is how far a live order's weights may move.
    """

    maker: str
    operator: str
    model_id: bytes
    pool_root: bytes
    token: str
    use: Use
    duration: int
    drift: int = 0
    request_digest: bytes
    seed_commitment: bytes
    base_rate: int
    operator_fee: int
    max_base_share: int
    valid_until: int
    deadline: int
    nonce: int
    sources: tuple[Source, ...]

    @property
    def inference_set(self) -> tuple[Source, ...]:
        """The sources that condition the generation: those that weights and shares are about."""
        return tuple(source for source in self.sources if not source.through)

    @property
    def through(self) -> tuple[int, ...]:
        """For each composition, 1 + the place of the recording that it is used through."""
        return tuple(source.through for source in self.sources if source.through)

    @property
    def prices(self) -> tuple[int, ...]:
        return tuple(source.price for source in self.sources)

    @property
    def rates(self) -> Rates:
        """What the order's parts cost."""
        return Rates(self.prices, self.base_rate, self.operator_fee, self.through)

    @property
    def escrow(self) -> int:
        """The most this order can cost, which its maker pays in."""
        return escrow(self.rates, self.duration)

    def settle(self, base_share: int, shares: Sequence[int], duration: int | None = None) -> Settlement:
        """Where the escrow goes for a commit of these shares; `duration` is the quote's unless another is given."""
        return settle(self.rates, self.duration, shares, base_share, duration)

    def keeps_bounds(self, base_share: int, shares: tuple[int, ...]) -> bool:
        """Whether the contract would accept these shares (ppm) of the inference set."""
        enough = all(share >= source.min_share for share, source in zip(shares, self.inference_set, strict=True))
        return base_share <= self.max_base_share and enough

    def takes_duration(self, duration: int) -> bool:
        """Whether a piece of so many seconds is what was ordered; only live ones may be shorter than quoted."""
        return 1 <= duration <= self.duration if self.use is Use.LIVE else duration == self.duration

    def check(self) -> None:
        """Raises InvalidOrder where the contract would refuse the quote's form."""
        check_form(self)

    @property
    def operator_word(self) -> int:
        """Operator, last second for funding and deadline, packed."""
        operator = addresses.to_number(self.operator)
        return _OPERATOR.pack(operator=operator, valid_until=self.valid_until, deadline=self.deadline)

    def to_abi(self) -> tuple[object, ...]:
        """The Solidity struct, packed. Raises InvalidInput naming a value that does not fit."""
        maker, token = addresses.to_number(self.maker), addresses.to_number(self.token)
        return (
            _MAKER.pack(maker=maker, use=self.use, duration=self.duration, drift=self.drift),
            self.operator_word,
            _TOKEN.pack(token=token, highest_base_share=self.max_base_share, nonce=self.nonce),
            _AMOUNTS.pack(base_rate=self.base_rate, operator_fee=self.operator_fee),
            self.model_id,
            self.pool_root,
            self.request_digest,
            self.seed_commitment,
            [source.to_abi() for source in self.sources],
        )

    @classmethod
    def from_abi(cls, struct: Sequence[Any]) -> Quote:
        """The inverse of `to_abi`. Raises InvalidInput for what it never gives."""
        words, digests, sources = struct[:4], [bytes(part) for part in struct[4:8]], struct[8]
        maker, use, duration, drift = _MAKER.unpack(words[0])
        operator, valid_until, deadline = _OPERATOR.unpack(words[1])
        token, max_base_share, nonce = _TOKEN.unpack(words[2])
        base_rate, operator_fee = _AMOUNTS.unpack(words[3])
        if use >= len(Use):
            raise InvalidInput(f"There is no use {use}.")
        return cls(
            maker=addresses.from_number(maker),
            operator=addresses.from_number(operator),
            model_id=digests[0],
            pool_root=digests[1],
            token=addresses.from_number(token),
            use=Use(use),
            duration=duration,
            drift=drift,
            request_digest=digests[2],
            seed_commitment=digests[3],
            base_rate=base_rate,
            operator_fee=operator_fee,
            max_base_share=max_base_share,
            valid_until=valid_until,
            deadline=deadline,
            nonce=nonce,
            sources=tuple(Source.from_abi(row) for row in sources),
        )


def quote_message(quote: Quote, domain: Eip712Domain) -> TypedData:
    """The typed data that the operator signs for an offer."""
    return typed_data.message("Quote", _readable(quote), domain)


def order_message(quote: Quote, maker_salt: bytes, domain: Eip712Domain) -> TypedData:
    """The typed data that a maker signs so that somebody else may send its order."""
    return typed_data.message("Order", {"quote": _readable(quote), "makerSalt": maker_salt}, domain)


def commit_message(commit: Commit, domain: Eip712Domain) -> TypedData:
    """The typed data that the operator signs for a finished generation."""
    *head, shares = astuple(commit)
    return typed_data.message("Commit", typed_data.named("Commit", (*head, list(shares))), domain)


def approval_message(order: bytes, work_id: bytes, domain: Eip712Domain) -> TypedData:
    """The typed data that a licensor signs for an order where its terms ask for approval."""
    return typed_data.message("Approval", {"orderId": order, "workId": work_id}, domain)


def order_id(quote: Quote, domain: Eip712Domain) -> bytes:
    """The EIP-712 digest of the quote."""
    return typed_data.digest(quote_message(quote, domain))


def _readable(quote: Quote) -> dict[str, object]:
    *head, sources = (getattr(quote, name) for name in quote.__slots__)
    rows = [typed_data.named("Source", astuple(source)) for source in sources]
    return typed_data.named("Quote", (*head, rows))
