"""Recordings as sources. All are rendered from the catalogue's melodies: no recording of players is at hand."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import rendered

from contrafact.errors import InvalidScore, NotFound
from contrafact.music.listening import pitch_model
from contrafact.music.listening.heard import HeardNote
from contrafact.music.listening.melody import melody_line
from contrafact.music.listening.recording import MELODIC, drafted, read_audio
from contrafact.music.listening.transcription import transcribe
from contrafact.music.midi import PlayedNote
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.reading import MAX_BYTES, read_score
from contrafact.music.reading.draft import to_score
from contrafact.music.render import SAMPLE_RATE, render_mix
from contrafact.music.score import Key, Score
from contrafact.music.source_form import SourceForm

BACKEND = Path(__file__).parents[2] / "backend"
FLUTE, PIANO, VIOLIN = 73, 0, 40
# Chosen before they were listened to: the first catalogue tunes by these ids, an instrument and a tempo for each.
PERFORMANCES = (
    ("oneill/0186", PIANO, 95),
    ("oneill/0625", FLUTE, 100),
    ("oneill/1656", VIOLIN, 138),
    ("oneill/1781", PIANO, 120),
    ("ryan/lanigans-ball-jig", VIOLIN, 113),
    ("bach/bwv288", FLUTE, 115),
)
TUNE, INSTRUMENT, TEMPO = PERFORMANCES[0]


@cache
def recording(tune_id: str = TUNE, program: int = INSTRUMENT, tempo: int = TEMPO, kind: str = "FLAC") -> bytes:
    return rendered.encoded(rendered.sounding(load_pack().tune(tune_id).score, program, tempo), kind)


@cache
def heard(tune_id: str, program: int, tempo: int) -> Score:
    return read_score(recording(tune_id, program, tempo), "song.flac")


@cache
def transcribed(tune_id: str, program: int, tempo: int) -> tuple[HeardNote, ...]:
    sound = rendered.mono(rendered.sounding(load_pack().tune(tune_id).score, program, tempo))
    return tuple(transcribe(sound, SAMPLE_RATE, MELODIC))


def true_notes(tune_id: str, tempo: int) -> list[tuple[float, int]]:
    """Onset in seconds and pitch of what was played."""
    seconds_a_tick = 60 / tempo / 24
    played = rendered.played(load_pack().tune(tune_id).score, 0)
    return [(note.onset * seconds_a_tick, note.pitch) for note in played]


def found(heard_notes: list[HeardNote], truth: list[tuple[float, int]]) -> int:
    """How many notes that were played have a heard one of their own, of their pitch and within 75 ms."""
    left = list(heard_notes)
    count = 0
    for onset, pitch in truth:
        match = next((note for note in left if note.pitch == pitch and abs(note.start_s - onset) < 0.075), None)
        if match is not None:
            left.remove(match)
            count += 1
    return count


def five_grams(form: SourceForm) -> Counter[tuple[int, ...]]:
    """Runs of five successive intervals: what two forms of one melody share, whatever their bars."""
    pitches = [event.pitch for bar in form.bars for event in bar if event.pitch is not None]
    intervals = [after - before for before, after in pairwise(pitches)]
    return Counter(tuple(intervals[at : at + 5]) for at in range(len(intervals) - 4))


@cache
def catalogue_grams() -> list[tuple[PackedTune, Counter[tuple[int, ...]]]]:
    tunes = load_pack().by_role("catalogue")
    return [(tune, five_grams(SourceForm.from_score(tune.score))) for tune in tunes]


def nearest(form: SourceForm) -> PackedTune:
    """The catalogue tune with the largest cosine between bags of 5-grams."""
    wanted = five_grams(form)
    return max(catalogue_grams(), key=lambda entry: (wanted & entry[1]).total() / entry[1].total() ** 0.5)[0]


# ---- what is heard -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("performance", PERFORMANCES, ids=lambda performance: performance[0])
def test_rendered_melodies_are_heard_note_by_note(performance: tuple[str, int, int]) -> None:
    line = melody_line(transcribed(*performance))
    truth = true_notes(performance[0], performance[2])
    hits = found(line, truth)
    assert hits >= 0.85 * len(truth)
    assert hits >= 0.85 * len(line)


@pytest.mark.slow
@pytest.mark.parametrize("performance", PERFORMANCES, ids=lambda performance: performance[0])
def test_source_form_of_a_recording_is_nearest_to_its_own_tune(performance: tuple[str, int, int]) -> None:
    form = SourceForm.from_score(heard(*performance))
    assert nearest(form).family == load_pack().tune(performance[0]).family


@pytest.mark.slow
def test_tempo_metre_and_bars_are_found_in_a_plain_case() -> None:
    written, read = load_pack().tune(TUNE).score, heard(TUNE, INSTRUMENT, TEMPO)
    assert abs(read.tempo - TEMPO) <= 1
    assert read.metre == written.metre
    places = [(note.onset, note.pitch) for bar in written.bars[1:] for note in bar.notes]
    read_places = [(note.onset, note.pitch) for bar in read.bars[1:] for note in bar.notes]
    assert len(set(places) & set(read_places)) >= 0.9 * len(set(places))


@pytest.mark.slow
def test_melody_over_chords_and_drums_is_the_line_that_is_read() -> None:
    tune = load_pack().tune(TUNE)
    melody = rendered.played(tune.score, VIOLIN)
    bars = range(0, melody[-1].onset, tune.score.metre.ticks)
    chords = [PlayedNote(at, tune.score.metre.ticks, pitch, 60, PIANO) for at in bars for pitch in (45, 52, 57)]
    drums = [PlayedNote(at, 12, 42, 50, drums=True) for at in range(0, melody[-1].onset, 12)]
    sound = render_mix([*melody, *chords, *drums], TEMPO).mix
    assert nearest(SourceForm.from_score(read_audio(rendered.encoded(sound)))).family == tune.family


@pytest.mark.slow
def test_same_bytes_give_the_same_source_form_in_another_process(tmp_path: Path) -> None:
    file = tmp_path / "song.flac"
    file.write_bytes(recording())
    script = (
        "import sys; from pathlib import Path; from contrafact.music.reading import read_score;"
        "from contrafact.music.source_form import SourceForm;"
        "data = Path(sys.argv[1]).read_bytes();"
        "sys.stdout.buffer.write(SourceForm.from_score(read_score(data, 'audio/flac')).to_bytes())"
    )
    command = [sys.executable, "-c", script, str(file)]
    other = subprocess.run(command, capture_output=True, check=True, cwd=BACKEND).stdout
    assert other == SourceForm.from_score(heard(TUNE, INSTRUMENT, TEMPO)).to_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "media_type"), [("WAV", "audio/wav"), ("OGG", "audio/ogg"), ("MP3", "audio/mpeg"), ("WAV", "audio/x-wav")]
)
def test_every_format_holds_the_tune(kind: str, media_type: str) -> None:
    form = SourceForm.from_score(read_score(recording(kind=kind), media_type))
    assert nearest(form).id == TUNE


@pytest.mark.slow
@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000])
def test_sample_rate_does_not_change_the_pitch(rate: int) -> None:
    seconds = np.arange(2 * rate) / rate
    tone = (0.3 * np.sin(2 * np.pi * 440 * seconds)).astype(np.float32)
    notes = transcribe(tone, rate)
    assert max(notes, key=lambda note: note.amplitude).pitch == 69


def test_melody_line_follows_a_voice_through_what_rings_on_below_and_above() -> None:
    tune = [HeardNote(0.5 * i, 0.5 * i + 0.5, pitch, 0.7) for i, pitch in enumerate((72, 74, 76, 74, 72, 71, 72))]
    drone = [HeardNote(0.0, 3.5, 48, 0.5)]
    ringing = [HeardNote(note.start_s, note.end_s + 0.3, note.pitch, note.amplitude) for note in tune]
    assert [note.pitch for note in melody_line([*ringing, *drone])] == [72, 74, 76, 74, 72, 71, 72]
    assert all(one.end_s <= other.start_s for one, other in pairwise(melody_line(ringing)))
    assert melody_line([]) == []


# ---- beats and bars, of times alone ------------------------------------------------------------------------


def timed(score: Score, tempo: int, seed: int, wander: float = 0.0) -> list[HeardNote]:
    """A melody as if heard: onsets up to 20 ms off, and the tempo wandering slowly by a part of itself."""
    chance = np.random.default_rng(seed)
    line = []
    for note in rendered.played(score, 0):
        start, end = (tick * 60 / tempo / 24 for tick in (note.onset, note.onset + note.duration))
        shift = wander * np.sin(start / 5) * 5 + chance.uniform(-0.02, 0.02)
        line.append(HeardNote(float(start + shift), float(end + shift), note.pitch, 0.7))
    return sorted(line)


def test_most_catalogue_tunes_get_their_metre_and_tempo_from_inexact_times() -> None:
    alike = {(2, 2): (4, 4), (12, 8): (6, 8), (2, 4): (4, 4)}
    tunes = load_pack().by_role("catalogue")[::12]
    right = 0
    for seed, tune in enumerate(tunes):
        read = to_score(drafted(timed(tune.score, 110, seed)))
        metres = [(metre.beats, metre.unit) for metre in (read.metre, tune.score.metre)]
        same = alike.get(metres[0], metres[0]) == alike.get(metres[1], metres[1])
        right += same and abs(read.tempo - 110) <= 3
    assert right >= 0.75 * len(tunes)


def test_tempo_that_wanders_slowly_is_followed() -> None:
    scale = [PlayedNote(24 * i, 24, 60 + step) for i, step in enumerate((0, 4, 7, 4, 5, 9, 7, 2) * 12)]
    line = [HeardNote(n.onset / 48 * (1 + n.onset / 48_000), (n.onset + 24) / 48, n.pitch, 0.7) for n in scale]
    read = to_score(drafted(line))
    gaps = {after.onset - before.onset for bar in read.bars for before, after in pairwise(bar.notes)}
    assert len(gaps) == 1


# ---- what is refused ---------------------------------------------------------------------------------------


def noise(level: float = 0.1, seconds: int = 10) -> npt.NDArray[np.float64]:
    return np.random.default_rng(1).normal(0, level, 22_050 * seconds)


def drums() -> bytes:
    pattern = (36, 42, 38, 42, 45, 47, 50, 49)
    notes = [PlayedNote(12 * i, 12, pattern[i % 8], 100, drums=True) for i in range(96)]
    return rendered.encoded(render_mix(notes, 110).mix)


def wav(sound: npt.ArrayLike, rate: int = 22_050, subtype: str | None = None) -> bytes:
    return rendered.encoded(sound, "WAV", rate, subtype)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda: b"", "empty"),
        (lambda: b"no audio at all " * 100, "damaged, or no audio"),
        (lambda: recording()[: len(recording()) // 2], "damaged"),
        (lambda: wav(np.zeros(0)), "no sound in it"),
        (lambda: wav(np.zeros(22_050)), "is silent"),
        (lambda: wav(np.full(999, np.nan), subtype="FLOAT"), "no numbers"),
        (lambda: wav(np.zeros(8_000 * 601), 8_000), "longer than 10 minutes"),
        (lambda: wav(np.zeros(192_000 * 151, np.int16), 192_000), "frames, more than"),
        (lambda: wav(np.zeros(999), 384_000), "sample rate of 384000"),
        (lambda: wav(np.zeros(999), 4_000), "sample rate of 4000"),
        (lambda: wav(np.zeros((999, 4))), "4 channels"),
        (lambda: rendered.encoded(np.zeros(999), "AIFF"), "kind AIFF"),
        (lambda: bytes(64 * 1024 * 1024 + 1), "bytes, more than"),
        (lambda: wav(noise()), "Nothing pitched"),
        (drums, "Nothing pitched"),
        (lambda: wav(0.3 * np.sin(np.arange(220_500) * 0.125)), "melody has 1 notes"),
    ],
)
def test_unusable_recordings_are_refused_with_a_reason(data, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidScore) as refusal:
        read_score(data(), "song.WAV")
    assert said in refusal.value.message
    assert refusal.value.hint


def test_limit_of_score_files_is_not_that_of_recordings() -> None:
    with pytest.raises(InvalidScore, match="more than 1048576"):
        read_score(bytes(MAX_BYTES + 1), "song.mid")
    with pytest.raises(InvalidScore, match="damaged, or no audio"):
        read_score(bytes(MAX_BYTES + 1), "song.wav")


def test_without_onnxruntime_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    pitch_model._session.cache_clear()
    with pytest.raises(NotFound) as error:
        transcribe(np.zeros(22_050, np.float32), 22_050)
    assert "contrafact[generation]" in error.value.hint


def test_nothing_of_listening_is_loaded_before_a_recording_is_read() -> None:
    script = (
        "import sys, contrafact, contrafact.music.reading;"
        "print([name for name in ('onnxruntime', 'scipy', 'contrafact.music.listening') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, capture_output=True, text=True, check=True, cwd=BACKEND).stdout.strip() == "[]"


def test_short_recording_of_a_scale_has_the_scales_key() -> None:
    steps = (0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2, 0, 0)
    notes = [PlayedNote(24 * i, 24, 62 + step, program=PIANO) for i, step in enumerate(steps)]
    score = read_audio(rendered.encoded(render_mix(notes, 100).mix))
    assert score.key == Key(2, "major")
    assert score.tempo == pytest.approx(100, abs=2)
    assert [note.pitch for bar in score.bars for note in bar.notes][:8] == [62, 64, 66, 67, 69, 71, 73, 74]
