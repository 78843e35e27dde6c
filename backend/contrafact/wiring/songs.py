"""How songs sound, made once and kept on disk."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from contrafact.domain.digests import sha256
from contrafact.whole import write_whole
from contrafact.wiring.site import generation_is_installed


class KeptSongs:
    """Implements the port Songs in a folder, whose files are named by the digest of what they are made of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept(self, form: bytes, tonic: int) -> bytes | None:
        file = self._file(form, tonic)
        return file.read_bytes() if file.exists() else None

    def make(self, form: bytes, tonic: int) -> bytes:
        from contrafact.music.source_sound import to_mp3

        if (found := self.kept(form, tonic)) is not None:
            return found
        file, made = self._file(form, tonic), to_mp3(form, tonic)
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(file, made)
        return made

    def once(self, data: bytes, media_type: str) -> bytes:
        from contrafact.music.reading import read_score
        from contrafact.music.source_form import SourceForm
        from contrafact.music.source_sound import to_mp3

        score = read_score(data, media_type)
        return to_mp3(SourceForm.from_score(score).to_bytes(), score.key.tonic)

    def _file(self, form: bytes, tonic: int) -> Path:
        name = sha256(f"{_version()} {tonic} ".encode() + sha256(form)).hex()
        return self._folder / f"{name}.mp3"


def songs_in(home: Path) -> KeptSongs | None:
    """Songs that are kept in an operator's home; None where nothing here makes sound."""
    return KeptSongs(home / "songs") if generation_is_installed() else None


@cache
def _version() -> str:
    from contrafact.music.source_sound import sound_version

    return sound_version()
