"""Audio files and the digest of sound."""

import hashlib
import io
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from contrafact.errors import InvalidInput
from contrafact.music.audio import FlacWriter, pcm_digest, read_pcm, write_flac


def noise(seed: int, frames: int = 4_800, channels: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).integers(-32_768, 32_768, (frames, channels), np.int16)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3_000), st.integers(1, 2))
def test_flac_loses_nothing(seed: int, frames: int, channels: int) -> None:
    pcm = noise(seed, frames, channels)
    back, rate = read_pcm(write_flac(pcm))
    assert rate == 48_000
    assert np.array_equal(back, pcm)
    assert pcm_digest(back) == pcm_digest(pcm)


def test_a_file_written_in_blocks_is_the_file_and_digest_of_the_whole() -> None:
    pcm = noise(2, 20_000)
    writer = FlacWriter(len(pcm))
    for begin in range(0, len(pcm), 8_192):
        writer.write(pcm[begin : begin + 8_192])
    writer.close()
    assert np.array_equal(read_pcm(writer.data)[0], pcm)
    assert writer.digest == pcm_digest(pcm)


@pytest.mark.parametrize(("frames", "word"), [(4_799, "many"), (4_801, "few")])
def test_a_file_of_another_length_than_announced_is_refused(frames: int, word: str) -> None:
    writer = FlacWriter(frames)
    writer.write(noise(2))
    with pytest.raises(ValueError, match=word):
        writer.close()


def test_the_digest_is_the_documented_one() -> None:
    pcm = np.array([[1, -2], [300, -32_768]], np.int16)
    expected = b"contrafact-pcm/1" + struct.pack("<III", 48_000, 2, 2) + struct.pack("<4h", 1, -2, 300, -32_768)
    assert pcm_digest(pcm) == hashlib.sha256(expected).digest()


def test_the_digest_tells_rate_shape_and_samples_apart() -> None:
    pcm = noise(1)
    changed = pcm.copy()
    changed[100, 1] ^= 1
    digests = {pcm_digest(pcm), pcm_digest(pcm, 44_100), pcm_digest(pcm.reshape(-1, 1)), pcm_digest(changed)}
    assert len(digests) == 4


def test_a_damaged_file_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_pcm(b"fLaC" + bytes(100))


def test_a_file_of_another_depth_is_refused() -> None:
    buffer = io.BytesIO()
    soundfile.write(buffer, noise(2), 48_000, format="FLAC", subtype="PCM_24")
    with pytest.raises(InvalidInput, match="16-bit"):
        read_pcm(buffer.getvalue())
