"""Sound becomes vectors: a transposition is a shift, a key is not heard, files are guarded."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.music import ears

from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.music.embedding.encoder import Encoder
from contrafact.music.embedding.listening import hear, work_vectors
from contrafact.music.embedding.playing import sound_of
from contrafact.music.embedding.spectrum import BANDS, LOWEST, RATE, at_rate, band_power
from contrafact.music.embedding.weights import load_ear, save_encoder
from contrafact.music.embedding.windows import TEMPI, WINDOW, analysed, cut
from contrafact.music.render import render_mix
from contrafact.music.renderer import played


def _tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)


@pytest.mark.parametrize("pitch", [48, 60, 62, 63, 69, 79, 80, 93, 105])
def test_a_tone_is_loudest_in_its_own_band(pitch: int) -> None:
    power = band_power(_tone(440 * 2 ** ((pitch - 69) / 12)), 800)
    assert int(power[10].argmax()) == pitch - LOWEST


def test_a_frame_is_about_the_sample_at_its_hop() -> None:
    silence = np.zeros(RATE, np.float32)
    power = band_power(np.concatenate((silence, _tone(880.0))), 800)
    levels = power[:, 81 - LOWEST]
    assert levels[17] < 1e-3 * levels[25] < levels[22]
    assert power.shape == (1 + 2 * RATE // 800, BANDS)


def test_works_sound_as_the_renderer_makes_them_but_for_loudness() -> None:
    notes = ears.notes(1, 12)
    ours = sound_of(notes, 120)
    mix = render_mix([note for track in played(notes).values() for note in track], 120).mix
    theirs = at_rate(mix.mean(1, dtype=np.float32) / 32_768, 48_000)
    length = min(len(ours), len(theirs))
    assert np.corrcoef(ours[:length], theirs[:length])[0, 1] > 0.9999


def test_powers_moved_by_semitones_give_the_same_vector() -> None:
    network = ears.ear().network
    power = torch.full((1, 160, BANDS), 1e-6)
    rng = np.random.default_rng(0)
    for frame in range(0, 160, 8):
        power[0, frame : frame + 6, int(rng.integers(30, 42))] = 1.0
    moved = power.roll(7, 2)
    with torch.inference_mode():
        one, other = network(power)[0], network(moved)[0]
    assert float(one @ other) > 0.999
    assert float(one.norm()) == pytest.approx(1, abs=1e-5)


def test_twice_as_fast_read_at_twice_the_tempo_has_as_many_frames() -> None:
    slow, fast = analysed(_tone(440, 20.0)), analysed(_tone(440, 10.0))
    assert cut(slow, 1.0, 120).shape == cut(fast, 2.0, 120).shape


def test_windows_reach_up_to_the_end_and_a_short_sound_is_filled_up() -> None:
    analysis = analysed(_tone(440, 29.0), own_tempo=True)
    windows = cut(analysis, 1.0, 100)
    assert windows.shape[1:] == (WINDOW, BANDS)
    assert torch.equal(windows[-1], analysis.power[-WINDOW:])
    assert cut(analysed(_tone(440, 4.5)), 1.0, 100).shape == (1, 120, BANDS)


def test_what_is_read_at_the_own_tempo_is_the_same_by_either_analysis() -> None:
    sound = ears.sound(4)
    exact, coarse = analysed(sound), analysed(sound, own_tempo=True)
    assert torch.allclose(cut(exact, 1.0, 80), cut(coarse, 1.0, 80), rtol=1e-3, atol=1e-9)


def test_a_recording_is_heard_at_every_tempo_and_a_work_at_its_own() -> None:
    heard = hear(ears.ear(), ears.sound(5))
    assert heard.tempi == TEMPI
    assert all(np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4) for vectors in heard.vectors)
    assert work_vectors(ears.ear(), ears.sound(5)).shape[1] == ears.CONFIG.size


@pytest.mark.parametrize(("sound", "says"), [(np.zeros(10 * RATE), "silent"), (_tone(440, 2.0), "2.0 s")])
def test_silence_and_short_sound_are_refused(sound: np.ndarray, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        hear(ears.ear(), sound.astype(np.float32))


def test_weights_come_back_as_they_were_saved(tmp_path: Path) -> None:
    file = tmp_path / "ear.safetensors"
    network = Encoder(ears.CONFIG).eval()
    digest = save_encoder(network, file)
    with pytest.raises(NotFound):
        load_ear(file)
    file.with_suffix(".sha256").write_text(f"{digest}  {file.name}\n")
    loaded = load_ear(file)
    assert loaded.digest.hex() == digest
    assert loaded.network.config == ears.CONFIG
    power = torch.rand(2, 130, BANDS)
    with torch.inference_mode():
        assert torch.allclose(loaded.network(power), network(power), atol=2e-2)


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "ear.safetensors"
    digest = save_encoder(Encoder(ears.CONFIG), file)
    file.with_suffix(".sha256").write_text(f"{digest}  {file.name}\n")
    file.write_bytes(file.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(StoreError, match="SHA-256"):
        load_ear(file)


def test_another_safetensors_file_is_no_encoder(tmp_path: Path) -> None:
    from safetensors.numpy import save

    file = tmp_path / "ear.safetensors"
    file.write_bytes(save({"x": np.zeros(3, np.float32)}, metadata={"config": json.dumps({"size": 4})}))
    import hashlib

    file.with_suffix(".sha256").write_text(hashlib.sha256(file.read_bytes()).hexdigest())
    with pytest.raises(StoreError, match="not a weights file"):
        load_ear(file)
