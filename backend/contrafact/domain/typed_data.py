"""EIP-712: what people sign for the escrow contract and for tokens, in the readable form that wallets show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eth_account.messages import SignableMessage, _hash_eip191_message, encode_typed_data

Fields = list[tuple[str, str]]

_DOMAIN: Fields = [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address")]
_SOURCE: Fields = [
    ("workId", "bytes32"), ("termsVersion", "uint32"), ("splitRoot", "bytes32"), ("weight", "uint32"),
    ("minShare", "uint32"), ("price", "uint128"), ("downstream", "uint32"), ("through", "uint8"),
]  # fmt: skip
_QUOTE: Fields = [
    ("maker", "address"), ("operator", "address"), ("modelId", "bytes32"), ("poolRoot", "bytes32"),
    ("token", "address"), ("use", "uint8"), ("duration", "uint32"), ("drift", "uint32"),
    ("requestDigest", "bytes32"), ("seedCommitment", "bytes32"), ("baseRate", "uint128"), ("operatorFee", "uint128"),
    ("maxBaseShare", "uint32"), ("validUntil", "uint64"), ("deadline", "uint64"), ("nonce", "uint64"),
    ("sources", "Source[]"),
]  # fmt: skip
_COMMIT: Fields = [
    ("orderId", "bytes32"), ("recordDigest", "bytes32"), ("outputDigest", "bytes32"), ("evidenceRoot", "bytes32"),
    ("duration", "uint32"), ("baseShare", "uint32"), ("shares", "uint32[]"),
]  # fmt: skip
_CONFIRMATION: Fields = [
    ("beneficiary", "bytes32"), ("splitRoot", "bytes32"), ("index", "uint32"), ("holder", "address"),
    ("share", "uint32"),
]  # fmt: skip
_PERMIT: Fields = [
    ("owner", "address"), ("spender", "address"), ("value", "uint256"), ("nonce", "uint256"), ("deadline", "uint256"),
]  # fmt: skip
_AUTHORIZATION: Fields = [
    ("from", "address"), ("to", "address"), ("value", "uint256"), ("validAfter", "uint256"),
    ("validBefore", "uint256"), ("nonce", "bytes32"),
]  # fmt: skip
_CERTIFICATE: Fields = [
    ("operator", "address"), ("spkiDigest", "bytes32"), ("validFrom", "uint64"), ("validUntil", "uint64"),
]  # fmt: skip
TYPES: dict[str, Fields] = {
    "Source": _SOURCE,
    "Quote": _QUOTE,
    "Commit": _COMMIT,
    "Order": [("quote", "Quote"), ("makerSalt", "bytes32")],
    "Approval": [("orderId", "bytes32"), ("workId", "bytes32")],
    "SplitConfirmation": _CONFIRMATION,
    "CertificateBinding": _CERTIFICATE,
    "Permit": _PERMIT,
    "ReceiveWithAuthorization": _AUTHORIZATION,
}
_USED = {"Quote": ("Source",), "Order": ("Quote", "Source")}


@dataclass(frozen=True, slots=True)
class Eip712Domain:
    """Where a signature counts: one chain, one contract, by default the escrow with its name and version."""

    chain_id: int
    contract: str
    name: str = "Contrafact"
    version: str = "1"

    def to_dict(self) -> dict[str, object]:
        place = {"chainId": self.chain_id, "verifyingContract": self.contract}
        return {"name": self.name, "version": self.version, **place}


def named(kind: str, values: tuple[object, ...]) -> dict[str, object]:
    """`values`, in the order of the type `kind`, by their names there."""
    return dict(zip([name for name, _ in TYPES[kind]], values, strict=True))


def encode_type(kind: str) -> str:
    """The type as it is hashed (EIP-712, `encodeType`), those that it uses behind it."""
    used = (kind, *sorted(_USED.get(kind, ())))
    return "".join(f"{name}({','.join(f'{type_} {field}' for field, type_ in TYPES[name])})" for name in used)


class TypedData(SignableMessage):
    """What is signed, with the document that a wallet shows for it."""

    document: Mapping[str, object]


def message(kind: str, values: Mapping[str, object], domain: Eip712Domain) -> TypedData:
    """The typed data of the type `kind` that is signed for `domain`."""
    used = {"EIP712Domain": _DOMAIN} | {name: TYPES[name] for name in (kind, *_USED.get(kind, ()))}
    types = {name: [{"name": n, "type": t} for n, t in fields] for name, fields in used.items()}
    document = {"types": types, "primaryType": kind, "domain": domain.to_dict(), "message": values}
    made = TypedData(*encode_typed_data(full_message=document))
    made.document = document
    return made


def digest(signable: SignableMessage) -> bytes:
    """The 32 bytes that are signed."""
    return bytes(_hash_eip191_message(signable))
