"""A ledger of a piece in parts becomes mix, stems and MIDI."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest

from contrafact.domain.generation import EventLedger, EventNote, MusicRequest, Voice
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput
from contrafact.music.audio import pcm_digest, read_pcm
from contrafact.music.levels import SEATS, volume_of
from contrafact.music.loudness import integrated_loudness
from contrafact.music.midi import PlayedNote
from contrafact.music.render import SAMPLE_RATE, render_mix
from contrafact.music.renderer import SoundfontRenderer, played

HALVES = (0, PPM // 2, PPM // 2)
MELODY = [EventNote(0, 24 * i, 24, 72 + step, (PPM // 10, PPM // 5, PPM * 7 // 10)) for i, step in enumerate((0, 4, 7))]
PARTS = [
    EventNote(0, 0, 6, 36, HALVES, "drums", 100),
    EventNote(0, 0, 48, 36, HALVES, "bass", 80),
    *(EventNote(0, 0, 48, pitch, HALVES, "harmony", 70) for pitch in (60, 64, 67)),
    *MELODY,
]


MUSIC = MusicRequest(30, 120, 2, "dorian", (6, 8))


def ledger(notes: list[EventNote]) -> EventLedger:
    return EventLedger(("base", "a", "b"), tuple(notes), ())


def test_the_files_hold_what_their_digests_name_and_the_stems_add_up() -> None:
    rendered = SoundfontRenderer().render(ledger(PARTS), MUSIC)
    mix, rate = read_pcm(rendered.mix)
    stems = [read_pcm(stem)[0] for stem in rendered.stems]
    assert rate == SAMPLE_RATE
    assert pcm_digest(mix) == rendered.pcm_digest
    assert tuple(map(pcm_digest, stems)) == rendered.stem_pcm_digests
    assert np.array_equal(sum(stem.astype(int) for stem in stems), mix)


def test_every_part_is_heard_and_the_melody_leads() -> None:
    heard = {part: render_mix(notes, 120) for part, notes in played(PARTS).items()}
    loudness = {part: integrated_loudness(r.mix / r.factor, SAMPLE_RATE) for part, r in heard.items()}
    assert list(heard) == ["melody", "harmony", "bass", "drums"]
    assert all(loudness["melody"] - loudness[part] > 3 for part in ("harmony", "bass", "drums"))
    assert all(loudness["melody"] - loudness[part] < 20 for part in ("harmony", "bass", "drums"))


def test_the_midi_file_has_a_track_a_part_with_name_program_channel_and_place() -> None:
    midi = SoundfontRenderer().render(ledger(PARTS), replace(MUSIC, tempo=96, voices=(Voice("harmony", 46),))).midi
    conductor, *tracks = mido.MidiFile(file=io.BytesIO(midi)).tracks
    assert [track.name for track in tracks] == ["melody", "harmony", "bass", "drums"]
    assert [[m.program for m in track if m.type == "program_change"] for track in tracks] == [[73], [46], [33], []]
    assert [{m.channel for m in track if m.type == "note_on"} for track in tracks] == [{0}, {1}, {2}, {9}]
    controls = [{m.control: m.value for m in track if m.type == "control_change"} for track in tracks]
    assert [c.get(10, 64) for c in controls] == [seat.pan for seat in SEATS.values()]
    assert controls[1][7] == volume_of("harmony", 46)
    heading = {m.type: m for m in conductor}
    assert round(mido.tempo2bpm(heading["set_tempo"].tempo)) == 96
    assert (heading["time_signature"].numerator, heading["time_signature"].denominator) == (6, 8)
    assert heading["key_signature"].key == "C"  # D dorian has the accidentals of C major


def test_an_instrument_chosen_changes_the_sound() -> None:
    violin = replace(MUSIC, voices=(Voice("melody", 40),))
    one, other = (SoundfontRenderer().render(ledger(MELODY), music) for music in (MUSIC, violin))
    assert one.pcm_digest != other.pcm_digest


@pytest.mark.parametrize("program", [0, 21, 40, 46, 71, 73, 79])
def test_whatever_plays_the_melody_it_is_as_loud_as_its_seat_says(program: int) -> None:
    scale = [
        PlayedNote(12 * i, 12, 72 + step, 90, program, volume=volume_of("melody", program))
        for i, step in enumerate((0, 2, 4, 5, 7, 9, 11, 12))
    ]
    rendering = render_mix(scale, 120)
    before = integrated_loudness(rendering.mix / 32_768 * 1024 / rendering.factor, SAMPLE_RATE)
    assert before == pytest.approx(SEATS["melody"].loudness, abs=1)


@pytest.mark.parametrize(
    ("programs", "note"),
    [
        ({"melody": 128}, MELODY[0]),
        ({"melody": -1}, MELODY[0]),
        ({"drums": 8}, MELODY[0]),
        ({"trumpets": 56}, MELODY[0]),
        ({}, replace(MELODY[0], part="trumpets")),
        ({}, replace(MELODY[0], velocity=0)),
        ({}, replace(MELODY[0], velocity=128)),
        ({}, replace(MELODY[0], pitch=128)),
    ],
)
def test_what_no_instrument_can_play_is_refused_with_what_can_be(programs: dict[str, int], note: EventNote) -> None:
    with pytest.raises(InvalidInput) as error:
        SoundfontRenderer().render(
            ledger([note]), replace(MUSIC, voices=tuple(map(Voice, programs, programs.values())))
        )
    assert error.value.hint


def test_the_identity_names_instruments_levels_and_places() -> None:
    identity = SoundfontRenderer().identity
    assert identity["parts"]["drums"] == {"program": 0, "loudness": -40, "pan": 80}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from Linux")
def test_three_minutes_with_eight_stems_stay_below_700_megabytes() -> None:
    code = (
        "import re, pathlib;"
        "from contrafact.domain.generation import EventLedger, EventNote, MusicRequest;"
        "from contrafact.music.renderer import SoundfontRenderer;"
        "parts = {'melody': 72, 'harmony': 60, 'bass': 36, 'drums': 38};"
        "notes = [EventNote(0, 24 * i, 24, pitch + i % 5, (125_000,) * 8, part)"
        " for i in range(360) for part, pitch in parts.items()];"
        "music = MusicRequest(180, 120, 0, 'major', (4, 4));"
        "rendered = SoundfontRenderer().render(EventLedger(tuple('abcdefgh'), tuple(notes), ()), music);"
        # Of this program alone: what getrusage tells begins with the memory of the process that started it.
        "peak = re.search('VmHWM: *([0-9]+)', pathlib.Path('/proc/self/status').read_text().replace(chr(9), ' '))[1];"
        "print(len(rendered.stems), int(peak) // 1024)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "backend")}
    done = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
    stems, megabytes = map(int, done.stdout.split())
    assert stems == 8
    assert 100 < megabytes < 700


@pytest.mark.parametrize(
    "changes", [{"onset": -1}, {"duration": 0}, {"onset": 10**8}, {"duration": 10**8}, {"onset": 10**15}]
)
def test_a_note_at_no_time_or_without_end_is_refused_before_memory_is_taken(changes: dict[str, int]) -> None:
    with pytest.raises(InvalidInput, match="note"):
        SoundfontRenderer().render(ledger([replace(MELODY[0], **changes)]), MUSIC)  # type: ignore[arg-type]


def test_a_ledger_without_notes_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no notes"):
        SoundfontRenderer().render(ledger([]), MUSIC)


def test_a_rendering_that_is_interrupted_leaves_nothing_that_complains() -> None:
    script = (
        "from contrafact.domain.generation import EventLedger, EventNote, MusicRequest\n"
        "from contrafact.music import audio, renderer\n"
        "write = audio.FlacWriter.write\n"
        "def interrupted(self, pcm):\n"
        "    write(self, pcm)\n"
        "    raise KeyboardInterrupt\n"
        "audio.FlacWriter.write = interrupted\n"
        "notes = tuple(EventNote(0, 24 * i, 24, 60, (500_000, 500_000)) for i in range(64))\n"
        "try:\n"
        "    renderer.SoundfontRenderer().render(\n"
        "        EventLedger(('base', 'a'), notes, ()), MusicRequest(30, 120, 2, 'dorian', (6, 8))\n"
        "    )\n"
        "except KeyboardInterrupt as error:\n"
        "    kept = error\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stderr == ""
