"""Seeds: what they bind."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.seeds import commitment, seed

from .strategies import digests

attempts = st.integers(0, 2**32 - 1)


@given(digests, digests, digests, attempts)
def test_a_seed_is_the_sha256_of_its_four_parts(order: bytes, salt: bytes, secret: bytes, attempt: int) -> None:
    message = order + salt + secret + bytes([attempt >> 24, attempt >> 16 & 255, attempt >> 8 & 255, attempt & 255])
    assert seed(order, salt, secret, attempt) == hashlib.sha256(message).digest()


@given(st.lists(digests, min_size=3, max_size=3, unique=True), attempts)
def test_every_part_changes_the_seed(parts: list[bytes], attempt: int) -> None:
    order, salt, secret = parts
    seeds = {
        seed(order, salt, secret, attempt),
        seed(salt, order, secret, attempt),
        seed(order, secret, salt, attempt),
        seed(order, salt, secret, (attempt + 1) % 2**32),
    }
    assert len(seeds) == 4


@given(digests)
def test_a_commitment_is_the_sha256_of_the_secret(secret: bytes) -> None:
    assert commitment(secret) == hashlib.sha256(secret).digest()


@pytest.mark.parametrize("attempt", [-1, 2**32])
def test_an_attempt_fits_four_bytes(attempt: int) -> None:
    with pytest.raises(OverflowError):
        seed(bytes(32), bytes(32), bytes(32), attempt)
