"""`contrafact similar`: works that sound like something, by the released encoder and the index in the package."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from contrafact.cli import main
from contrafact.domain import events
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import EventLedger, MusicRequest
from contrafact.domain.record import AttributionRecord, RecordSource
from contrafact.evaluation.versions import Manner, version
from contrafact.music.checkpoint import RELEASED as MODEL
from contrafact.music.embedding.catalogue import catalogue_index
from contrafact.music.embedding.playing import melody_of_form
from contrafact.music.embedding.spectrum import RATE
from contrafact.music.embedding.weights import RELEASED, load_ear
from contrafact.music.pack import load_pack
from contrafact.music.renderer import SoundfontRenderer
from contrafact.music.source_form import SourceForm
from contrafact.records.folder import FolderStore
from tests.domain.documents import RECORD

pytestmark = pytest.mark.slow
JIG = "oneill/0788"


def similar(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict]:
    with pytest.raises(SystemExit) as ended:
        main(["similar", *options, "--json"])
    said = capsys.readouterr()
    return ended.value.code, json.loads(said.out if ended.value.code == 0 else said.err.splitlines()[-1])


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_a_recording_on_another_instrument_in_another_key_finds_its_work(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manner = Manner("x", key=3, program=71, tempo=1.15)
    sound = version(load_pack().tune(JIG), manner, np.random.default_rng(2))
    file = tmp_path / f"recording.{ending}"
    soundfile.write(file, sound / np.abs(sound).max() * 0.8, RATE)
    code, found = similar(capsys, str(file))
    assert code == 0
    first = found["similar"][0]
    assert (first["work"], first["collection"]) == (JIG, "oneill")
    assert first["similarity"] > found["similar"][1]["similarity"]
    assert found["works"] == len(load_pack().by_role("catalogue"))


def test_a_score_finds_its_work_through_the_graph_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tune.abc"
    file.write_bytes(load_pack().tune(JIG).file)
    for options in ((), ("--graph",)):
        code, found = similar(capsys, str(file), "--count", "3", *options)
        assert (code, found["similar"][0]["work"], len(found["similar"])) == (0, JIG, 3)


def test_a_work_of_the_pack_is_not_its_own_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = similar(capsys, JIG)
    assert code == 0
    assert JIG not in [row["work"] for row in found["similar"]]
    assert len(found["similar"]) == 10


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("silent.wav", np.zeros(10 * RATE), "silent"),
        ("short.wav", np.sin(np.arange(2 * RATE)), "2.0 s"),
        ("damaged.flac", b"fLaC and then nothing", "damaged"),
        ("empty.mp3", b"", "empty"),
        ("text.txt", b"hello", "not a known kind"),
    ],
)
def test_what_cannot_be_heard_says_why(
    name: str, content: np.ndarray | bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        soundfile.write(file, content.astype(np.float32), RATE)
    code, error = similar(capsys, str(file))
    assert code == 2
    assert says in error["message"]
    assert error["hint"]


def test_something_that_is_not_there_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, error = similar(capsys, "nowhere/1")
    assert (code, error["code"]) == (3, "not_found")
    code, error = similar(capsys)
    assert (code, error["code"]) == (2, "invalid_input")


def test_the_released_encoder_is_small_its_index_fresh_and_its_works_are_training_works_alone() -> None:
    ear = load_ear()
    assert RELEASED.stat().st_size <= 2_000_000
    assert len(catalogue_index(ear).entries) == len(load_pack().by_role("catalogue"))
    learnt = set(RELEASED.with_suffix(".works.txt").read_text().split())
    assert learnt <= {tune.id for tune in load_pack().by_role("train")}
    papers = json.loads(RELEASED.with_suffix(".json").read_text())
    assert papers["weights_sha256"] == ear.digest.hex()
    assert papers["training_works"] == len(learnt)


def packaged() -> bytes:
    """SHA-256 of the weights of the packaged model."""
    return sha256(MODEL.read_bytes())


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[str, str]:
    """The record of a piece of 12 bars of its second source and 4 of its third, and its store."""
    store, forms = FolderStore(tmp_path / "store"), []
    for name in ("oneill/0460", JIG, "oneill/0929"):
        forms.append(SourceForm.from_score(load_pack().tune(name).score))
    notes, start = [], 0
    for source, bars in ((1, 12), (2, 4)):
        part = replace(forms[source], bars=forms[source].bars[:bars])
        parts = tuple(1_000_000 if i == source + 1 else 0 for i in range(4))
        notes += [replace(n, onset=start + n.onset, responsibilities=parts) for n in melody_of_form(part)]
        start += bars * 72
    ids = [sha256(bytes([i])) for i in range(3)]
    ledger = EventLedger(("base", *map(to_hex, ids)), tuple(notes), ())
    rendered = SoundfontRenderer().render(ledger, MusicRequest(30, 150, 0, "major", (6, 8)))
    for data in (events.to_bytes(ledger), rendered.mix, *(form.to_bytes() for form in forms)):
        store.put(data)
    record, (_, shares) = AttributionRecord.from_bytes(RECORD), events.shares(ledger)
    record = replace(
        record,
        request=MusicRequest(30, 150, 0, "major", (6, 8)),
        base_share=0,
        sources=tuple(
            RecordSource(work, 1, form.digest, 333_333, 0, share, 0)
            for work, form, share in zip(ids, forms, shares, strict=True)
        ),
        events=sha256(events.to_bytes(ledger)),
        mix=replace(record.mix, flac=sha256(rendered.mix)),
    )
    file = tmp_path / "record.json"
    file.write_bytes(record.to_bytes())
    return str(file), f"folder:{tmp_path / 'store'}"


def test_the_ear_agrees_with_the_shares_of_a_piece_that_quotes(
    recorded: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    record, store = recorded
    code, found = similar(capsys, "--order", record, "--store", store)
    assert code == 0
    assert found["exact"][0] == 0
    assert found["firsts"][:2] == [1, 1]
    assert found["heard"][1] > found["heard"][2] > found["heard"][0]
    assert sum(found["heard"]) == 1_000_000
    agreeing = [exact == heard for exact, heard in found["windows"] if exact is not None]
    assert sum(agreeing) > 0.8 * len(agreeing)


def test_a_piece_of_another_model_has_no_view_by_gradients(
    recorded: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    record, store = recorded
    code, found = similar(capsys, "--order", record, "--store", store)
    assert (code, found["gradients"], found["silence"]) == (0, None, "another model made the piece")
    assert not found["agree"]


def test_a_piece_of_the_packaged_model_is_seen_in_three_ways(
    recorded: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    record, store = recorded
    file = Path(record)
    file.write_bytes(replace(AttributionRecord.from_bytes(file.read_bytes()), model_weights=packaged()).to_bytes())
    code, found = similar(capsys, "--order", record, "--store", store)
    assert code == 0
    assert sum(found["gradients"]) == 1_000_000
    assert found["firsts"] == [1, 1, 1]
    assert found["agree"]
    with pytest.raises(SystemExit):
        main(["similar", "--order", record, "--store", store])
    said = capsys.readouterr().out
    assert "All three name" in said
    assert "Only the exact shares move money" in said


def test_an_order_whose_sound_is_gone_is_said_so(
    recorded: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, error = similar(capsys, "--order", recorded[0], "--store", f"folder:{tmp_path / 'other'}")
    assert (code, error["code"]) in ((3, "not_found"), (7, "store"))
