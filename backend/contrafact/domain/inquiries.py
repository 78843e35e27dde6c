"""What the dispute desk knows of consents: asked for, shown, or missing. The twin of `TrainingConsent.sol`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.manifests import Leaf


class ConsentStatus(StrEnum):
    """In the order of the contract's numbers."""

    NONE = "none"
    QUESTIONED = "questioned"
    ANSWERED = "answered"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How a leaf stands: who asked or found, and the last second for an answer to a question that is open (else 0)."""

    status: ConsentStatus
    who: str
    answer_until: int


@dataclass(frozen=True, slots=True)
class ConsentQuestioned:
    """Somebody asked for the consent of a training work; `bond` is in wei of the chain's coin."""

    consent_id: bytes
    model_id: bytes
    asker: str
    leaf: Leaf
    bond: int
    answer_until: int
    block: int


@dataclass(frozen=True, slots=True)
class ConsentAnswered:
    """Somebody showed the consent: this version of the work, or None where it was a collection."""

    consent_id: bytes
    model_id: bytes
    version: int | None
    block: int


@dataclass(frozen=True, slots=True)
class ConsentMissing:
    """The leaf is without consent; `finder` proved it, or asked without getting an answer."""

    consent_id: bytes
    model_id: bytes
    finder: str
    leaf: Leaf
    block: int


def consent_id(model_id: bytes, leaf: Leaf) -> bytes:
    """The id under which the desk keeps a leaf of a model's manifest: `keccak256(abi.encode(modelId, leaf))`."""
    return keccak(encode(["bytes32", "address", "bytes32", "uint256"], [model_id, *leaf.to_abi()]))
