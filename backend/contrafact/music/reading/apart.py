"""The reader process seen from outside: started when first needed, killed when it takes too long, started again."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer

from contrafact.errors import InvalidScore
from contrafact.music.score import Score
from contrafact.music.score_text import decode_score

TIME_LIMIT = 15.0
START_LIMIT = 120.0
_COMMAND = (sys.executable, "-m", "contrafact.music.reading.worker")


class ReaderProcess:
    """Reads ABC and MusicXML through `reading.worker`, one file at a time; safe to share between threads."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._time_limit = time_limit
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, kind: str) -> Score:
        """The melody of a file. Raises `InvalidScore`, also when the process died of the file or of its time limit."""
        with self._lock:
            line = self._ask(data, kind)
        if not line:
            raise InvalidScore(
                f"The file could not be read within {self._time_limit:.0f} s.", "Simplify it, or save it as MIDI."
            )
        answer = json.loads(line)
        if "score" not in answer:
            raise InvalidScore(answer["message"], answer["hint"])
        return decode_score(answer["score"])

    def close(self) -> None:
        """End the process, if there is one; the next read starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError):
                process.communicate()

    def _ask(self, data: bytes, kind: str) -> bytes:
        """The line that the process answers, or nothing if it ended instead. Raises `InvalidScore` if none starts."""
        if self._process is None:
            self._process = _start()
            if not _answer(self._process, b"", START_LIMIT):
                self.close()
                raise InvalidScore(
                    "ABC and MusicXML cannot be read here.", "Check that music21 is installed, or use MIDI."
                )
        line = _answer(self._process, f"{kind} {len(data)}\n".encode() + data, self._time_limit)
        if not line:
            self.close()
        return line


def _start() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _answer(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> bytes:
    """The line with which a process answers a request; nothing if it has ended, or is killed for taking too long."""
    assert process.stdin is not None
    assert process.stdout is not None
    timer = Timer(seconds, process.kill)
    timer.start()
    try:
        process.stdin.write(request)
        process.stdin.flush()
        return process.stdout.readline()
    except BrokenPipeError:
        return b""
    finally:
        timer.cancel()


shared_reader = ReaderProcess()
atexit.register(shared_reader.close)
