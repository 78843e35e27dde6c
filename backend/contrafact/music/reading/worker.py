"""Reads untrusted scores in a process of its own: `python -m contrafact.music.reading.worker`.

music21 was not made for hostile input; here it takes no more than its share of memory, and brings nothing down with
it. It says `ready` on standard output when it is; then a request on standard input is a line `KIND LENGTH` and the
file, and the answer a line of JSON: the score as text, or the message and hint of what is wrong.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

from contrafact.errors import InvalidScore
from contrafact.music.reading import notation
from contrafact.music.reading.container import unpack
from contrafact.music.reading.draft import to_score
from contrafact.music.score import Score
from contrafact.music.score_text import encode_score

MEMORY_BYTES = 2 * 1024**3
_KINDS = {"abc": "ABC", "musicxml": "MusicXML"}


def parse(data: bytes, kind: str) -> Score:
    """The melody of an `abc` or `musicxml` file, compressed or not. Raises `InvalidScore`, whatever is wrong."""
    try:
        if kind == "abc":
            return to_score(notation.read_abc(_decoded(data)))
        return to_score(notation.read_musicxml(unpack(data) if data.startswith(b"PK") else data))
    except InvalidScore:
        raise
    except MemoryError as error:
        raise InvalidScore("The file needs too much memory to read.", "Register a shorter piece.") from error
    except Exception as error:
        # music21 raises dozens of kinds of its own and of Python's, by what it stumbles over.
        raise InvalidScore(
            f"The file cannot be read as {_KINDS.get(kind, kind)}.",
            "Check that a notation program opens it, or choose another file.",
        ) from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the caller's time limit remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _answer(data: bytes, kind: str) -> dict[str, str]:
    try:
        return {"score": encode_score(parse(data, kind))}
    except InvalidScore as error:
        return {"message": error.message, "hint": error.hint}


def main() -> None:
    _limit_memory()
    answers, sys.stdout = sys.stdout, sys.stderr  # a library that prints must not spoil an answer
    for library in ("music21.abcFormat", "music21.musicxml.xmlToM21"):
        import_module(library)  # now, so that no file is charged for it
    print("ready", file=answers, flush=True)
    while request := sys.stdin.buffer.readline():
        kind, length = request.decode().split()
        print(json.dumps(_answer(sys.stdin.buffer.read(int(length)), kind)), file=answers, flush=True)


if __name__ == "__main__":
    main()
