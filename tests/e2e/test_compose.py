"""`contrafact compose`: pieces from score files, and clear words for what cannot be one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from contrafact.cli import main
from contrafact.domain import events
from contrafact.errors import InvalidInput, InvalidOrder, InvalidScore, NotFound
from contrafact.music.audio import read_pcm
from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.pack import load_pack

JIG, REEL = "oneill/0809", "oneill/1200"
SEED = "0x" + "11" * 32


def compose(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict]:
    with pytest.raises(SystemExit) as ended:
        main(["compose", *options, "--json"])
    said = capsys.readouterr()
    return ended.value.code, json.loads(said.out if ended.value.code == 0 else said.err.splitlines()[-1])


def tunes(metre: tuple[int, int], count: int) -> list[str]:
    found = [t.id for t in load_pack().by_role("catalogue") if (t.score.metre.beats, t.score.metre.unit) == metre]
    return found[:count]


def test_a_piece_of_four_parts_is_written_with_its_stems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tunes((6, 8), 2)
    parts = [part for name in ("melody=violin", "harmony=piano", "bass", "drums") for part in ("--part", name)]
    code, found = compose(
        capsys, "--source", f"{one}=0.7", "--source", f"{two}=0.3", "--seconds", "10", "--out", str(tmp_path), *parts
    )
    assert code == 0
    assert found["base_share"] + sum(source["share"] for source in found["sources"]) == 1_000_000
    ledger = events.from_bytes((tmp_path / "events.json").read_bytes())
    assert {note.part for note in ledger.notes} == {"melody", "harmony", "bass", "drums"}
    mix, _ = read_pcm((tmp_path / "piece.flac").read_bytes())
    stems = [read_pcm((tmp_path / f"stems/{i}.flac").read_bytes())[0].astype(int) for i in range(3)]
    assert np.array_equal(sum(stems), mix)


def test_the_same_seed_and_steering_give_the_same_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tunes((6, 8), 2)
    ledgers = []
    for name, more in (("a", ()), ("b", ()), ("c", ("--steer", "4:0.1,0.9"))):
        options = ("--source", f"{one}=0.7", "--source", f"{two}=0.3", "--seconds", "12", "--seed", SEED)
        assert compose(capsys, *options, "--out", str(tmp_path / name), *more)[0] == 0
        ledgers.append((tmp_path / name / "events.json").read_bytes())
    assert ledgers[0] == ledgers[1] != ledgers[2]
    steered = events.from_bytes(ledgers[2])
    assert [(change.bar, change.weights) for change in steered.changes] == [(3, (100_000, 900_000))]


def test_files_of_all_kinds_and_other_metres_meet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tune = next(t for t in load_pack().by_role("catalogue") if (t.score.metre.beats, t.score.metre.unit) == (2, 4))
    (tmp_path / "tune.abc").write_bytes(tune.file)
    reel = tunes((4, 4), 1)[0]
    options = ("--source", f"{tmp_path / 'tune.abc'}=0.5", "--source", f"{reel}=0.5", "--metre", "4/4")
    code, found = compose(capsys, *options, "--seconds", "10", "--out", str(tmp_path / "out"), "--part", "melody")
    assert (code, [source["name"] for source in found["sources"]]) == (0, ["tune.abc", reel])


def test_a_piece_with_fewer_sources_leaves_no_stems_of_the_piece_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tunes((6, 8), 2)
    for sources in ((f"{one}=0.5", f"{two}=0.5"), (f"{one}=1",)):
        options = [option for source in sources for option in ("--source", source)]
        assert compose(capsys, *options, "--seconds", "8", "--out", str(tmp_path))[0] == 0
        stems = sorted(path.name for path in (tmp_path / "stems").iterdir())
        assert stems == [f"{i}.flac" for i in range(1 + len(sources))]


def test_what_is_printed_says_how_to_get_the_same_again_and_whose_each_stem_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["compose", "--source", f"{JIG}=1", "--seconds", "8", "--seed", SEED, "--out", str(tmp_path)])
    said = capsys.readouterr().out
    assert f"--seed {SEED}" in said
    rows = [[cell.strip() for cell in line.split("│")[1:3]] for line in said.splitlines() if "│" in line]
    assert [row for row in rows if row[0]] == [["0", "base"], ["1", JIG]]


def test_a_folder_that_cannot_be_written_to_is_found_before_composing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contrafact.music.generate.Stream.__next__", lambda _: pytest.fail("a bar was composed"))
    (tmp_path / "file").touch()
    code, said = compose(capsys, "--source", f"{JIG}=1", "--out", str(tmp_path / "file"))
    assert (code, "file" in said["message"]) == (InvalidInput.exit_code, True)


def test_a_tempo_that_no_piece_has_is_brought_to_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = [PlayedNote(24 * i, 24, 60 + i % 8) for i in range(32)]
    (tmp_path / "fast.mid").write_bytes(write_midi({"melody": notes}, Heading(tempo=375)))
    source = ("--source", f"{tmp_path / 'fast.mid'}=1")
    assert compose(capsys, *source, "--seconds", "8", "--out", str(tmp_path / "out"))[0] == 0
    assert "Tempo 375" in compose(capsys, *source, "--tempo", "375")[1]["message"]


def drums_only() -> bytes:
    return write_midi({"drums": [PlayedNote(24 * i, 24, 38, drums=True) for i in range(64)]})


def one_note() -> bytes:
    return write_midi({"melody": [PlayedNote(0, 24, 60)]})


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("empty.mid", b"", "empty"),
        ("one.mid", one_note(), "1 note"),
        ("drums.mid", drums_only(), "pitched"),
        ("huge.mid", b"MThd" + bytes(2_000_000), "more than"),
        ("corrupt.mid", b"MThd\0\0\0\6\0\1\0\1\0\x60MTrk\xff\xff\xff\xff", "damaged"),
        ("corrupt.abc", b"\xff\xfe\0", "cannot be read as ABC"),
        ("corrupt.xml", b"<score-partwise>", "cannot be read as MusicXML"),
        ("corrupt.wav", b"RIFF\0\0\0\0WAVE", "damaged"),
        ("what.pdf", b"%PDF", "not a known kind"),
    ],
)
def test_a_file_that_cannot_be_a_source_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, word: str
) -> None:
    (tmp_path / name).write_bytes(data)
    code, said = compose(capsys, "--source", f"{tmp_path / name}=1", "--out", str(tmp_path / "out"))
    assert code == InvalidScore.exit_code
    assert word in said["message"]
    assert said["hint"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "error", "word"),
    [
        (("--source", f"{JIG}=0.5"), InvalidOrder, "do not sum to one"),
        (("--source", f"{JIG}=0"), InvalidOrder, "do not sum to one"),
        (("--source", f"{JIG}=1000000000"), InvalidInput, "more than the whole"),
        (("--source", f"{JIG}"), InvalidInput, "no '='"),
        (("--source", "nowhere/1=1"), NotFound, "neither a file nor a tune"),
        (
            tuple(x for i in range(9) for x in ("--source", f"{JIG}={'0.2' if not i else '0.1'}")),
            InvalidOrder,
            "9 sources",
        ),
        (("--source", f"{JIG}=1", "--metre", "4/4"), InvalidOrder, "does not meet"),
        (("--source", f"{JIG}=1", "--seconds", "3"), InvalidOrder, "Length"),
        (("--source", f"{JIG}=1", "--tempo", "9999"), InvalidOrder, "Tempo"),
        (("--source", f"{JIG}=1", "--key", "H"), InvalidInput, "not a tonic"),
        (("--source", f"{JIG}=1", "--mode", "locrian"), InvalidOrder, "Mode"),
        (("--source", f"{JIG}=1", "--seed", "0x12"), InvalidOrder, "seed has 1 bytes"),
        (("--source", f"{JIG}=1", "--part", "kazoo"), InvalidInput, "not a part"),
        (("--source", f"{JIG}=1", "--steer", "nine"), InvalidInput, "which bar"),
        (("--source", f"{JIG}=1", "--steer", "2:0.5"), InvalidOrder, "do not sum to one"),
        (("--source", f"{JIG}=1", "--steer", "2:0.5,0.5"), InvalidOrder, "do not sum to one"),
        (("--source", f"{JIG}=1", "--steer", "999:1"), InvalidInput, "bars"),
        (("--source", f"{JIG}=1", "--steer", "2:1", "--steer", "2:1"), InvalidInput, "steered twice"),
        (("--source", f"{JIG}=1", "--source", f"{REEL}=0", "--steer", "2:0,1"), InvalidOrder, f"{REEL} has no weight"),
        (("--source", f"{JIG}=0.5", "--source", f"{REEL}=0.5"), InvalidOrder, f"Source {REEL} is in"),
        (("--source", f"{JIG}=1", "--tempo", "0"), InvalidOrder, "Tempo 0"),
        (("--source", f"{JIG}=1", "--mode", ""), InvalidOrder, "Mode"),
        (("--source", f"{JIG}=1", "--seed", ""), InvalidOrder, "seed has 0 bytes"),
    ],
)
def test_what_cannot_be_composed_says_what_to_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], error: type, word: str
) -> None:
    code, said = compose(capsys, *options, "--out", str(tmp_path / "out"))
    assert (code, word in said["message"]) == (error.exit_code, True), said
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_bench_of_generation_states_speed_memory_and_what_attribution_costs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["bench", "generate", "--seconds", "8", "--pieces", "1", "--json"])
    assert ended.value.code == 0
    found = json.loads(capsys.readouterr().out)
    assert [(row["sources"], row["parts"]) for row in found["speeds"]] == [(1, 1), (3, 1), (8, 1), (3, 4)]
    for row in found["speeds"]:
        assert min(row.values()) > 0
        assert row["attribution"] > 1
        assert row["times_real_time_rendered"] < row["times_real_time"]
