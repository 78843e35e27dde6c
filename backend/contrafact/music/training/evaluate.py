"""Held-out losses in nats a token: what the experts and the base make of tunes of unseen families."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from contrafact.music.model import Network
from contrafact.music.source_form import SourceForm
from contrafact.music.training.batches import collate, losses
from contrafact.music.training.examples import Example, make_example, other_half, variation_of

BATCH = 16


def heldout(network: Network, forms: Sequence[SourceForm], seed: int = 7) -> dict[str, float]:
    """Losses on one example a tune of the training mixture of variations and other halves.

    There are no medleys, no source drop-out, and the arithmetic is float32.
    """
    mixture = _measure(network, forms, seed, lambda rng, form: make_example(rng, form, (), medleys=False))
    return {"test_source": mixture[0], "test_base": mixture[1]}


def heldout_by_kind(network: Network, forms: Sequence[SourceForm], seed: int = 7) -> dict[str, float]:
    """The losses of each kind of source alone: a variation of the target, or its other half."""
    result: dict[str, float] = {}
    result["variation_source"], result["variation_base"] = _measure(network, forms, seed, variation_of)
    long = [form for form in forms if len(form.body) >= 8]
    result["half_source"], result["half_base"] = _measure(network, long, seed, other_half)
    return result


def _measure(
    network: Network,
    forms: Sequence[SourceForm],
    seed: int,
    make: Callable[[np.random.Generator, SourceForm], Example],
) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    examples = sorted((make(rng, form) for form in forms), key=lambda e: len(e.target))
    sums = np.zeros(4)
    network.eval()
    for start in range(0, len(examples), BATCH):
        with torch.inference_mode():
            part = losses(network, collate(examples[start : start + BATCH]))
        sums += [float(x) for x in (part.expert, part.base, part.expert_tokens, part.base_tokens)]
    return sums[0] / max(sums[2], 1), sums[1] / max(sums[3], 1)
