"""Which key a melody is in: the one its file declares if the notes agree, else the best-fitting one."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.music.score import Key, Note

# C. L. Krumhansl and E. J. Kessler (1982), probe-tone ratings of the twelve scale steps from the tonic.
_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
_SCALES = {
    "major": {0, 2, 4, 5, 7, 9, 11},
    "minor": {0, 2, 3, 5, 7, 8, 9, 10, 11},
    "dorian": {0, 2, 3, 5, 7, 9, 10},
    "mixolydian": {0, 2, 4, 5, 7, 9, 10},
}
# Sequencers write C major into files they know no key of, so a declared key must hold most of the sound.
_LEAST_IN_SCALE = 0.8


def settle_key(declared: Key | None, notes: Sequence[Note]) -> Key:
    """The declared key if at least four fifths of the sounding time lie in its scale, else the detected one."""
    weights = [0] * 12
    for note in notes:
        weights[note.pitch % 12] += note.duration
    if declared is not None:
        inside = sum(weights[(declared.tonic + step) % 12] for step in _SCALES[declared.mode])
        if inside >= _LEAST_IN_SCALE * sum(weights):
            return declared
    return _best_fit(weights)


def _best_fit(weights: Sequence[int]) -> Key:
    """Krumhansl–Schmuckler: the key whose profile correlates best with the time each pitch class sounds."""
    candidates = [Key(tonic, mode) for mode in _PROFILES for tonic in range(12)]
    return max(candidates, key=lambda key: _correlation(weights, key))


def _correlation(weights: Sequence[int], key: Key) -> float:
    profile = _PROFILES[key.mode]
    rotated = [profile[(step - key.tonic) % 12] for step in range(12)]
    mean_w, mean_p = sum(weights) / 12, sum(profile) / 12
    product = sum((w - mean_w) * (p - mean_p) for w, p in zip(weights, rotated, strict=True))
    spread = sum((w - mean_w) ** 2 for w in weights) * sum((p - mean_p) ** 2 for p in profile)
    return product / spread**0.5 if spread else 0.0
