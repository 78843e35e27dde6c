"""A piece that was made here is recognised when somebody would register it as a work, in whatever form."""

from __future__ import annotations

import io
from pathlib import Path

import mido
import pytest

from contrafact.cli import main
from contrafact.cli import works as command
from contrafact.demo import world
from contrafact.domain.digests import cid, sha256, to_hex
from contrafact.domain.recognition import Evidence, Made
from contrafact.errors import StoreUnreachable
from contrafact.ports import ContentStore
from contrafact.store.database import Database
from contrafact.store.read_model import IndexedReadModel
from contrafact.wiring import known_pieces
from contrafact.wiring.identifying import pieces_in
from contrafact.wiring.recognising import ServiceIdentification
from contrafact.wiring.verifying import verification
from tests.api.house import Founded, House, index, sign_in, stranger
from tests.api.visiting import Clock, FakeJobs

from .finds import Finds, other_music, samples_of, written

MIDI = "audio/midi"


def score_of(finds: Finds) -> bytes:
    return finds.town.site().store.get(cid(finds.record.midi))


def renamed(midi: bytes) -> bytes:
    """The same notes in a file with a title of its own."""
    file, out = mido.MidiFile(file=io.BytesIO(midi)), io.BytesIO()
    file.tracks[0].insert(0, mido.MetaMessage("text", text="All mine"))
    file.save(file=out)
    return out.getvalue()


def test_every_form_of_a_piece_is_recognised(finds: Finds) -> None:
    site, midi = finds.town.site(), score_of(finds)
    stem = site.store.get(cid(finds.record.stems[1].flac))
    files = {
        "score": (midi, MIDI, Evidence.FILE),
        "score with another title": (renamed(midi), MIDI, Evidence.SOURCE_FORM),
        "recording": (finds.plain, "audio/flac", Evidence.FILE),
        "certified": (finds.certified("mp3"), "audio/mpeg", Evidence.CERTIFICATE),
        "stripped": (
            written(*samples_of(finds.plain), kind="WAV", subtype="PCM_16"),
            "audio/wav",
            Evidence.FINGERPRINT,
        ),
        "stem": (stem, "audio/flac", Evidence.FILE),
    }
    found = {name: pieces_in(site, site.store, data, kind) for name, (data, kind, _) in files.items()}
    order = finds.record.order_id
    assert found == {name: ((Made(order, evidence),), 0) for name, (_, _, evidence) in files.items()}
    tune = finds.town.tunes[0]
    assert pieces_in(site, site.store, tune.file, tune.media_type) == ((), 0)
    assert pieces_in(site, site.store, other_music(), "audio/flac") == ((), 0)


class FakeOutage:
    """The store while one of its contents cannot be had."""

    def __init__(self, store: ContentStore, digest: bytes) -> None:
        self._store, self._gone = store, cid(digest)

    def has(self, name: str) -> bool:
        return name != self._gone and self._store.has(name)

    def get(self, name: str) -> bytes:
        if name == self._gone:
            raise StoreUnreachable("The content store cannot be reached.", "Try again.")
        return self._store.get(name)


def test_a_score_that_could_not_be_had_is_told_and_read_later(
    finds: Finds, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, midi, order = finds.town.site(home=elsewhere), score_of(finds), finds.record.order_id
    away = FakeOutage(site.store, finds.record.midi)
    assert pieces_in(site, away, renamed(midi), MIDI) == ((), 1)
    assert pieces_in(site, away, midi, MIDI) == ((Made(order, Evidence.FILE),), 1)  # as its record says
    assert pieces_in(site, site.store, renamed(midi), MIDI) == ((), 1)  # left alone for an hour
    monkeypatch.setattr(known_pieces, "TRY_AGAIN", -1)
    assert pieces_in(site, site.store, renamed(midi), MIDI) == ((Made(order, Evidence.SOURCE_FORM),), 0)


def test_a_piece_that_could_not_be_heard_is_known_by_its_notes_all_the_same(finds: Finds, elsewhere: Path) -> None:
    site, order = finds.town.site(home=elsewhere), finds.record.order_id
    store = FakeOutage(site.store, finds.record.mix.flac)
    with verification(site, store) as tools:
        assert tools.ear is not None
        assert tools.pieces is not None
        assert tools.pieces.like(tools.ear.hear(other_music())) == []
        assert (tools.pieces.not_compared(by_sound=True), len(tools.pieces.gaps())) == (1, 1)
    assert pieces_in(site, store, renamed(score_of(finds)), MIDI) == ((Made(order, Evidence.SOURCE_FORM),), 0)
    assert pieces_in(site, store, other_music(), "audio/flac") == ((), 1)


def test_a_piece_is_registered_only_by_who_says_that_it_is_theirs(finds: Finds, tmp_path: Path) -> None:
    site, database = finds.town.site(), Database(f"sqlite:///{tmp_path / 'service.db'}")
    index(site, database)
    known = ServiceIdentification(site, IndexedReadModel(database))
    house = House(
        Founded(finds.town, tmp_path, *[finds.order] * 3), site, database, Clock(), FakeJobs(), tmp_path / "h"
    )
    midi = score_of(finds)
    with house.client(identification=known) as client:
        bearer = sign_in(client, stranger())
        upload = client.post("/v1/uploads", content=midi, headers={**bearer, "Content-Type": MIDI}).json()
        assert upload["verdict"]["likeness"] == "piece"
        assert upload["verdict"]["pieces_not_compared"] == 0
        assert upload["verdict"]["pieces"] == [{"order": finds.order, "evidence": "file"}]
        similar = [one["work"] for one in upload["verdict"]["resemblances"]]
        draft = {"upload": to_hex(sha256(midi)), "title": "Mine alone", "version_of": similar}
        refused = client.post("/v1/registrations", json=draft, headers=bearer)
        assert (refused.status_code, finds.order in refused.json()["message"]) == (409, True)
        made = client.post("/v1/registrations", json={**draft, "contests": [finds.order]}, headers=bearer)
        assert f"contests {finds.order}" in made.json()["document"]["note"]
    known.close()
    database.close()


def test_the_command_refuses_it_and_names_the_order(
    finds: Finds, elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = finds.town.site(home=elsewhere)
    pieces_in(site, FakeOutage(site.store, finds.record.midi), score_of(finds), MIDI)  # its notes are not read yet
    monkeypatch.setattr(command, "Site", lambda settings: site)
    monkeypatch.setattr(command, "signer", lambda settings, name: world.account(7))
    (tmp_path / "mine.mid").write_bytes(score_of(finds))
    with pytest.raises(SystemExit):
        main(["works", "register", str(tmp_path / "mine.mid"), "--title", "Mine alone"])
    told = capsys.readouterr().err
    assert finds.order in told.replace("\n", "")
    assert "it could not be compared with: 1." in told
