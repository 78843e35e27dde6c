"""Influence: gradients of the base, their sketches, estimates from them, and the features of the training works."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from contrafact.domain.digests import sha256
from contrafact.domain.generation import MELODY, EventLedger, EventNote, MusicRequest, Voice
from contrafact.errors import NotFound, StoreError
from contrafact.influencing import payable
from contrafact.music import tokens as t
from contrafact.music.checkpoint import save_weights
from contrafact.music.influence.base import Base
from contrafact.music.influence.estimators import cosine, tracin, trak
from contrafact.music.influence.examples import windows, windows_of_piece
from contrafact.music.influence.features import Features, Influence, measure
from contrafact.music.influence.gradients import Sketch, gradient, gradients, signs
from contrafact.music.layers import ModelConfig
from contrafact.music.manifest import training_list
from contrafact.music.model import Network, stacked
from contrafact.music.pack import load_pack
from contrafact.music.source_form import SourceForm

TINY = ModelConfig(width=16, heads=2, layers=1, hidden=16, expert_layers=1, dropout=0.0)
TUNES = load_pack().by_role("train")[:6]


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(3)
    return Network(TINY).eval()


@pytest.fixture(scope="module")
def weights(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    save_weights(network, path)
    return path


@pytest.fixture(scope="module")
def features(weights: Path) -> Features:
    return measure({sha256(tune.file): tune for tune in TUNES}, weights, size=2048)


def forms() -> list[SourceForm]:
    return [SourceForm.from_score(tune.score) for tune in TUNES]


def piece(form: SourceForm, tonic: int) -> tuple[EventLedger, MusicRequest]:
    """A tune played as if it had been generated, in another key."""
    notes, ticks = [], form.metre.ticks
    for number, bar in enumerate(form.body):
        now = number * ticks
        for event in bar:
            if event.pitch is not None:
                notes.append(EventNote(number, now, event.duration, 60 + tonic + event.pitch, (1_000_000,)))
            now += event.duration
    metre = (form.metre.beats, form.metre.unit)
    music = MusicRequest(30, 120, tonic, form.mode, metre, (Voice(MELODY, 73),))
    return EventLedger(("base",), tuple(notes), ()), music


def test_windows_hold_every_bar_once_and_are_no_longer_than_asked() -> None:
    form = max(forms(), key=lambda form: len(form.body))
    found = windows(form, 64)
    assert len(found) > 1
    assert all(len(window) <= 65 for window in found)  # and the token of the end
    bars = [token for window in found for token in window.tokens[2:] if token != t.END]
    assert bars == list(t.write_bars(form.body))


def test_a_piece_is_read_as_the_tune_it_plays_in_whatever_key() -> None:
    form = next(form for form in forms() if all(e.pitch is not None for bar in form.body for e in bar))
    for tonic in (0, 7):
        for mine, read in zip(windows(form, 96), windows_of_piece(*piece(form, tonic), 96), strict=True):
            assert np.array_equal(mine.tokens, read.tokens)


def test_a_gradient_foretells_what_a_small_step_does_to_the_loss() -> None:
    base, example = Base(Network(TINY).double()), windows(forms()[0], 96)[:1]
    direction, step = gradient(base, example), 1e-5
    before = base(stacked(example)).item()
    with torch.no_grad():
        parts = direction.split([parameter.numel() for parameter in base.learnt])
        for parameter, part in zip(base.learnt, parts, strict=True):
            parameter.sub_(step * part.view_as(parameter))
    after = base(stacked(example)).item()
    assert (before - after) / step == pytest.approx(float(direction @ direction), rel=1e-3)


def test_the_expert_has_no_part_in_the_base(network: Network) -> None:
    names = {id(p): name for name, p in network.named_parameters()}
    learnt = {names[id(p)] for p in Base(network).learnt}
    assert learnt == {name for name, _ in network.named_parameters() if not name.startswith("expert.")}


def test_products_of_sketches_are_those_of_the_vectors_on_average() -> None:
    one, other = torch.randn(2, 500, generator=torch.Generator().manual_seed(1))
    found = [float(Sketch(500, 64, seed)(one) @ Sketch(500, 64, seed)(other)) for seed in range(400)]
    error = np.std(found) / 20
    assert abs(np.mean(found) - float(one @ other)) < 4 * error


def test_the_dual_form_of_trak_is_the_primal_one() -> None:
    rng = np.random.default_rng(0)
    works, queries = rng.normal(size=(7, 30)), rng.normal(size=(3, 30))
    damping = 0.1 * np.mean((works**2).sum(axis=1))
    primal = queries @ np.linalg.inv(works.T @ works + damping * np.eye(30)) @ works.T
    assert np.allclose(trak([queries @ works.T], [works @ works.T], 0.1), primal)


def test_the_other_estimates_are_products_and_cosines() -> None:
    products = np.array([[2.0, 0.0]])
    assert np.allclose(tracin([products, products], [0.5, 1.5]), [[2.0, 0.0]])
    assert np.allclose(cosine([products], [np.array([4.0])], [np.array([1.0, 9.0])]), [[1.0, 0.0]])


def test_a_copy_of_a_training_tune_is_influenced_most_by_that_tune(features: Features, weights: Path) -> None:
    influence = Influence(features, weights)
    for tune, form in zip(TUNES, forms(), strict=True):
        scores = influence.of_training_works(*piece(form, 2))
        assert max(scores, key=lambda content: scores[content]) == features.contents[TUNES.index(tune)]


def test_a_source_that_is_the_piece_itself_has_the_highest_score(features: Features, weights: Path) -> None:
    influence = Influence(features, weights)
    given = [form.to_bytes() for form in forms()]
    for i, form in enumerate(forms()):
        assert int(np.argmax(influence.of_forms(*piece(form, 5), given))) == i


def test_features_come_back_from_their_file_and_take_a_bit_a_number(features: Features, tmp_path: Path) -> None:
    features.save(tmp_path / "features")
    found = Features.load(tmp_path / "features")
    assert (found.weights, found.contents) == (features.weights, features.contents)
    assert np.array_equal(found.rows, features.rows)
    assert (tmp_path / "features").stat().st_size < 1000 + len(TUNES) * (features.rows.shape[1] // 8 + 40)


def test_signs_keep_the_length_of_a_row_and_most_of_its_direction() -> None:
    rows = torch.randn(4, 4096, generator=torch.Generator().manual_seed(2))
    kept = signs(rows)
    assert torch.allclose(kept.norm(dim=1), rows.norm(dim=1))
    assert torch.all((kept * rows).sum(1) / (rows**2).sum(1) > 0.75)  # √(2/π) for numbers at random


def test_features_of_other_weights_are_refused(features: Features, tmp_path: Path) -> None:
    torch.manual_seed(4)
    save_weights(Network(TINY), tmp_path / "other.safetensors")
    with pytest.raises(StoreError, match="not of these"):
        Influence(features, tmp_path / "other.safetensors")
    with pytest.raises(NotFound, match="no features"):
        Features.load(tmp_path / "missing")


def test_a_pool_is_shared_by_whole_numbers_and_nothing_is_below_zero() -> None:
    assert payable({b"a": 0.5, b"b": -1.0, b"c": 2.0}) == {b"a": 250_000, b"b": 0, b"c": 1_000_000}
    assert payable({b"a": -0.5, b"b": 0.0}) == {b"a": 1, b"b": 1}


def test_gradients_stand_in_the_order_of_the_examples(network: Network) -> None:
    base, two = Base(network), [windows(form, 64)[0] for form in forms()[:2]]
    both = gradients(base, two)
    assert torch.equal(both[1], gradient(base, two[1:]))


def test_the_released_features_are_of_the_released_weights_and_all_its_works() -> None:
    features = Features.load()
    assert set(features.contents) == set(training_list().tunes)
    assert Influence(features).weights == features.weights
