"""From what a person writes to a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.errors import InvalidInput
from contrafact.records.folder import FolderStore
from contrafact.records.ipfs import IpfsStore
from contrafact.records.opening import open_store

from .fake_kubo import FakeKubo


def test_a_path_with_or_without_prefix_is_a_folder(tmp_path: Path) -> None:
    name = open_store(f"folder:{tmp_path}").put(b"x")
    assert open_store(str(tmp_path)).get(name) == b"x"


def test_a_relative_path_is_a_folder_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = open_store("records").put(b"x")
    assert FolderStore(tmp_path / "records").get(name) == b"x"


def test_the_home_folder_may_be_written_as_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    name = open_store("folder:~/records").put(b"x")
    assert FolderStore(tmp_path / "records").get(name) == b"x"


@pytest.mark.parametrize(
    "form", ["/ip4/127.0.0.1/tcp/{}", "/ip4/127.0.0.1/tcp/{}/http", "http://127.0.0.1:{}", "http://localhost:{}/"]
)
def test_a_node_is_named_by_multiaddr_or_url(fake_kubo: FakeKubo, form: str) -> None:
    store = open_store(form.format(fake_kubo.port))
    assert store.get(store.put(b"x")) == b"x"


def test_opening_a_node_asks_nothing_of_it() -> None:
    assert isinstance(open_store("/ip4/127.0.0.1/tcp/1"), IpfsStore)
    assert isinstance(open_store("http://[::1]"), IpfsStore)


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "  ",
        "folder:",
        "s3://bucket/x",
        "ipfs://bafkrei",
        "folder:a\0b",
        "/ip4/not-an-address/tcp/5001",
        "/ip4/127.0.0.1",
        "/ip4/127.0.0.1/udp/5001",
        "/ip4/127.0.0.1/tcp/5001/p2p-circuit",
        "http://",
        "http://host:99999",
        "http://host:port",
        "http://host:5001/api/v0",
        "http://user:secret@host:5001",
        "http://host:5001?x=1",
        "http://[::1:5001",
    ],
)
def test_anything_else_is_refused_with_what_is_expected(spec: str) -> None:
    with pytest.raises(InvalidInput, match="Expected") as error:
        open_store(spec)
    assert "secret" not in str(error.value)
