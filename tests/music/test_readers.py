"""Reading score files that people upload."""

import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import mido
import music21
import pytest

from contrafact.errors import InvalidScore
from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.reading import MAX_BYTES, read_score
from contrafact.music.reading.apart import ReaderProcess
from contrafact.music.score import Bar, Key, Metre, Note, Score

ASSETS = Path(__file__).parents[1] / "assets" / "scores"
BACKEND = Path(__file__).parents[2] / "backend"
CORPUS = Path(music21.__file__).parent / "corpus"
SCALE = [PlayedNote(24 * i, 24, 60 + step) for i, step in enumerate((0, 2, 4, 5, 7, 9, 11, 12) * 2)]


def line(score: Score) -> list[int]:
    """The pitches of a melody."""
    return [note.pitch for bar in score.bars for note in bar.notes]


def mxl(document: bytes, name: str = "score.xml") -> bytes:
    container = f'<container><rootfiles><rootfile full-path="{name}"/></rootfiles></container>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr(name, document)
    return buffer.getvalue()


# ---- what is read ------------------------------------------------------------------------------------------


def test_musicxml_gives_its_highest_part_as_melody() -> None:
    score = read_score((ASSETS / "waltz.musicxml").read_bytes(), "waltz.musicxml")
    assert score == Score(
        "A Waltz for the Tests",
        Key(7, "major"),
        Metre(3, 4),
        (
            Bar(24, (Note(0, 24, 74),)),
            Bar(72, (Note(0, 8, 79), Note(8, 8, 81), Note(16, 8, 83), Note(24, 24, 83), Note(48, 24, 74))),
            Bar(72, (Note(0, 24, 74), Note(24, 48, 78))),
            Bar(72, (Note(0, 48, 79),)),
        ),
        132,
    )


def test_compressed_musicxml_reads_as_the_uncompressed() -> None:
    document = (ASSETS / "waltz.musicxml").read_bytes()
    assert read_score(mxl(document), "waltz.mxl") == read_score(document, "text.xml")


def test_musicxml_in_another_encoding_is_read() -> None:
    text = (ASSETS / "waltz.musicxml").read_text().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read_score(text.encode("utf-16"), "a.xml").title == "A Waltz for the Tests"


def test_abc_ornaments_chords_and_endings() -> None:
    score = read_score((ASSETS / "reel.abc").read_bytes(), "reel.abc")
    assert (score.title, score.key, score.metre, score.tempo) == (
        "A Reel for the Tests",
        Key(7, "dorian"),
        Metre(2, 2),
        200,
    )
    first, second, third, fourth, fifth, *_ = score.bars
    assert first == Bar(24, (Note(0, 24, 62),))
    triplet = (Note(24, 8, 69), Note(32, 8, 70), Note(40, 8, 72))
    assert second.notes == (Note(0, 24, 67), *triplet, Note(48, 24, 74), Note(72, 18, 69), Note(90, 6, 70))
    assert third.notes == (Note(0, 24, 74), Note(24, 12, 72), Note(36, 12, 69), Note(48, 24, 69), Note(72, 24, 70))
    assert fourth.notes == (Note(0, 48, 70), Note(48, 48, 73))  # the tied note is struck again
    assert fifth.notes == (Note(0, 48, 67), Note(48, 48, 70))  # no grace notes, top of the chord
    assert all(bar.ticks == 96 for bar in score.bars[1:])


def test_a_bar_split_by_a_double_bar_line_is_joined() -> None:
    score = read_score((ASSETS / "reel.abc").read_bytes(), "reel.abc")
    assert [note.pitch for note in score.bars[-3].notes] == [67, 74]


def test_a_four_part_chorale_gives_its_soprano() -> None:
    data = (CORPUS / "bach" / "bwv66.6.mxl").read_bytes()
    soprano = [73, 71, 69, 71, 73, 76, 73, 71, 69, 73, 69, 71, 68, 66, 69, 71]
    assert line(read_score(data, "bwv66.6.mxl"))[: len(soprano)] == soprano


