"""The pack of real music that comes with the package."""

import io
import json
import lzma
import subprocess
import sys
from collections import Counter
from pathlib import Path

import mido
import pytest

from contrafact.domain.families import interval_runs
from contrafact.errors import NotFound
from contrafact.music.pack import PACK_FILE, ROLES, PackedTune, load_pack, rights_table
from contrafact.music.reading import read_score
from contrafact.music.reading.draft import METRES

REPOSITORY = Path(__file__).parents[2]
TUNES = load_pack().tunes


def pitches(tune: PackedTune) -> list[int]:
    return [note.pitch for bar in tune.score.bars for note in bar.notes]


def test_every_tune_has_a_rights_row_that_keeps_its_credits() -> None:
    rows = {row["id"]: row for row in rights_table()}
    assert set(rows) == {tune.id for tune in TUNES}
    for tune in TUNES:
        assert rows[tune.id]["credits"].split(" | ") == (list(tune.credits) or [""])
        assert rows[tune.id]["composition"]
        assert rows[tune.id]["encoding"]


def test_credits_stand_in_the_files_themselves() -> None:
    for tune in TUNES:
        assert set(tune.credits) <= statements(tune), tune.id


def statements(tune: PackedTune) -> set[str]:
    """What the registered file says in words, line by line."""
    if tune.media_type == "text/vnd.abc":
        return {" ".join(line.split()) for line in tune.file.decode().splitlines()}
    file = mido.MidiFile(file=io.BytesIO(tune.file), charset="utf-8")
    return {message.text for message in file.tracks[0] if message.type == "text"}


def test_every_transcription_that_names_its_transcriber_has_that_credit() -> None:
    for tune in TUNES:
        for line in tune.file.decode(errors="replace").splitlines():
            if tune.media_type == "text/vnd.abc" and line.startswith("Z:") and line[2:].strip():
                assert " ".join(line.split()) in tune.credits, tune.id


def test_chorales_with_reserved_rights_are_not_in_the_pack() -> None:
    assert not {"bach/bwv277", "bach/bwv281", "bach/bwv366"} & {tune.id for tune in TUNES}
    assert not [tune.id for tune in TUNES if "Rights to all derivative" in " ".join(tune.credits)]


def test_a_family_has_one_role() -> None:
    roles: dict[str, set[str]] = {}
    for tune in TUNES:
        roles.setdefault(tune.family, set()).add(tune.role)
    assert all(len(of_family) == 1 for of_family in roles.values())


def test_no_run_of_sixteen_intervals_is_both_learnt_from_and_in_the_catalogue() -> None:
    runs = {role: set().union(*(interval_runs(pitches(t)) for t in load_pack().by_role(role))) for role in ROLES}
    assert runs["train"]
    assert not runs["train"] & runs["catalogue"]
    assert not runs["train"] & runs["validation"]


def test_roles_have_their_proportions() -> None:
    counts = Counter(tune.role for tune in TUNES)
    assert 0.75 < counts["train"] / len(TUNES) < 0.85
    assert 0.03 < counts["validation"] / len(TUNES) < 0.07
    assert 0.10 < counts["catalogue"] / len(TUNES) < 0.20


def test_the_rights_page_gives_the_numbers_of_the_pack() -> None:
    page = (REPOSITORY / "docs" / "rights-table.md").read_text()
    counts = Counter((tune.collection, tune.role) for tune in TUNES)
    for collection in ("oneill", "ryan", "bach"):
        numbers = " | ".join(str(counts[collection, role]) for role in ROLES)
        assert f"| `{collection}` | {numbers} |" in page


def test_every_collection_is_in_every_role() -> None:
    present = {(tune.collection, tune.role) for tune in TUNES}
    assert present == {(collection, role) for collection in ("oneill", "ryan", "bach") for role in ROLES}


def test_melodies_are_regular() -> None:
    for tune in TUNES:
        score = tune.score
        assert (score.metre.beats, score.metre.unit) in METRES
        assert 8 <= len(score.bars) <= 64
        assert score.bars[0].ticks <= score.metre.ticks
        assert all(bar.ticks == score.metre.ticks for bar in score.bars[1:])


def test_notes_follow_one_another_within_their_bar() -> None:
    for tune in TUNES:
        for bar in tune.score.bars:
            ends = [0, *(note.onset + note.duration for note in bar.notes)]
            assert all(note.onset >= end for note, end in zip(bar.notes, ends, strict=False)), tune.id
            assert ends[-1] <= bar.ticks, tune.id


def test_chorale_files_have_four_parts() -> None:
    for tune in TUNES:
        if tune.collection == "bach":
            file = mido.MidiFile(file=io.BytesIO(tune.file))
            assert [track.name for track in file.tracks[1:]] == ["Soprano", "Alto", "Tenor", "Bass"]


def test_chorale_files_read_as_their_melody() -> None:
    for tune in TUNES:
        if tune.collection == "bach":
            assert read_score(tune.file, tune.media_type) == tune.score


def test_tune_files_read_as_their_melody() -> None:
    some = [tune for tune in TUNES if tune.collection != "bach"][::150]
    for tune in [*some, load_pack().tune("oneill/1645")]:  # its source lost an X: ":1646" stands in a line of music
        assert read_score(tune.file, tune.media_type) == tune.score


@pytest.mark.slow
def test_more_tune_files_read_as_their_melody() -> None:
    for tune in TUNES[::7]:
        assert read_score(tune.file, tune.media_type) == tune.score, tune.id


@pytest.mark.slow
def test_the_script_makes_the_same_tunes_again(tmp_path: Path) -> None:
    command = [sys.executable, "scripts/make_pack.py", "--every", "50", "--out", str(tmp_path)]
    environment = {"PYTHONPATH": str(REPOSITORY / "backend")}
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, capture_output=True)
    again, packed = (
        {tune["id"]: tune for tune in json.loads(lzma.decompress(path.read_bytes()))["tunes"]}
        for path in (tmp_path / PACK_FILE.name, PACK_FILE)
    )
    assert len(again) > 50
    for tune_id, tune in again.items():
        for field in ("title", "source", "credits", "media_type", "file", "score"):
            assert tune[field] == packed[tune_id][field]


def test_loading_needs_neither_music21_nor_torch() -> None:
    code = (
        "import sys; from contrafact.music.pack import load_pack; load_pack();"
        "assert not {'music21', 'torch', 'numpy', 'mido'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(REPOSITORY / "backend")})


def test_a_tune_is_found_by_its_id() -> None:
    assert load_pack().tune("bach/bwv66.6").score.metre.beats == 4
    with pytest.raises(NotFound, match="no tune"):
        load_pack().tune("bach/bwv9999")


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="catalogue"):
        load_pack().by_role("testing")
