"""Distances and measures of form say what they are said to say."""

from __future__ import annotations

from collections import Counter

import pytest

from contrafact.domain.generation import EventNote, MusicRequest
from contrafact.errors import InvalidInput
from contrafact.evaluation.distributions import Tone, Tune, jensen_shannon, tune_of
from contrafact.evaluation.quality import (
    compass,
    density,
    distance_rows,
    ends_on_tonic,
    form_rows,
    loss_rows,
    quality_rows,
    repeated_bars,
)
from contrafact.music.pack import load_pack
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm
from tests.music.tiny import model

TWO_FOUR = Metre(2, 4)


def tune(*bars: tuple[int, ...]) -> Tune:
    tones = [Tone(48 * b + 12 * i, 12, pitch) for b, bar in enumerate(bars) for i, pitch in enumerate(bar)]
    return Tune(TWO_FOUR, tuple(tones))


@pytest.fixture(scope="module")
def forms() -> list[SourceForm]:
    found = [SourceForm.from_score(t.score) for t in load_pack().by_role("validation")]
    return [form for form in found if form.metre == Metre(6, 8)][:24]


def test_distance_is_zero_for_the_same_and_one_for_nothing_in_common():
    assert jensen_shannon(Counter("aab"), Counter("aabaab")) == 0
    assert jensen_shannon(Counter("a"), Counter("b")) == pytest.approx(1)
    assert jensen_shannon(Counter("a"), Counter("ab")) == pytest.approx(jensen_shannon(Counter("ab"), Counter("a")))


def test_measures_of_form():
    piece = tune((0, 4, 7, 4), (2, 5, 9, 5), (0, 4, 7, 4), (7, 12))
    assert repeated_bars(piece) == pytest.approx(1 / 4)
    assert compass(piece) == 12
    assert density(piece) == pytest.approx(14 / 8)
    assert ends_on_tonic(piece) == 1
    assert ends_on_tonic(tune((0, 2))) == 0


def test_real_tunes_are_at_the_floor_and_noise_is_far_above_it(forms):
    real = [tune_of(form) for form in forms]
    noise = [Tune(t.metre, tuple(Tone(n.onset + 1, 5, (i * 7) % 25) for i, n in enumerate(t.tones))) for t in real[:8]]
    near = {row.id: row.value for row in distance_rows(real[:8], real)}
    far = {row.id: row.value for row in distance_rows(noise, real)}
    for name in ("pitch", "duration", "onset", "interval"):
        assert near[f"quality_{name}"] < 2 * near[f"quality_{name}_floor"]
        assert far[f"quality_{name}"] > 2 * far[f"quality_{name}_floor"]


def test_the_same_pieces_give_the_same_rows(forms):
    real = [tune_of(form) for form in forms]
    assert distance_rows(real[:4], real) == distance_rows(real[:4], real)
    assert form_rows(real[:4], real) == form_rows(real[:4], real)


def test_a_metre_without_real_tunes_is_an_error(forms):
    with pytest.raises(InvalidInput, match="2/4"):
        distance_rows([tune((0, 2))], [tune_of(form) for form in forms])


def test_pieces_are_read_from_their_tonic_and_by_their_melody(forms):
    music = MusicRequest(20, 100, 7, "major", (6, 8))
    melody = EventNote(0, 0, 36, 67, (1_000_000,))
    bass = EventNote(0, 0, 36, 41, (1_000_000,), "bass")
    again = EventNote(0, 36, 36, 67, (1_000_000,))
    rows = {
        row.id: row for row in quality_rows(model().network, forms[:4], [((bass, melody, again), music)] * 2, forms)
    }
    assert rows["quality_ending"].value == 1
    assert rows["quality_range"].value == 0
    assert rows["quality_density"].value == pytest.approx(2 / 3)


def test_losses_leave_the_network_as_it_is(forms):
    network = model().network
    rows = {row.id: row for row in loss_rows(network, forms[:4])}
    assert rows["quality_nll_source"].value > 0
    assert rows["quality_nll_source_note"].value > 2 * rows["quality_nll_source"].value
    assert {str(p.dtype) for p in network.parameters()} == {"torch.float64"}
