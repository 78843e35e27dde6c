"""Weights files: fp16 safetensors that carry their configuration, and whose SHA-256 names the model."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from contrafact.errors import StoreError
from contrafact.music import weights_file
from contrafact.music.layers import ModelConfig
from contrafact.music.model import Network

WEIGHTS = Path(__file__).parent / "weights"
RELEASED = WEIGHTS / "contrafact-2.safetensors"
_HINT = "Train with scripts/train, or restore the released weights from the package."


@dataclass(frozen=True)
class Model:
    """A network ready to generate, computing in float64, and the SHA-256 of its weights file."""

    network: Network
    digest: bytes


def save_weights(network: Network, path: Path) -> str:
    """Write the weights in fp16; returns the file's SHA-256 in hex."""
    tensors = {name: value.detach().half().contiguous() for name, value in network.state_dict().items()}
    data = save(tensors, metadata={"config": json.dumps(network.config.to_dict(), sort_keys=True)})
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def load_network(path: Path) -> Network:
    """The network of a weights file in float64 and evaluation mode.

    Raises NotFound without the file, StoreError where it is not such a file.
    """
    return _network(weights_file.read(path, _HINT), path)


def load_model(path: Path | None = None) -> Model:
    """The model of a weights file, by default the released one, checked against the digest beside it.

    Raises NotFound without the file or its digest, StoreError where the two disagree.
    """
    path = path or RELEASED
    data, digest = weights_file.read_checked(path, _HINT)
    return Model(_network(data, path), digest)


def _network(data: bytes, path: Path) -> Network:
    try:
        size = int.from_bytes(data[:8], "little")
        config = json.loads(data[8 : 8 + size])["__metadata__"]["config"]
        network = Network(ModelConfig(**json.loads(config)))
        network.load_state_dict({k: v.double() for k, v in load(data).items()})
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise StoreError(f"{path.name} is not a weights file of this model ({error}).", _HINT) from error
    return network.to(torch.float64).eval().requires_grad_(False)
