"""Orders: the operator's quote and commit as EIP-712 typed data, with the twin of the contract's checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from eth_account.messages import SignableMessage, _hash_eip191_message, encode_typed_data

from contrafact.domain.settlement import MAX_DURATION, escrow
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use
from contrafact.errors import InvalidOrder

MAX_SOURCES = 8

_SOURCE = [
    ("workId", "bytes32"), ("termsVersion", "uint32"), ("splitRoot", "bytes32"),
    ("weight", "uint32"), ("minShare", "uint32"), ("price", "uint128"),
]  # fmt: skip
_QUOTE = [
    ("maker", "address"), ("operator", "address"), ("modelId", "bytes32"), ("token", "address"),
    ("use", "uint8"), ("duration", "uint32"), ("requestDigest", "bytes32"), ("seedCommitment", "bytes32"),
    ("baseRate", "uint128"), ("operatorFee", "uint128"), ("maxBaseShare", "uint32"), ("validUntil", "uint64"),
    ("deadline", "uint64"), ("nonce", "uint256"), ("sources", "Source[]"),
]  # fmt: skip
_COMMIT = [
    ("orderId", "bytes32"), ("recordDigest", "bytes32"), ("outputDigest", "bytes32"),
    ("evidenceRoot", "bytes32"), ("baseShare", "uint32"), ("shares", "uint32[]"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A work in the inference set, everything about it pinned. Weights and shares in ppm."""

    work_id: bytes
    terms_version: int
    split_root: bytes
    weight: int
    min_share: int
    price: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The operator's offer; fields as in `Types.sol`. Times in seconds since the epoch, money in token units."""

    maker: str
    operator: str
    model_id: bytes
    token: str
    use: Use
    duration: int
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
    def prices(self) -> tuple[int, ...]:
        return tuple(source.price for source in self.sources)

    @property
    def escrow(self) -> int:
        """The most this order can cost, which its maker pays in."""
        return escrow(self.prices, self.base_rate, self.operator_fee, self.duration)

    def to_abi(self) -> tuple[object, ...]:
        """The Solidity struct as a nested tuple."""
        head = [getattr(self, name) for name in self.__slots__[:-1]]
        head[4] = int(self.use)
        return (*head, [tuple(asdict(source).values()) for source in self.sources])

    def keeps_bounds(self, base_share: int, shares: tuple[int, ...]) -> bool:
        """Whether the contract would accept these shares (ppm)."""
        enough = all(share >= source.min_share for share, source in zip(shares, self.sources, strict=True))
        return base_share <= self.max_base_share and enough

    def check(self) -> None:
        """Raises InvalidOrder where the contract would refuse the quote's form."""
        ids = [source.work_id for source in self.sources]
        check_weights([source.weight for source in self.sources])
        if any(a >= b for a, b in pairwise(ids)):
            raise InvalidOrder("Sources must be distinct and ordered by work id.")
        if not 1 <= self.duration <= MAX_DURATION:
            raise InvalidOrder(f"A piece lasts 1 to {MAX_DURATION} seconds, not {self.duration}.")
        if self.max_base_share > PPM or sum(source.min_share for source in self.sources) > PPM:
            raise InvalidOrder("The bounds on shares cannot be met.", "Lower the lowest shares.")


@dataclass(frozen=True, slots=True)
class Commit:
    """What the operator signs when a generation is finished; shares in ppm, in the order of the sources."""

    order_id: bytes
    record_digest: bytes
    output_digest: bytes
    evidence_root: bytes
    base_share: int
    shares: tuple[int, ...]

    def to_abi(self) -> tuple[object, ...]:
        return (*(getattr(self, name) for name in self.__slots__[:-1]), list(self.shares))


@dataclass(frozen=True, slots=True)
class Eip712Domain:
    """Where a signature counts: one chain, one escrow contract."""

    chain_id: int
    contract: str

    def to_dict(self) -> dict[str, object]:
        return {"name": "Contrafact", "version": "1", "chainId": self.chain_id, "verifyingContract": self.contract}


def quote_message(quote: Quote, domain: Eip712Domain) -> SignableMessage:
    """The typed data that the operator signs for an offer."""
    values = dict(zip([name for name, _ in _QUOTE], quote.to_abi(), strict=True))
    names = [name for name, _ in _SOURCE]
    values["sources"] = [dict(zip(names, row, strict=True)) for row in values["sources"]]  # type: ignore[attr-defined]
    return _message("Quote", {"Quote": _QUOTE, "Source": _SOURCE}, values, domain)


def commit_message(commit: Commit, domain: Eip712Domain) -> SignableMessage:
    """The typed data that the operator signs for a finished generation."""
    values = dict(zip([name for name, _ in _COMMIT], commit.to_abi(), strict=True))
    return _message("Commit", {"Commit": _COMMIT}, values, domain)


def order_id(quote: Quote, domain: Eip712Domain) -> bytes:
    """The EIP-712 digest of the quote."""
    return bytes(_hash_eip191_message(quote_message(quote, domain)))


def check_weights(weights: Sequence[int]) -> None:
    """Raises InvalidOrder unless 1 to 8 positive weights sum to one million."""
    if not 1 <= len(weights) <= MAX_SOURCES:
        raise InvalidOrder(f"An order has 1 to {MAX_SOURCES} sources, not {len(weights)}.")
    if any(weight <= 0 for weight in weights):
        raise InvalidOrder("Each source's weight must be above zero.", "Leave out sources that are not wanted.")
    if (total := sum(weights)) != PPM:
        raise InvalidOrder(f"The weights sum to {total / PPM:g}, not 1.", "Choose weights that sum to one.")


def _message(
    primary: str, types: dict[str, list[tuple[str, str]]], values: dict[str, object], domain: Eip712Domain
) -> SignableMessage:
    domain_type = [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address")]
    all_types = {"EIP712Domain": domain_type, **types}
    listed = {name: [{"name": n, "type": t} for n, t in fields] for name, fields in all_types.items()}
    document = {"types": listed, "primaryType": primary, "domain": domain.to_dict(), "message": values}
    return encode_typed_data(full_message=document)
