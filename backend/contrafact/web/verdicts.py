"""What an uploaded file is like, as people see it, and what may be registered."""

from __future__ import annotations

from contrafact.domain.digests import to_hex
from contrafact.domain.recognition import Candidate, Recognition
from contrafact.domain.terms import NATIVE
from contrafact.errors import NotPermitted
from contrafact.registration import Statement, require_new
from contrafact.web.errors import AlreadyThere
from contrafact.web.schemas.uploads import BarPair, MadePiece, Resemblance, Verdict
from contrafact.web.services import Services
from contrafact.web.works import row_of


def recognised(services: Services, data: bytes, media_type: str) -> Recognition | None:
    """What identification says; None where this service has none. Raises InvalidScore."""
    return services.identification.identify(data, media_type) if services.identification else None


def stated(services: Services, recognition: Recognition | None, registrant: str, said: Statement) -> str:
    """The note of what the registrant states about works that the file is like; see `registration.require_new`.

    Raises AlreadyThere for a piece and a copy, and for a version of which nothing is said.
    """
    if recognition is None:
        return ""
    try:
        return require_new(recognition, lambda work_id: _licensor(services, work_id), registrant, said)
    except NotPermitted as refusal:
        hint = "State what it is to these works: contests, version_of or not_version_of. The statement becomes public."
        raise AlreadyThere(refusal.message, hint) from refusal


def _licensor(services: Services, work_id: bytes) -> str:
    """Nobody for a work that is not indexed yet: it is somebody else's until that is known."""
    row = row_of(services, work_id)
    return row.licensor if row else NATIVE


def verdict(services: Services, recognition: Recognition | None) -> Verdict | None:
    if recognition is None:
        return None
    rows = [_resemblance(services, candidate) for candidate in recognition.candidates]
    pieces = [MadePiece(order=to_hex(made.order_id), evidence=made.evidence.value) for made in recognition.pieces]
    return Verdict(
        likeness=recognition.likeness.value,
        resemblances=rows,
        pieces=pieces,
        pieces_not_compared=recognition.not_compared,
    )


def _resemblance(services: Services, candidate: Candidate) -> Resemblance:
    row = row_of(services, candidate.work_id)
    return Resemblance(
        work=to_hex(candidate.work_id),
        title=row.title if row else None,
        likeness=candidate.likeness.value,
        evidence=candidate.evidence.value,
        score=candidate.score,
        transposition=candidate.transposition,
        tempo=candidate.tempo,
        bars=[BarPair(file=pair.file, work=pair.work) for pair in candidate.bars],
    )
