"""The port `Identification`: is a file a registered work, a copy of one, a version of one, or new?

From the strictest evidence on: the same bytes; the same tokens; the same recording, by its fingerprint; the same tune,
by an alignment of the melodies. Each work is named once, with the strictest evidence there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from contrafact.domain.digests import sha256
from contrafact.domain.recognition import Candidate, Evidence, Likeness, Recognition
from contrafact.errors import InvalidScore
from contrafact.music.identification.evidence import aligned_bars
from contrafact.music.identification.index import Index
from contrafact.music.identification.landmarks import Samples, landmarks
from contrafact.music.identification.matching import Match, compare, matches
from contrafact.music.identification.melody import Melody
from contrafact.music.identification.recordings import recordings_like
from contrafact.music.identification.verdict import SAME_TUNE, THRESHOLD, likelihood
from contrafact.music.listening.decoding import decode
from contrafact.music.listening.recording import read_sound
from contrafact.music.reading import is_recording, read_score
from contrafact.music.score import Score
from contrafact.music.source_form import SourceForm

_MOST = 10  # works that are named


@dataclass(frozen=True)
class _File:
    """An uploaded file: `sound` with its rate if it is a recording, `score` unless it has no melody."""

    data: bytes
    sound: tuple[Samples, int] | None
    score: Score | None
    problem: InvalidScore | None = None

    @classmethod
    def read(cls, data: bytes, media_type: str) -> _File:
        """Raises InvalidScore for a score that cannot be read, and a recording that cannot be decoded."""
        if not is_recording(media_type):
            return cls(data, None, read_score(data, media_type))
        sound = decode(data)
        try:
            return cls(data, sound, read_sound(*sound))
        except InvalidScore as error:  # no melody: its fingerprint may still be known
            return cls(data, sound, None, error)


class WorkIdentification:
    """Recognises the works of an index. One object is for one thread."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def close(self) -> None:
        """Closes the index."""
        self._index.close()

    def identify(self, data: bytes, media_type: str) -> Recognition:
        """What a score or a recording is, held against every work that was added.

        Raises InvalidScore for a file that cannot be read, and for a recording without a melody that is no copy.
        """
        named = self._index.with_content(sha256(data))
        known: Iterable[Candidate] = [_copy(work_id, Evidence.FILE, 1.0) for work_id in named]
        try:
            file = _File.read(data, media_type)
        except InvalidScore:
            if not named:
                raise
            return _recognition(known)
        form = _form(file.score)
        copies = [*known, *(self._with_form(form) if form else ()), *self._same_recording(file)]
        if file.score is None or form is None:
            if not copies:
                raise file.problem or InvalidScore("The file has no melody that could be a source's.")
            return _recognition(copies)
        melody = Melody.of(form, file.score.key.tonic)
        return _recognition(chain(copies, self._versions(melody, file.score.tempo)))

    def same_tune(self, first: bytes, second: bytes) -> Candidate | None:
        """As the function `same_tune`."""
        return same_tune(first, second)

    def like(self, source_form: bytes) -> tuple[Candidate, ...]:
        """Works with this source form, or a version of it. Raises InvalidScore for other bytes."""
        form = SourceForm.from_bytes(source_form)
        return _recognition(chain(self._with_form(form), self._versions(Melody.of(form), 0))).candidates

    def add(self, work_id: bytes, content: bytes, media_type: str, source_form: bytes) -> None:
        """Adds a registered work; adding it again is harmless. Raises InvalidScore for what is no source form.

        A file that cannot be read or heard does no harm: the work is then known by its digests and its tokens.
        """
        if self._index.has(work_id):
            return
        form = SourceForm.from_bytes(source_form)
        try:
            file = _File.read(content, media_type)
        except InvalidScore:
            file = _File(content, None, None)
        melody = Melody.of(form, file.score.key.tonic if file.score else 0)
        marks = None if file.sound is None else landmarks(*file.sound)
        tempo = file.score.tempo if file.score else 0
        self._index.add(work_id, sha256(content), sha256(source_form), melody, tempo, marks)

    def has(self, work_id: bytes) -> bool:
        return self._index.has(work_id)

    def forget(self, work_id: bytes) -> None:
        """Takes a work out whose registration is no longer on the chain."""
        self._index.forget(work_id)

    def ids(self) -> list[bytes]:
        """All works that were added."""
        return self._index.ids()

    def _same_recording(self, file: _File) -> Iterator[Candidate]:
        for heard in recordings_like(*file.sound, self._index) if file.sound else ():
            if heard.is_copy and (work := self._index.work(heard.number)):
                yield _copy(work.work_id, Evidence.FINGERPRINT, heard.covered)

    def _with_form(self, form: SourceForm) -> Iterator[Candidate]:
        for work_id in self._index.with_form(form.digest):
            yield _copy(work_id, Evidence.SOURCE_FORM, 1.0)

    def _versions(self, melody: Melody, tempo: int) -> Iterator[Candidate]:
        found: dict[bytes, list[Match]] = {}
        for match in matches(melody, self._index):
            if match.measure >= THRESHOLD:
                found.setdefault(match.work.work_id, []).append(match)
        for work_id, of_work in found.items():
            yield _version(work_id, melody, of_work, tempo)


def same_tune(first: bytes, second: bytes) -> Candidate | None:
    """The second source form as a candidate for the first, named by its digest; None where it is another tune.

    A form has no key and no tempo, so neither is said. Raises InvalidScore for other bytes.
    """
    name = sha256(second)
    if first == second:
        return _copy(name, Evidence.SOURCE_FORM, 1.0)
    file, other = (Melody.of(SourceForm.from_bytes(form)) for form in (first, second))
    found = [match for match in compare(file, other) if match.measure >= SAME_TUNE]
    return _version(name, file, found) if found else None


def _form(score: Score | None) -> SourceForm | None:
    """The source form, or None for what has none: what is too long, or in a metre that is not known."""
    try:
        return SourceForm.from_score(score) if score else None
    except InvalidScore:
        return None


def _copy(work_id: bytes, evidence: Evidence, score: float) -> Candidate:
    return Candidate(work_id, Likeness.COPY, evidence, score)


def _version(work_id: bytes, file: Melody, found: Sequence[Match], tempo: int = 0) -> Candidate:
    """A work from the parts of the file that were found in it, best first; those in the best one's key are shown."""
    best = found[0]
    key, stretch = best.reading.transposition, best.reading.stretch
    pairs = [pair for match in found if match.reading.transposition == key for pair in match.alignment().pairs]
    known = bool(tempo and best.work.tempo)
    return Candidate(
        work_id,
        Likeness.VERSION,
        Evidence.MELODY,
        likelihood(best.measure),
        aligned_bars(file, best.work.melody, pairs),
        key if known else None,
        tempo / best.work.tempo * 2.0**-stretch if known else None,
    )


def _recognition(found: Iterable[Candidate]) -> Recognition:
    once: dict[bytes, Candidate] = {}
    for candidate in found:
        once.setdefault(candidate.work_id, candidate)
    best = tuple(once.values())[:_MOST]
    return Recognition(best[0].likeness if best else Likeness.NEW, best)
