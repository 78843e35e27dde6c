"""The folder store: damage, crashes, and disks that refuse."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from contrafact.errors import NotFound, StoreError
from contrafact.records.folder import FolderStore

from .fake_kubo import raw_cid


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "records"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def damage(folder: Path, data: bytes) -> None:
    (path,) = files(folder)
    path.write_bytes(data)


@pytest.mark.parametrize("found", [b"", b"evidencf", b"evidence\n"])
def test_a_damaged_file_is_refused_naming_both_cids(folder: Path, found: bytes) -> None:
    store = FolderStore(folder)
    name = store.put(b"evidence")
    damage(folder, found)
    with pytest.raises(StoreError) as error:
        store.get(name)
    assert name in str(error.value)
    assert raw_cid(found) in str(error.value)
    assert error.value.hint


def test_putting_again_mends_a_damaged_file(folder: Path) -> None:
    store = FolderStore(folder)
    name = store.put(b"evidence")
    damage(folder, b"other")
    assert store.put(b"evidence") == name
    assert store.get(name) == b"evidence"


def test_a_file_is_named_by_its_cid_and_nothing_else_remains(folder: Path) -> None:
    name = FolderStore(folder).put(b"evidence")
    assert [path.name for path in files(folder)] == [name]


def test_two_stores_on_one_folder_see_each_other(folder: Path) -> None:
    name = FolderStore(folder).put(b"evidence")
    assert FolderStore(str(folder)).get(name) == b"evidence"


def test_nothing_is_made_before_the_first_put(folder: Path) -> None:
    store = FolderStore(folder)
    assert not store.has(raw_cid(b"x"))
    with pytest.raises(NotFound):
        store.get(raw_cid(b"x"))
    assert not folder.exists()


def test_readers_never_see_half_a_file(folder: Path) -> None:
    data = os.urandom(4 << 20)
    name, store, done = raw_cid(data), FolderStore(folder), threading.Event()
    seen: list[bytes] = []

    def read() -> None:
        while not done.is_set():
            if store.has(name):
                seen.append(store.get(name))

    reader = threading.Thread(target=read)
    reader.start()
    store.put(data)
    deadline = time.monotonic() + 10
    while not seen and time.monotonic() < deadline:
        time.sleep(0.01)
    done.set()
    reader.join()
    assert seen
    assert all(each == data for each in seen)


WRITER = """
import os, sys
from contrafact.records.folder import FolderStore
store = FolderStore(sys.argv[1])
while True:
    print(store.put(os.urandom(200_000)), flush=True)
"""


def test_a_killed_writer_leaves_only_whole_files(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        reported = [writer.stdout.readline().strip() for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
    store = FolderStore(folder)
    names = [path.name for path in files(folder) if not path.name.startswith(".")]
    assert set(reported) <= set(names)
    assert all(raw_cid(store.get(name)) == name for name in names)


def test_a_system_that_refuses_the_size_is_reported_and_leaves_nothing(folder: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StoreError, match="too large") as error:
            FolderStore(folder).put(bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "limit" in error.value.hint
    assert files(folder) == []


@pytest.mark.parametrize(
    ("code", "hint"),
    [(errno.ENOSPC, "full"), (errno.EDQUOT, "quota"), (errno.EACCES, "right"), (errno.EROFS, "read-only")],
)
def test_a_disk_that_refuses_is_reported_with_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, hint: str
) -> None:
    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreError, match=hint):
        FolderStore(folder).put(b"evidence")
    assert files(folder) == []


def test_a_file_in_place_of_the_folder_is_reported(folder: Path) -> None:
    folder.write_bytes(b"")
    store = FolderStore(folder)
    for act in (lambda: store.put(b"x"), lambda: store.get(raw_cid(b"x")), lambda: store.has(raw_cid(b"x"))):
        with pytest.raises(StoreError, match="folder"):
            act()


def test_a_folder_that_cannot_be_made_is_not_taken_for_missing_content() -> None:
    with pytest.raises(StoreError):
        FolderStore("/proc/contrafact").put(b"x")