@pytest.mark.parametrize(
    ("name", "metre", "key"),
    [
        ("bach/bwv846.mxl", Metre(4, 4), Key(0, "major")),
        ("mozart/k155/movement1.mxl", Metre(4, 4), Key(2, "major")),
        ("schoenberg/opus19/movement2.mxl", Metre(4, 4), None),
        ("leadSheet/fosterBrownHair.mxl", Metre(4, 4), Key(0, "major")),
    ],
)
def test_scores_of_other_kinds_are_read(name: str, metre: Metre, key: Key | None) -> None:
    score = read_score((CORPUS / name).read_bytes(), name)
    assert score.metre == metre
    assert key is None or score.key == key


def test_midi_gives_its_melody_bars_and_key_without_being_told() -> None:
    score = read_score(write_midi({"melody": SCALE}, Heading("Scale")), "audio/midi")
    assert score.key == Key(0, "major")
    assert [len(bar.notes) for bar in score.bars] == [4, 4, 4, 4]


def test_a_wrong_key_signature_is_not_believed() -> None:
    minor = [PlayedNote(24 * i, 24, pitch) for i, pitch in enumerate((61, 63, 64, 66, 68, 69, 71, 73) * 2)]
    score = read_score(write_midi({"melody": minor}, Heading(key=Key(0, "major"))), "x.mid")
    assert score.key == Key(1, "minor")


def test_midi_drums_and_bass_are_not_the_melody() -> None:
    bass = [PlayedNote(n.onset, 24, n.pitch - 24) for n in SCALE]
    drums = [PlayedNote(n.onset, 6, 90, drums=True) for n in SCALE * 2]
    score = read_score(write_midi({"bass": bass, "drums": drums, "melody": SCALE}), "x.mid")
    assert line(score) == [note.pitch for note in SCALE]


def test_accompaniment_under_a_held_note_is_left_out() -> None:
    held = [PlayedNote(48 * i, 48, 72 + step) for i, step in enumerate((0, 2, 4, 5, 7, 5, 4, 2))]
    chords = [PlayedNote(12 * i, 12, 55 + i % 3) for i in range(32)]
    score = read_score(write_midi({"piano": sorted(held + chords, key=lambda n: n.onset)}), "x.mid")
    assert line(score) == [note.pitch for note in held]


def test_overlapping_legato_keeps_every_note() -> None:
    legato = [PlayedNote(n.onset, 28, n.pitch) for n in SCALE]
    score = read_score(write_midi({"melody": legato}), "x.mid")
    assert line(score) == [note.pitch for note in SCALE]
    assert all(note.duration == 24 for bar in score.bars[:-1] for note in bar.notes)


# ---- what is refused ---------------------------------------------------------------------------------------

ABC = "X:1\nT:t\nM:4/4\nL:1/4\nK:C\n"
REFUSED = [
    (b"", "a.mid", "empty"),
    (b"x" * (MAX_BYTES + 1), "a.mid", "more than"),
    (b"MThd", "a.mid", "damaged"),
    (b"not a midi file", "a.mid", "damaged"),
    (write_midi({"melody": SCALE})[:120], "a.mid", "damaged"),
    (write_midi({}), "a.mid", "no pitched notes"),
    (write_midi({"melody": SCALE[:1]}), "a.mid", "1 note,"),
    (write_midi({"drums": [PlayedNote(n.onset, 6, 42, drums=True) for n in SCALE]}), "a.mid", "no pitched notes"),
    (write_midi({"melody": SCALE}, Heading(metre=Metre(5, 4))), "a.mid", "5/4 is not supported"),
    (write_midi({"melody": [PlayedNote(96 * i, 24, 60) for i in range(513)]}), "a.mid", "more than 512"),
    (write_midi({"melody": [*SCALE, PlayedNote(10**7, 24, 60)]}), "a.mid", "more than an hour"),
    (b"anything", "song.aac", "not a known kind"),
    (b"anything", "", "not a known kind"),
    (b"anything", "../../etc/passwd", "not a known kind"),
    (b"hello", "a.abc", "cannot be read|no time signature|no parts"),
    ((ABC + "CDEF|G|").encode(), "a.abc", "5 notes"),
    ((ABC + "C|").encode(), "a.abc", "1 note,"),
    ((ABC + "z4|z4|").encode(), "a.abc", "no pitched notes"),
    ((ABC + "CDEF|" * 4 + "\n\n" + ABC.replace("X:1", "X:2") + "CDEF|" * 4).encode(), "a.abc", "2 tunes"),
    ((ABC.replace("4/4", "7/8") + "CDEF|" * 4).encode(), "a.abc", "7/8 is not supported"),
    ((ABC + "CDEF|" * 601).encode(), "a.abc", "more than 600"),
    ((ABC + "C1000000000|D|").encode(), "a.abc", "absurd"),
    ((ABC.replace("4/4", "9999/4") + "CDEF|" * 4).encode(), "a.abc", "absurd"),
    ((ASSETS / "waltz.musicxml").read_bytes().replace(b"<beats>3<", b"<beats>99999999<"), "a.xml", "absurd"),
    (b"<html/>", "a.xml", "html is not supported"),
    (b"<score-partwise", "a.xml", "cannot be read"),
    (b'<!DOCTYPE a [<!ENTITY b "c">]><score-partwise/>', "a.xml", "entities"),
    (b"<score-partwise/>", "a.xml", "no parts|cannot be read"),
    (b"PK\x03\x04 broken", "a.mxl", "damaged"),
    (mxl(b"<score-partwise/>", "other.xml")[:-30], "a.mxl", "damaged"),
    (mxl(b"<!-- -->" + b" " * (17 * 1024 * 1024) + b"<score-partwise/>"), "a.mxl", "unpacks to more"),
]


