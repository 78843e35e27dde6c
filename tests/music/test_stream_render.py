"""A piece streamed bar by bar is the piece."""

from itertools import chain

import numpy as np
import pytest

from contrafact.domain.generation import EventNote
from contrafact.domain.shares import PPM
from contrafact.music.render import SAMPLE_RATE, frames_at, render_mix
from contrafact.music.renderer import played
from contrafact.music.stream_render import StreamRenderer
from contrafact.music.summing import layers, place

BAR, TEMPO = 96, 137  # a tempo at which bars do not begin on whole frames
ALL = (PPM,)


def piece(bars: int) -> list[list[EventNote]]:
    """The notes of each bar: melody, chords that ring into the next bar, bass, drums; the third bar is empty."""
    rng = np.random.default_rng(4)
    made = []
    for bar in range(bars):
        start = bar * BAR
        notes = [EventNote(bar, start + 12 * i, 12, int(rng.integers(62, 84)), ALL) for i in range(8)]
        notes += [EventNote(bar, start + 48, 72, 55 + step, ALL, "harmony", 70) for step in (0, 4, 7)]
        notes += [EventNote(bar, start, 48, 36, ALL, "bass", 80), EventNote(bar, start + 95, 6, 38, ALL, "drums", 80)]
        made.append([] if bar == 2 else notes)
    return made


def test_the_sums_of_the_bars_are_the_sums_of_the_whole_exactly() -> None:
    bars = piece(5)
    stream = StreamRenderer(TEMPO)
    chunks = [stream.sums(notes, (i + 1) * BAR) for i, notes in enumerate(bars)]
    assert [chunk.shape[1] for chunk in chunks] == np.diff([frames_at(i * BAR, TEMPO) for i in range(6)]).tolist()
    tail = stream.sums([], 6 * BAR)
    sounds = [place(n, TEMPO) for track in played(chain(*bars)).values() for n in track]
    whole = np.concatenate([rows.sum(1) for _, _, rows in layers(sounds)], axis=1)
    streamed = np.concatenate([*chunks, tail], axis=1)
    length = min(whole.shape[1], streamed.shape[1])
    assert length > 5 * SAMPLE_RATE
    assert np.array_equal(streamed[:, :length], whole[:, :length])
    assert not streamed[:, length:].any()


def test_at_the_factor_of_the_mix_what_is_streamed_is_the_mix() -> None:
    bars = piece(4)
    tracks = played(chain(*bars))
    whole = render_mix([note for track in tracks.values() for note in track], TEMPO)
    stream = StreamRenderer(TEMPO, factor=whole.factor)
    chunks = [stream.bar(notes, (i + 1) * BAR) for i, notes in enumerate(bars)]
    assert np.array_equal(np.concatenate([*chunks, stream.finish()]), whole.mix)
    assert stream.clipped == 0


def test_nothing_is_left_after_the_end() -> None:
    stream = StreamRenderer(TEMPO)
    stream.bar(piece(1)[0], BAR)
    assert stream.finish().any()
    assert stream.finish().shape == (0, 2)


def test_a_piece_without_notes_is_silence() -> None:
    stream = StreamRenderer(TEMPO)
    assert stream.bar([], BAR).shape == (frames_at(BAR, TEMPO), 2)
    assert stream.finish().shape == (0, 2)


def test_what_does_not_fit_into_16_bits_is_cut_and_counted() -> None:
    stream = StreamRenderer(TEMPO, factor=64 * 1024)
    pcm = stream.bar(piece(1)[0], BAR)
    at_the_end = int(((pcm == 32_767) | (pcm == -32_768)).sum())
    assert 0 < stream.clipped <= at_the_end < stream.clipped + 10  # a few have the largest value without being cut


def test_the_packaged_factor_does_not_clip_an_ordinary_piece() -> None:
    stream = StreamRenderer(TEMPO)
    chunks = [stream.bar(notes, (i + 1) * BAR) for i, notes in enumerate(piece(4))]
    assert stream.clipped == 0
    assert max(int(np.abs(chunk.astype(int)).max()) for chunk in chunks) > 4_000


@pytest.mark.parametrize("onset", [BAR - 1, 2 * BAR])
def test_a_note_of_another_bar_is_refused(onset: int) -> None:
    stream = StreamRenderer(TEMPO)
    stream.bar([], BAR)
    with pytest.raises(ValueError, match="bar"):
        stream.bar([EventNote(1, onset, 12, 60, ALL)], 2 * BAR)
