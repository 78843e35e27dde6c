"""Comparing sound: digests of samples, and whether stems add up to the mix."""

from __future__ import annotations

import sys
from array import array
from operator import sub

from contrafact.audit.order_files import Sound
from contrafact.audit.ports import Decoded
from contrafact.errors import InvalidInput


def digests(files: tuple[Decoded, ...]) -> Sound:
    """Digests of the mix and of the stems that follow it."""
    mix, *stems = files
    return Sound(mix.digest, tuple(stem.digest for stem in stems))


def stem_error(files: tuple[Decoded, ...]) -> int:
    """Largest |mix − Σ stems| over the samples, in steps of 16 bits. Raises InvalidInput for unequal lengths."""
    if len({len(file.samples) for file in files}) != 1:
        raise InvalidInput("The stems are not as long as the piece.")
    mix, *stems = (_samples(file.samples) for file in files)
    rest = array("i", mix)
    for stem in stems:
        rest = array("i", map(sub, rest, stem))
    return max(map(abs, rest), default=0)


def _samples(pcm: bytes) -> array[int]:
    samples = array("h", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples
