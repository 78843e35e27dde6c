"""A private piece is encrypted once, however often its job is run, and each reader gets the key that is theirs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.domain.digests import cid, sha256
from contrafact.domain.protection import Protection, Sealed
from contrafact.domain.releases import Release
from contrafact.domain.terms import Use
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, InvalidOrder, NoKey, NotFound
from contrafact.order import privacy
from contrafact.order.folder import OrderFolder
from contrafact.records.folder import FolderStore
from contrafact.records.keyring import Keyring
from contrafact.records.sealing import new_secret
from contrafact.wiring.protecting import AgeSealing
from tests.domain import documents

from .people import CHAIN, Party, party

NOTES, SOUND = (b"the notes", b"the midi"), (b"the mix", b"stem 0", b"stem 1")
WORK = WorkMetadata.from_bytes(documents.WORK)


@pytest.fixture
def operator(tmp_path: Path) -> Party:
    return party(tmp_path / "operator")


@pytest.fixture
def folder(tmp_path: Path) -> OrderFolder:
    return OrderFolder(tmp_path / "home", bytes(32))


def source_of(licensor: Party) -> WorkMetadata:
    sealed = Sealed(WORK.content, sha256(b"cipher"), licensor.reader)
    return replace(WORK, protection=Protection(licensor.reader, (sealed,)))


def test_a_job_that_is_run_again_publishes_the_same(operator: Party, folder: OrderFolder, tmp_path: Path) -> None:
    """Also where it was killed between two files: the record, and so the commit, name ciphertexts."""
    privacy.remember(folder, [party(tmp_path / "maker").reader])
    first = privacy.published(folder, operator.sealing, [WORK], NOTES, SOUND)
    (folder.path / "release-sound.json").unlink()
    (folder.path / "release-notes.json").unlink()
    again = privacy.published(folder, operator.sealing, [WORK], NOTES, SOUND)
    assert again[0] == first[0]
    releases = [data for data in again[1] if data.startswith(b"{")]
    assert [data for data in again[1] if data not in releases] == [d for d in first[1] if not d.startswith(b"{")]
    assert privacy.published(folder, operator.sealing, [WORK], NOTES, SOUND) == again
    assert (folder.path / "notes.key").stat().st_mode & 0o077 == 0


def test_licensors_read_the_notes_and_only_the_makers_readers_hear(
    operator: Party, folder: OrderFolder, tmp_path: Path
) -> None:
    maker, licensor, store = party(tmp_path / "maker"), party(tmp_path / "licensor"), FolderStore(tmp_path / "store")
    privacy.remember(folder, [maker.reader])
    protection, published = privacy.published(folder, operator.sealing, [source_of(licensor)], NOTES, SOUND)
    for data in published:
        store.put(data)
    notes, sound = (folder.read(name) for name in ("release-notes.json", "release-sound.json"))
    for release in (notes, sound):
        maker.keyring.add(release)
    licensor.keyring.add(notes)
    with pytest.raises(NoKey):
        licensor.keyring.add(sound)
    assert protection is not None
    assert {sealed.plain for sealed in protection.contents} == {sha256(data) for data in (*NOTES, *SOUND)}
    for data in (*NOTES, *SOUND):
        assert maker.view(store).get(cid(sha256(data))) == operator.view(store).get(cid(sha256(data))) == data
        assert licensor.view(store).has(cid(sha256(data))) == (data in NOTES)
    assert Release.from_bytes(sound).readers == (operator.reader, maker.reader)


def test_without_readers_a_piece_is_published_as_ever(operator: Party, folder: OrderFolder) -> None:
    privacy.remember(folder, [])
    assert privacy.published(folder, operator.sealing, [WORK], NOTES, SOUND) == (None, (*NOTES, *SOUND))
    privacy.hand_over(folder)
    assert not folder.path.exists()


def test_an_operator_that_seals_every_private_piece_reads_those_whose_makers_name_nobody(operator: Party) -> None:
    sealing, maker = operator.sealing, "age1maker"
    assert privacy.readers_of(Use.PRIVATE, [], sealing, True) == (operator.reader,)
    assert privacy.readers_of(Use.PRIVATE, [maker], sealing, True) == (maker,)
    assert privacy.readers_of(Use.PRIVATE, [], sealing, False) == ()
    assert privacy.readers_of(Use.COMMERCIAL, [], sealing, True) == ()
    with pytest.raises(NotFound):
        privacy.readers_of(Use.PRIVATE, [], None, True)


def test_an_operators_former_key_is_no_reader_that_the_maker_named(
    operator: Party, folder: OrderFolder, tmp_path: Path
) -> None:
    maker, keyring = party(tmp_path / "maker").reader, Keyring([new_secret(), operator.secret], tmp_path / "new")
    privacy.remember(folder, [operator.reader, maker])
    changed = AgeSealing(keyring, CHAIN, lambda: world.account(3))
    assert changed.reader != operator.reader
    assert privacy.named_readers(folder, changed) == (maker,)


def test_a_piece_for_others_is_not_encrypted(operator: Party) -> None:
    for use in set(Use) - {Use.PRIVATE}:
        privacy.check(use, [], None)
        with pytest.raises(InvalidOrder):
            privacy.check(use, [operator.reader], operator.sealing)


def test_who_cannot_encrypt_says_so_before_anybody_pays(operator: Party, tmp_path: Path) -> None:
    keyless = AgeSealing(Keyring([], tmp_path / "none"), 1, lambda: pytest.fail("signs"))
    for sealing in (None, keyless):
        with pytest.raises(NotFound):
            privacy.check(Use.PRIVATE, [operator.reader], sealing)
    mistyped = operator.reader[:-1] + ("q" if operator.reader[-1] != "q" else "p")
    for wrong in ("age1me", mistyped):
        with pytest.raises(InvalidInput):
            privacy.check(Use.PRIVATE, [operator.reader, wrong], operator.sealing)
