"""Several stores as one: what one lost, or gives wrongly, another one has."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.errors import NotFound, StoreReadOnly, StoreUnreachable, Withdrawn, WrongBytes
from contrafact.ports import KeptStore
from contrafact.records.fallback import FallbackStore
from contrafact.records.folder import FolderStore
from contrafact.records.opening import open_store

from .fake_kubo import FakeKubo, raw_cid

DATA = b"evidence"
NAME = raw_cid(DATA)
DEAD = "/ip4/127.0.0.1/tcp/1"


@pytest.fixture
def first(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "first")


@pytest.fixture
def second(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "second")


@pytest.fixture
def both(first: FolderStore, second: FolderStore) -> FallbackStore:
    return FallbackStore([first, second])


def damage(folder: Path, data: bytes = b"wrong") -> None:
    (path,) = (path for path in folder.rglob("bafkrei*") if path.is_file())
    path.write_bytes(data)


def test_a_write_goes_to_all(both: FallbackStore, first: KeptStore, second: KeptStore) -> None:
    both.put(DATA)
    assert first.get(NAME) == second.get(NAME) == DATA


def test_wrong_bytes_of_one_are_cured_by_another(both: FallbackStore, first: KeptStore, tmp_path: Path) -> None:
    both.put(DATA)
    damage(tmp_path / "first")
    assert both.get(NAME) == DATA
    assert first.get(NAME) == DATA


def test_wrong_bytes_everywhere_are_an_error_and_not_missing(both: FallbackStore, tmp_path: Path) -> None:
    both.put(DATA)
    for name in ("first", "second"):
        damage(tmp_path / name)
    with pytest.raises(WrongBytes):
        both.get(NAME)


def test_a_store_out_of_reach_is_passed_over(second: FolderStore, tmp_path: Path) -> None:
    pair = open_store(f"{DEAD}, folder:{tmp_path / 'second'}", 1)
    assert pair.put(DATA) == NAME
    assert pair.get(NAME) == DATA
    assert pair.has(NAME)


def test_missing_is_said_only_where_every_store_could_be_asked(both: FallbackStore, second: FolderStore) -> None:
    with pytest.raises(NotFound):
        both.get(NAME)
    half = FallbackStore([open_store(DEAD, 1), second])
    with pytest.raises(StoreUnreachable):
        half.get(NAME)
    with pytest.raises(StoreUnreachable):
        half.has(NAME)


def test_a_write_that_no_store_takes_is_an_error() -> None:
    pair = open_store(f"{DEAD},folder:/proc/contrafact", 1)
    with pytest.raises(StoreUnreachable):
        pair.put(DATA)


def test_a_withdrawal_reaches_all_or_says_that_it_did_not(
    both: FallbackStore, first: KeptStore, second: KeptStore
) -> None:
    both.put(DATA)
    both.withdraw(NAME, b"notice")
    for store in (first, second, both):
        with pytest.raises(Withdrawn):
            store.get(NAME)
    with pytest.raises(StoreUnreachable):
        FallbackStore([first, open_store(DEAD, 1)]).withdraw(NAME, b"notice")


def test_a_notice_in_the_second_store_keeps_the_first_from_taking_it_again(
    both: FallbackStore, first: KeptStore, second: KeptStore
) -> None:
    second.withdraw(NAME, b"notice")
    with pytest.raises(Withdrawn):
        both.put(DATA)
    assert not first.has(NAME)


def test_folder_and_node_stand_in_for_each_other(fake_kubo: FakeKubo, tmp_path: Path) -> None:
    pair = open_store(f"{fake_kubo.address},folder:{tmp_path / 'second'}", 1)
    pair.put(DATA)
    fake_kubo.blocks[NAME] = b"wrong"
    assert pair.get(NAME) == DATA
    assert fake_kubo.blocks[NAME] == DATA


def test_a_read_only_store_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import os

    def refuse(_: int) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    store = FolderStore(tmp_path / "first")
    store.put(b"before")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreReadOnly):
        store.put(DATA)
    assert store.get(raw_cid(b"before")) == b"before"
