"""Recognising works: a file that stands for a work, and works that were registered before by somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contrafact.contents import work_document
from contrafact.domain.digests import cid
from contrafact.domain.recognition import Candidate, Evidence, Likeness
from contrafact.domain.works import Work
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.ports import ContentStore, Identification


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A work that equals an earlier one of another licensor, and in what."""

    work: Work
    earlier: Work
    likeness: Likeness
    evidence: Evidence


def recognise(identification: Identification, data: bytes, media_type: str) -> Candidate:
    """The registered work that a file is a copy or a version of.

    Raises NotFound where it is none, with what to do, and InvalidScore for a file that cannot be read or heard.
    """
    found = identification.identify(data, media_type)
    if found.likeness is Likeness.NEW:
        raise NotFound(
            "The file is no work of the catalogue, nor a version of one.",
            "If it is yours, register it (`contrafact works register`) and set its terms; then it can be a source.",
        )
    return found.candidates[0]


def add_works(identification: Identification, works: Iterable[Work], store: ContentStore) -> list[Work]:
    """Adds what the index lacks, as far as the store has it; the works that could not be had, or read, are returned.

    They are tried again the next time.
    """
    missing = []
    for work in works:
        if identification.has(work.work_id):
            continue
        try:
            metadata = work_document(store, work.metadata)
            content, form = store.get(cid(work.content)), store.get(cid(work.source_form))
            identification.add(work.work_id, content, metadata.media_type, form)
        except (NotFound, StoreError, InvalidInput):
            missing.append(work)
    return missing


def duplicates(
    works: Sequence[Work], store: ContentStore, like: Callable[[bytes], Sequence[Candidate]]
) -> list[Duplicate]:
    """Works that equal an earlier one of another licensor: in the file, in the tokens, or in the melody.

    `works` are all works, oldest first; `like` says which works are like a source form. Of each work the earliest
    that it equals most strictly is named. What the store does not have is compared by its digests alone.
    """
    place = {work.work_id: number for number, work in enumerate(works)}
    of_content: dict[bytes, list[Work]] = {}
    found = []
    for work in works:
        same = of_content.setdefault(work.content, [])
        earlier = [(other, Likeness.COPY, Evidence.FILE) for other in same]
        for candidate in _like(work, store, like):
            if candidate.work_id in place and place[candidate.work_id] < place[work.work_id]:
                earlier.append((works[place[candidate.work_id]], candidate.likeness, candidate.evidence))
        of_others = [one for one in earlier if one[0].licensor.lower() != work.licensor.lower()]
        if of_others:
            found.append(Duplicate(work, *min(of_others, key=lambda one: _strictness(one[2], place[one[0].work_id]))))
        same.append(work)
    return found


def _strictness(evidence: Evidence, place: int) -> tuple[int, int]:
    return list(Evidence).index(evidence), place


def _like(work: Work, store: ContentStore, like: Callable[[bytes], Sequence[Candidate]]) -> Sequence[Candidate]:
    try:
        return like(store.get(cid(work.source_form)))
    except (NotFound, StoreError, InvalidInput):
        return ()