@pytest.mark.parametrize(("data", "name", "message"), REFUSED, ids=[f"{i}-{r[2]}" for i, r in enumerate(REFUSED)])
def test_what_cannot_be_a_source_is_refused_with_a_reason_and_a_hint(data: bytes, name: str, message: str) -> None:
    with pytest.raises(InvalidScore, match=message) as refusal:
        read_score(data, name)
    assert refusal.value.hint


def test_midi_that_counts_in_frames_of_a_second_is_refused() -> None:
    data = bytearray(write_midi({"melody": SCALE}))
    data[12:14] = b"\xe7\x28"  # 25 frames a second, 40 ticks a frame
    with pytest.raises(InvalidScore):
        read_score(bytes(data), "a.mid")


def test_a_file_that_takes_too_long_ends_the_reader_and_the_next_one_is_read() -> None:
    reader = ReaderProcess(time_limit=3.0)
    try:
        assert reader.read((ASSETS / "reel.abc").read_bytes(), "abc").bars
        start = time.monotonic()
        with pytest.raises(InvalidScore, match="within 3 s"):
            reader.read((ABC.replace("1/4", "99/1") + "CDEF|" * 4).encode(), "abc")
        assert time.monotonic() - start < 20
        assert len(reader.read((ASSETS / "reel.abc").read_bytes(), "abc").bars) > 8
    finally:
        reader.close()


def test_reading_leaves_nothing_in_the_home_or_temporary_folder(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    code = (
        "import sys; from pathlib import Path; from contrafact.music.reading import read_score\n"
        "for path in map(Path, sys.argv[1:]): read_score(path.read_bytes(), path.name)"
    )
    subprocess.run(
        [sys.executable, "-c", code, *map(str, (ASSETS / "reel.abc", ASSETS / "waltz.musicxml"))],
        env={**os.environ, "HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": str(BACKEND)},
        check=True,
    )
    assert not [*home.rglob("*"), *temporary.rglob("*")]


def test_a_long_midi_file_is_read_in_time() -> None:
    melody = [PlayedNote(6 * i, 6, 60 + i % 12) for i in range(8_000)]
    noise = [PlayedNote(6 * i // 8, 6, 30 + i % 12) for i in range(15_000)]
    data = write_midi({"melody": melody, "noise": noise})
    assert len(data) > 150_000
    start = time.process_time()
    read_score(data, "a.mid")
    assert time.process_time() - start < 5


def test_key_signatures_of_mido_are_all_understood() -> None:
    for name in mido.midifiles.meta._key_signature_decode.values():
        file = mido.MidiFile(file=io.BytesIO(write_midi({"melody": SCALE})))
        file.tracks[0].insert(0, mido.MetaMessage("key_signature", key=name))
        buffer = io.BytesIO()
        file.save(file=buffer)
        score = read_score(buffer.getvalue(), "a.mid")
        assert sum(len(bar.notes) for bar in score.bars) == len(SCALE), name
