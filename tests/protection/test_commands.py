"""The commands that need no chain: a reader's key, and a content that is taken down and put again."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.domain.digests import cid, sha256
from contrafact.records.folder import FolderStore
from tests.e2e.command import Command, key_file

DATA = b"a tune that somebody objects to"
NAME = cid(sha256(DATA))


@pytest.fixture
def command(tmp_path: Path) -> Command:
    places = {"store": f"folder:{tmp_path / 'store'}", "home": str(tmp_path / "home")}
    return Command(places | {"deployment": str(tmp_path / "none.json")})


def test_a_readers_key_is_private_and_never_overwritten(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "reader.key"
    public = command("keys", "new-reader", file, "--json").json["reader"]
    before = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert command("keys", "show-reader", file, "--json").json["readers"] == [public]
    assert command("keys", "new-reader", file, "--json").error["code"] == "invalid_input"
    assert file.read_bytes() == before
    assert b"AGE-SECRET" not in command("keys", "show-reader", file).out.encode()


def test_a_readers_key_that_others_can_read_is_refused(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "reader.key"
    command("keys", "new-reader", file)
    file.chmod(0o644)
    refused = command.under(reader_key_file=file)("content", "open", NAME, "--out", tmp_path / "out", "--json")
    assert "chmod 600" in refused.error["hint"]


def test_content_is_withdrawn_with_a_signed_notice_and_restored_on_purpose(command: Command, tmp_path: Path) -> None:
    store, file = FolderStore(tmp_path / "store"), tmp_path / "tune"
    store.put(DATA)
    file.write_bytes(DATA)
    keeper = command.under(key_file=key_file(tmp_path, 2))
    (notice,) = keeper("content", "withdraw", NAME, "--reason", "by order of a court", "--json").json
    assert (notice["cid"], notice["by"][:2], notice["reason"]) == (NAME, "0x", "by order of a court")
    gone = keeper("content", "open", NAME, "--out", tmp_path / "out", "--json").error
    assert gone["code"] == "withdrawn"
    assert "by order of a court" in gone["message"]
    assert keeper("content", "import", file, "--json").error["code"] == "invalid_input"
    assert keeper("content", "import", file, "--restore", "--json").json["stored"] == [NAME]
    assert keeper("content", "open", NAME, "--out", tmp_path / "out", "--json").json["bytes"] == len(DATA)


def test_a_withdrawal_needs_a_reason(command: Command, tmp_path: Path) -> None:
    FolderStore(tmp_path / "store").put(DATA)
    assert command("content", "withdraw", NAME, "--reason", " ", "--json").error["code"] == "invalid_input"
    assert FolderStore(tmp_path / "store").get(NAME) == DATA
