"""What people sign, against EIP-712 hashes that are computed from the type strings and share no code."""

from __future__ import annotations

from eth_abi import encode
from eth_hash.auto import keccak
from hypothesis import given

from contrafact.domain import typed_data
from contrafact.domain.certificate_binding import Binding
from contrafact.domain.commits import Commit
from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.orders import (
    Eip712Domain,
    Quote,
    approval_message,
    commit_message,
    order_id,
    order_message,
)
from contrafact.domain.splits import Split

from .documents import ALICE, QUOTED, digest
from .strategies import commits, digests, quotes, splits

DOMAIN = Eip712Domain(31337, ALICE)
SOURCE = (
    "Source(bytes32 workId,uint32 termsVersion,bytes32 splitRoot,uint32 weight,uint32 minShare,uint128 price,"
    "uint32 downstream,uint8 through)"
)
QUOTE = (
    "Quote(address maker,address operator,bytes32 modelId,bytes32 poolRoot,address token,uint8 use,uint32 duration,"
    "uint32 drift,bytes32 requestDigest,bytes32 seedCommitment,uint128 baseRate,uint128 operatorFee,"
    "uint32 maxBaseShare,uint64 validUntil,uint64 deadline,uint64 nonce,Source[] sources)"
)
COMMIT = (
    "Commit(bytes32 orderId,bytes32 recordDigest,bytes32 outputDigest,bytes32 evidenceRoot,uint32 duration,"
    "uint32 baseShare,uint32[] shares)"
)
CONFIRMATION = "SplitConfirmation(bytes32 beneficiary,bytes32 splitRoot,uint32 index,address holder,uint32 share)"
BINDING = "CertificateBinding(address operator,bytes32 spkiDigest,uint64 validFrom,uint64 validUntil)"
DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


def struct(type_: str, *values: bytes | int | str) -> bytes:
    """The hash of a struct whose members are all of fixed size, or hashes."""
    words = [encode(["address"], [v]) if isinstance(v, str) else v if isinstance(v, bytes) else v.to_bytes(32, "big")
             for v in values]  # fmt: skip
    return keccak(keccak(type_.encode()) + b"".join(words))


def signed(struct_hash: bytes) -> bytes:
    separator = struct(DOMAIN_TYPE, keccak(b"Contrafact"), keccak(b"1"), 31337, ALICE)
    return keccak(b"\x19\x01" + separator + struct_hash)


def quote_hash(q: Quote) -> bytes:
    rows = [
        struct(SOURCE, s.work_id, s.terms_version, s.split_root, s.weight, s.min_share, s.price, s.downstream,
               s.through)
        for s in q.sources
    ]  # fmt: skip
    head = (q.maker, q.operator, q.model_id, q.pool_root, q.token, int(q.use), q.duration, q.drift)
    tail = (q.request_digest, q.seed_commitment, q.base_rate, q.operator_fee, q.max_base_share, q.valid_until)
    return struct(QUOTE + SOURCE, *head, *tail, q.deadline, q.nonce, keccak(b"".join(rows)))


def test_types_are_written_as_they_are_hashed() -> None:
    assert typed_data.encode_type("Quote") == QUOTE + SOURCE
    assert typed_data.encode_type("Order") == "Order(Quote quote,bytes32 makerSalt)" + QUOTE + SOURCE
    assert typed_data.encode_type("Commit") == COMMIT


@given(quotes)
def test_an_orders_id_is_the_digest_of_its_quote(quote: Quote) -> None:
    assert order_id(quote, DOMAIN) == signed(quote_hash(quote))


@given(quotes, digests)
def test_a_maker_signs_the_quote_with_its_salt(quote: Quote, salt: bytes) -> None:
    expected = struct("Order(Quote quote,bytes32 makerSalt)" + QUOTE + SOURCE, quote_hash(quote), salt)
    assert typed_data.digest(order_message(quote, salt, DOMAIN)) == signed(expected)


@given(commits)
def test_an_operator_signs_the_readable_commit(commit: Commit) -> None:
    shares = keccak(b"".join(share.to_bytes(32, "big") for share in commit.shares))
    digests = (commit.order_id, commit.record_digest, commit.output_digest, commit.evidence_root)
    expected = struct(COMMIT, *digests, commit.duration, commit.base_share, shares)
    assert typed_data.digest(commit_message(commit, DOMAIN)) == signed(expected)


def test_a_licensor_signs_order_and_work() -> None:
    order = order_id(QUOTED, DOMAIN)
    expected = struct("Approval(bytes32 orderId,bytes32 workId)", order, digest("work"))
    assert typed_data.digest(approval_message(order, digest("work"), DOMAIN)) == signed(expected)


@given(splits, digests)
def test_a_holder_signs_its_place_in_the_split(split: Split, beneficiary: bytes) -> None:
    leaf = split.leaves[-1]
    expected = struct(CONFIRMATION, beneficiary, split.root, leaf.index, leaf.holder, leaf.share)
    assert typed_data.digest(confirmation_message(beneficiary, split.root, leaf, DOMAIN)) == signed(expected)


@given(digests, digests)
def test_an_operator_binds_a_certificates_key(spki: bytes, word: bytes) -> None:
    begin, until = int.from_bytes(word[:8]), int.from_bytes(word[8:16])
    binding = Binding(ALICE, ALICE, spki, 31337, ALICE, begin, until)
    assert typed_data.digest(binding.message()) == signed(struct(BINDING, ALICE, spki, begin, until))
