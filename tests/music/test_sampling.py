from __future__ import annotations

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from contrafact.music import sampling as s

weights = arrays(float, st.integers(1, 20), elements=st.floats(0, 1)).filter(lambda w: w.sum() > 1e-6)
integers = st.integers(0, s.SCALE - 1)


def test_the_stream_is_sha256_of_seed_and_counter() -> None:
    seed = bytes(range(32))
    text = b"contrafact/draw/1" + seed + (7).to_bytes(8, "big")
    assert s.drawn_integer(seed, 7) == int.from_bytes(hashlib.sha256(text).digest()[:4], "big")


@given(weights, integers)
def test_a_drawn_token_has_a_weight_and_a_positive_margin(w: s.Floats, drawn: int) -> None:
    boundaries = s.cumulative(w)
    token = s.token_at(boundaries, drawn)
    assert w[token] > 0
    assert s.margin(boundaries, token, drawn) > 0


@given(weights, integers)
def test_the_margin_of_any_other_token_is_not_positive(w: s.Floats, drawn: int) -> None:
    boundaries = s.cumulative(w)
    token = s.token_at(boundaries, drawn)
    assert all(s.margin(boundaries, other, drawn) <= 0 for other in range(len(w)) if other != token)


@given(weights, integers)
def test_the_margin_is_what_a_boundary_must_move(w: s.Floats, drawn: int) -> None:
    boundaries = s.cumulative(w)
    token = s.token_at(boundaries, drawn)
    by = s.margin(boundaries, token, drawn)
    if by < s.SCALE:
        moved = [np.clip(boundaries + sign * by, 0, s.SCALE) for sign in (1, -1)]
        for m in moved:
            m[-1] = s.SCALE
        assert any(s.token_at(m, drawn) != token for m in moved)


def test_draws_follow_the_weights() -> None:
    sampler = s.Sampler(bytes(32))
    counts = np.bincount([sampler.draw(np.array([1.0, 0.0, 3.0])) for _ in range(4000)], minlength=3)
    np.testing.assert_allclose(counts / 4000, [0.25, 0, 0.75], atol=0.03)
