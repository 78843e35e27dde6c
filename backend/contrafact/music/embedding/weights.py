"""The encoder's weights file: fp16 safetensors with its configuration, named by its SHA-256."""

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
from contrafact.music.embedding.encoder import Encoder, EncoderConfig

RELEASED = Path(__file__).parent / "weights" / "ear-1.safetensors"
_HINT = "Train with scripts/train-encoder, or restore the released weights from the package."


@dataclass(frozen=True)
class Ear:
    """An encoder ready to listen, computing in float32, and the SHA-256 of its weights file."""

    network: Encoder
    digest: bytes


def save_encoder(network: Encoder, path: Path) -> str:
    """Write the weights in fp16; returns the file's SHA-256 in hex."""
    tensors = {
        name: value.detach().half().contiguous() if value.is_floating_point() else value
        for name, value in network.state_dict().items()
    }
    data = save(tensors, metadata={"config": json.dumps(network.config.to_dict(), sort_keys=True)})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def load_ear(path: Path | None = None) -> Ear:
    """The encoder of a weights file, by default the released one, checked against the digest beside it.

    Raises NotFound without the file or its digest, StoreError where the two disagree or the file is another.
    """
    path = path or RELEASED
    data, digest = weights_file.read_checked(path, _HINT)
    return Ear(_network(data, path), digest)


def _network(data: bytes, path: Path) -> Encoder:
    try:
        size = int.from_bytes(data[:8], "little")
        config = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["config"])
        network = Encoder(EncoderConfig(**{**config, "lags": tuple(config["lags"])}))
        network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in load(data).items()})
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise StoreError(f"{path.name} is not a weights file of this encoder ({error}).", _HINT) from error
    return network.to(torch.float32).eval().requires_grad_(False)
