"""What is encrypted opens only with its key, and nothing of it can be changed unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.contents import content
from contrafact.demo import world
from contrafact.domain.digests import canonical_json, cid, sha256
from contrafact.domain.protection import Protection
from contrafact.domain.releases import Release
from contrafact.errors import ContrafactError, InvalidInput, NoKey, NotFound, NotPermitted, WrongBytes
from contrafact.ledger.signing import check_release_signature
from contrafact.records import sealing
from contrafact.records.folder import FolderStore

from .people import Party, party, publish

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CONTENTS = (b"X:1\nK:G\nGABc dedB|\n" * 20, b"the tokens of it, which are a secret" * 10)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def owner(tmp_path: Path) -> Party:
    return party(tmp_path / "owner")


@pytest.fixture
def stranger(tmp_path: Path) -> Party:
    return party(tmp_path / "stranger")


@given(st.binary(max_size=3000))
@FEW
def test_what_is_encrypted_opens_with_its_key_and_with_no_other(data: bytes) -> None:
    secret, other = sealing.new_secret(), sealing.new_secret()
    cipher = sealing.seal(data, [sealing.public_half(secret)])
    assert sealing.unseal(cipher, [sealing.identity(other), sealing.identity(secret)], "it") == data
    with pytest.raises(NoKey):
        sealing.unseal(cipher, [sealing.identity(other)], "it")


@given(st.integers(0, 10_000), st.integers(1, 255))
@FEW
def test_a_ciphertext_with_any_byte_changed_is_refused(place: int, flip: int) -> None:
    """age authenticates header and body. (One line of the header may be another recipient's, which is ours no more.)"""
    secret = sealing.new_secret()
    cipher = bytearray(sealing.seal(CONTENTS[0], [sealing.public_half(secret)]))
    cipher[place % len(cipher)] ^= flip
    with pytest.raises((WrongBytes, NoKey)):
        sealing.unseal(bytes(cipher), [sealing.identity(secret)], "it")


@given(st.integers(0, 700))
@FEW
def test_a_ciphertext_that_breaks_off_is_refused(length: int) -> None:
    secret = sealing.new_secret()
    cipher = sealing.seal(CONTENTS[0], [sealing.public_half(secret)])
    with pytest.raises((WrongBytes, NoKey)):
        sealing.unseal(cipher[: min(length, len(cipher) - 1)], [sealing.identity(secret)], "it")


def test_the_store_holds_no_run_of_plain_bytes_and_no_secret(store: FolderStore, owner: Party, tmp_path: Path) -> None:
    release = publish(owner, store, CONTENTS)
    store.put(release)
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 4
    for data in written:
        assert b"AGE-SECRET-KEY" not in data
        assert not any(part in data for plain in CONTENTS for part in _runs(plain))


def _runs(plain: bytes) -> list[bytes]:
    return [plain[at : at + 12] for at in range(0, len(plain) - 12, 12)]


def test_readers_see_plain_bytes_under_the_digests_that_the_chain_knows(
    store: FolderStore, owner: Party, stranger: Party, tmp_path: Path
) -> None:
    friend = party(tmp_path / "friend")
    friend.keyring.add(publish(owner, store, CONTENTS, [friend.reader]))
    for data in CONTENTS:
        name = cid(sha256(data))
        assert [one.view(store).get(name) for one in (owner, friend)] == [data, data]
        assert (owner.view(store).has(name), stranger.view(store).has(name), store.has(name)) == (True, False, False)
        with pytest.raises(NotFound):
            stranger.view(store).get(name)


class FakeRemote(FolderStore):
    """A fake of a node that has nothing itself and finds everything in the network."""

    def has(self, cid: str) -> bool:
        return False


def test_a_ciphertext_on_another_node_is_read_and_not_taken_for_one_without_a_key(
    owner: Party, stranger: Party, tmp_path: Path
) -> None:
    store = FakeRemote(tmp_path / "store")
    release = Release.from_bytes(publish(owner, store, CONTENTS))
    protection = Protection(owner.reader, release.contents)
    assert content(owner.view(store), sha256(CONTENTS[0]), protection) == CONTENTS[0]
    with pytest.raises(NoKey):
        content(stranger.view(store), sha256(CONTENTS[0]), protection)


def test_an_open_content_is_read_as_ever(store: FolderStore, stranger: Party) -> None:
    name = stranger.view(store).put(b"open")
    assert stranger.view(store).get(name) == store.get(name) == b"open"


def test_plain_bytes_of_what_is_protected_are_not_stored(store: FolderStore, owner: Party) -> None:
    publish(owner, store, CONTENTS)
    with pytest.raises(NotPermitted):
        owner.view(store).put(CONTENTS[0])


def test_a_release_to_others_is_refused(store: FolderStore, owner: Party, stranger: Party) -> None:
    with pytest.raises(NoKey):
        stranger.keyring.add(publish(owner, store, CONTENTS))
    assert list(stranger.keyring.releases()) == []


def test_a_release_with_another_key_than_it_names_is_refused(store: FolderStore, owner: Party, stranger: Party) -> None:
    honest = Release.from_bytes(publish(owner, store, CONTENTS, [stranger.reader]))
    lie = replace(honest, wrapped=sealing.seal(sealing.new_secret(), [stranger.reader]))
    with pytest.raises(InvalidInput, match="another key"):
        stranger.keyring.add(lie.to_bytes())


def test_a_ciphertext_of_other_bytes_than_it_claims_is_damage(store: FolderStore, owner: Party) -> None:
    """A licensor that published something else under the work's digest is found out by whoever opens it."""
    release = Release.from_bytes(publish(owner, store, CONTENTS))
    other = store.put(sealing.seal(b"another tune", [release.key]))
    contents = (replace(release.contents[0], cipher=_digest(store, other)), *release.contents[1:])
    fresh = party(Path(owner.keyring._folder).parent / "fresh", secret=owner.secret)
    fresh.keyring.add(replace(release, contents=contents).to_bytes())
    with pytest.raises(WrongBytes):
        fresh.view(store).get(cid(sha256(CONTENTS[0])))


def _digest(store: FolderStore, name: str) -> bytes:
    return sha256(store.get(name))


def test_every_field_of_a_release_is_signed(store: FolderStore, owner: Party, stranger: Party) -> None:
    release = Release.from_bytes(publish(owner, store, CONTENTS, [stranger.reader]))
    check_release_signature(release)
    changes = {
        "kind": "order",
        "subject": bytes(32),
        "chain_id": 1,
        "contents": release.contents[:1],
        "readers": (owner.reader,),
        "wrapped": release.wrapped[:-1] + b"\0",
        "releaser": world.account(9).address,
        "operator": world.account(9).address,
    }
    assert changes.keys() | {"key", "signature"} == set(Release.__slots__)
    for name, value in changes.items():
        with pytest.raises(InvalidInput):
            check_release_signature(replace(release, **{name: value}))  # type: ignore[arg-type]


@given(st.integers(0, 10_000), st.integers(1, 255))
@FEW
def test_any_change_to_a_releases_bytes_is_refused_or_unsigned(
    store: FolderStore, owner: Party, place: int, flip: int
) -> None:
    whole = bytearray(publish(owner, store, [b"x"]))
    whole[place % len(whole)] ^= flip
    with pytest.raises(ContrafactError):
        check_release_signature(Release.from_bytes(bytes(whole)))


def test_a_release_of_contents_under_another_key_is_refused(store: FolderStore, owner: Party) -> None:
    fields = json.loads(publish(owner, store, CONTENTS))
    fields["contents"][0]["key"] = sealing.public_half(sealing.new_secret())
    with pytest.raises(InvalidInput):
        Release.from_bytes(canonical_json(fields))


def test_a_release_that_another_process_added_is_seen(store: FolderStore, owner: Party, stranger: Party) -> None:
    view = stranger.view(store)
    name = cid(sha256(CONTENTS[0]))
    assert not view.has(name)
    twin = party(stranger.keyring._folder, secret=stranger.secret)
    twin.keyring.add(publish(owner, store, CONTENTS, [stranger.reader]))
    assert view.get(name) == CONTENTS[0]


@pytest.mark.parametrize("text", ["", "AGE-SECRET-KEY-1QQQQ", "age1" + "q" * 58, "5e" * 40])
def test_what_is_no_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidInput) as error:
        sealing.identity(text.encode())
    assert not text or text not in str(error.value)


@pytest.mark.parametrize("reader", ["", "age1", "AGE1" + "Q" * 58, "age1" + "q" * 58, "ssh-ed25519 AAAA"])
def test_what_is_no_reader_is_refused(reader: str) -> None:
    with pytest.raises(InvalidInput):
        sealing.seal(b"x", [reader])
