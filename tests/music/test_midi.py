"""Writing MIDI files."""

import io

import mido
import pytest

from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.reading import read_score
from contrafact.music.score import Key, Metre

SCALE = [PlayedNote(24 * i, 24, 60 + step) for i, step in enumerate((0, 2, 4, 5, 7, 9, 11, 12))]


def test_the_same_notes_give_the_same_bytes_in_any_order() -> None:
    assert write_midi({"melody": SCALE}) == write_midi({"melody": SCALE[::-1]})


def test_a_written_file_reads_back() -> None:
    heading = Heading("Scale", 96, Metre(3, 4), Key(0, "major"), pickup=24, credits=("by nobody",))
    score = read_score(write_midi({"melody": SCALE}, heading), "scale.mid")
    assert (score.title, score.tempo, score.metre, score.key) == ("Scale", 96, Metre(3, 4), Key(0, "major"))
    assert [bar.ticks for bar in score.bars] == [24, 72, 72, 72]
    assert [note.pitch for bar in score.bars for note in bar.notes] == [note.pitch for note in SCALE]


@pytest.mark.parametrize("mode", ["major", "minor", "dorian", "mixolydian"])
@pytest.mark.parametrize("tonic", range(12))
def test_a_key_is_written_as_a_signature_with_its_accidentals(tonic: int, mode: str) -> None:
    file = mido.MidiFile(file=io.BytesIO(write_midi({}, Heading(key=Key(tonic, mode)))))
    name = next(message.key for message in file.tracks[0] if message.type == "key_signature")
    tonics = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    written = (tonics[name[0]] + name.count("#") - name[1:].count("b")) % 12
    relative = {"major": 0, "minor": 0, "dorian": -2, "mixolydian": -7}[mode]
    assert written == (tonic + relative) % 12
    assert name.endswith("m") == (mode == "minor")


def test_parts_have_channels_of_their_own_and_drums_the_tenth() -> None:
    drums = [PlayedNote(0, 6, 42, drums=True)]
    file = mido.MidiFile(file=io.BytesIO(write_midi({"a": SCALE, "drums": drums, "b": SCALE})))
    channels = [{m.channel for m in track if m.type == "note_on"} for track in file.tracks[1:]]
    assert channels == [{0}, {9}, {1}]


def test_more_parts_than_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="15"):
        write_midi({str(i): SCALE for i in range(16)})
