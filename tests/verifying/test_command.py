"""`contrafact verify`: what a person reads, what a program reads, and the exit code of each verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contrafact.cli import main
from contrafact.cli import verifying as command

from .finds import Finds, other_music

pytestmark = pytest.mark.slow


def test_the_command_tells_people_and_programs_the_same(
    finds: Finds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "Site", lambda settings: finds.town.site())
    files = {
        "certified.flac": (finds.certified(), 0),
        "stripped.flac": (finds.plain, 23),
        "forged.flac": (finds.retitled, 24),
        "unknown.flac": (other_music(), 25),
        "text.flac": (b"a text", 2),
    }
    for name, (data, code) in files.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SystemExit) as ended:
            main(["verify", str(tmp_path / name), "--json"])
        assert ended.value.code == code, name
        said = capsys.readouterr()
        if code != 2:
            assert json.loads(said.out)["verdict"] == name.removesuffix(".flac")
    with pytest.raises(SystemExit):
        main(["verify", str(tmp_path / "certified.flac")])
    said = capsys.readouterr().out
    assert "certified.flac: certified." in said
    order = finds.verify(finds.plain).to_dict()["order"]
    for row in order["sources"]:
        assert row["paid"]["text"] in said
