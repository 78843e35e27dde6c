"""`contrafact settings` shows what is in force and whence, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import Command


def test_settings_are_shown_with_their_source_and_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("contrafact.toml").write_text('rpc_url = "https://me:hunter2@node.example/v3/hunter2"\nthreads = 3\n')
    command = Command({"threads": "2", "operator_key_passphrase": "hunter2"})
    answer = command("settings", "--json")
    rows = {row["setting"]: (row["value"], row["source"]) for row in answer.json}
    assert rows["threads"] == (2, "environment")
    assert rows["rpc_url"] == ("https://********@node.example/********", "contrafact.toml")
    assert rows["operator_key_passphrase"] == ("********", "environment")
    assert rows["port"] == (8600, "default")
    assert "hunter2" not in answer.out + command("settings").out
