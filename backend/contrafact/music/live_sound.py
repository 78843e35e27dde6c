"""The sound of a live piece as files, a FLAC for each bar, which play gaplessly one after another."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.generation import EventNote, MusicRequest
from contrafact.music.audio import write_flac
from contrafact.music.stream_render import StreamRenderer


class FlacBars:
    """Implements the port LiveSound with the packaged soundfont."""

    def __init__(self, music: MusicRequest) -> None:
        self._renderer = StreamRenderer(music.tempo, music.programs)

    def bar(self, notes: Sequence[EventNote], end: int) -> bytes:
        """Raises as `StreamRenderer.bar` does."""
        return write_flac(self._renderer.bar(notes, end))

    def finish(self) -> bytes:
        pcm = self._renderer.finish()
        return write_flac(pcm) if len(pcm) else b""
