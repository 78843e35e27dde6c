"""Training of the encoder: views are functions of the seed, a run that was stopped goes on to the same weights."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.music import ears

from contrafact.music.embedding.playing import melody_of, sound_of
from contrafact.music.embedding.spectrum import BANDS
from contrafact.music.embedding.training import views
from contrafact.music.embedding.training.loop import Recipe, Run, info_nce
from contrafact.music.embedding.training.pairs import Corpus
from contrafact.music.embedding.training.palette import Palette
from contrafact.music.embedding.training.validate import retrieval
from contrafact.music.embedding.training.views import PLAIN, Tune, some_manner, tune_of, view
from contrafact.music.embedding.windows import WINDOW, analysed, cut
from contrafact.music.pack import load_pack

RECIPE = Recipe(minutes=1e4, batch=4, steps=4, evaluate_every=1e9, checkpoint_every=0, bf16=False, easy=0, curriculum=2)


@pytest.fixture(scope="module")
def palette() -> Palette:
    return Palette(programs=(24, 33, 73), low=55, high=83)


@pytest.fixture(scope="module")
def tunes() -> list[Tune]:
    found = (tune_of(tune) for tune in load_pack().by_role("train")[400:412])
    return [tune for tune in found if tune is not None]


@pytest.fixture(autouse=True)
def few_instruments(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, programs in (("MELODIC", (73,)), ("HARMONIC", (24,)), ("BASSES", (33,))):
        monkeypatch.setattr(views, name, programs)


def test_a_plain_view_is_near_to_what_is_rendered(palette: Palette) -> None:
    packed = load_pack().by_role("train")[401]
    tune = tune_of(packed)
    assert tune is not None
    made = view(palette, tune, PLAIN, 0, WINDOW, np.random.default_rng(0))
    rendered = cut(analysed(sound_of(melody_of(packed.score), packed.score.tempo), own_tempo=True), 1.0, 80)[0].numpy()
    assert np.corrcoef(_levels(made).ravel(), _levels(rendered).ravel())[0, 1] > 0.8


def test_a_view_in_another_key_is_shifted(palette: Palette, tunes: list[Tune]) -> None:
    one, other = (view(palette, tunes[0], replace(PLAIN, key=key), 0, 120, np.random.default_rng(0)) for key in (0, -3))
    alike = [
        np.corrcoef(_levels(one)[:, 12 + by : 60 + by].ravel(), _levels(other)[:, 12:60].ravel())[0, 1]
        for by in range(7)
    ]
    assert int(np.argmax(alike)) == 3


def test_batches_are_functions_of_seed_and_step_and_have_one_tune_a_family(palette: Palette, tunes: list[Tune]) -> None:
    corpus = Corpus.of(palette, [*tunes, replace(tunes[0], id="a variant")])
    one, other, later = corpus.batch(6, 1, 0), corpus.batch(6, 1, 0), corpus.batch(6, 1, 1)
    assert torch.equal(one[0], other[0])
    assert torch.equal(one[1], other[1])
    assert not torch.equal(one[0], later[0])
    assert one[0].shape == (6, WINDOW, BANDS)
    assert len(corpus.families) == len({tune.family for tune in tunes})


def test_without_freedom_pairs_differ_in_key_instrument_and_tempo_alone() -> None:
    manner = some_manner(np.random.default_rng(3), freedom=0.0)
    usual = (manner.band, manner.jitter_s, manner.detune, manner.dropped, manner.tilt, manner.legato)
    assert usual == (False, 0, 0, 0, 0, 1)
    assert manner.frame_s * manner.tempo == pytest.approx(PLAIN.frame_s)


def test_the_loss_is_that_of_choosing_among_the_batch() -> None:
    same = torch.eye(4)
    loss, hits = info_nce(same, same, 1.0)
    assert float(loss) == pytest.approx(-math.log(math.e / (math.e + 3)))
    assert hits == 1.0
    loss, hits = info_nce(same, same.roll(1, 0), 1.0)
    assert hits == 0.0


def test_a_run_that_was_stopped_goes_on_to_the_same_weights(
    palette: Palette, tunes: list[Tune], tmp_path: Path
) -> None:
    corpus = Corpus.of(palette, tunes)
    whole = Run(corpus, ears.CONFIG, RECIPE, tmp_path / "whole")
    whole.train(lambda network: {})
    first = Run(corpus, ears.CONFIG, RECIPE, tmp_path / "parts")
    for _ in range(2):
        first._one_step()
    first.save()
    second = Run(corpus, ears.CONFIG, RECIPE, tmp_path / "parts")
    assert second.step == 2
    second.train(lambda network: {})
    for one, other in zip(whole.average.state_dict().values(), second.average.state_dict().values(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)
    assert (tmp_path / "parts" / "log.jsonl").exists()


def test_validation_counts_ranks_of_tunes_among_others(palette: Palette, tunes: list[Tune]) -> None:
    found = retrieval(ears.ear().network, palette, tunes[:3], tunes[3:6])
    assert 0 <= found["rank_1"] <= found["mrr"] <= 1


def _levels(power: np.ndarray) -> np.ndarray:
    return np.maximum(10 * np.log10(power / power.max() + 1e-9), -40)
