"""Ids that the catalogue gives to works and models: the twin of `workIdOf` and `modelIdOf`."""

from __future__ import annotations

from dataclasses import dataclass

from eth_abi import encode
from eth_utils import keccak

_MODEL_KIND = b"model".ljust(32, b"\0")


@dataclass(frozen=True, slots=True)
class Registry:
    """Where ids count: the chain, and the catalogue's address on it."""

    chain_id: int
    catalogue: str

    def work_id(self, registrant: str, content: bytes) -> bytes:
        """The id that a work has, or will have."""
        return self._id(registrant, content)

    def model_id(self, registrant: str, weights: bytes) -> bytes:
        """The id that a model has, or will have; no work ever has it."""
        return self._id(registrant, weights, _MODEL_KIND)

    def _id(self, registrant: str, *digests: bytes) -> bytes:
        types = ["uint256", "address", "address", *["bytes32"] * len(digests)]
        return keccak(encode(types, [self.chain_id, self.catalogue, registrant, *digests]))
