"""Of what style a tune is: what its transcriber called its rhythm, else its metre; a chorale is a chorale."""

from __future__ import annotations

import re

from contrafact.music.pack import PackedTune

_RHYTHM = re.compile(r"^R:\s*(.*?)\s*$", re.MULTILINE)
_KNOWN = {
    **{name: name for name in ("reel", "hornpipe", "jig", "slip jig", "strathspey", "air", "fling")},
    "clog": "hornpipe",
    "double jig": "jig",
    "slipjig": "slip jig",
    "highland fling": "fling",
}


def style(tune: PackedTune) -> str:
    """`jig`, `reel`, `hornpipe` …, `chorale`, or `no rhythm named, 3/4`."""
    if tune.collection == "bach":
        return "chorale"
    named = _RHYTHM.search(tune.file.decode()) if tune.media_type.startswith("text/") else None
    known = _KNOWN.get(named[1].lower()) if named else None
    return known or f"no rhythm named, {metre(tune)}"


def metre(tune: PackedTune) -> str:
    """`6/8`."""
    return f"{tune.score.metre.beats}/{tune.score.metre.unit}"
