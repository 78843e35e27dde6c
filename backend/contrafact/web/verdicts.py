"""What an uploaded file is like, as people see it, and what may be registered."""

from __future__ import annotations

from contrafact.domain.digests import to_hex
from contrafact.domain.recognition import Candidate, Likeness, Recognition
from contrafact.web.errors import Copied
from contrafact.web.offers import row_of
from contrafact.web.schemas.uploads import BarPair, Resemblance, Verdict
from contrafact.web.services import Services


def recognised(services: Services, data: bytes, media_type: str) -> Recognition | None:
    """What identification says; None where this service has none. Raises InvalidScore."""
    return services.identification.identify(data, media_type) if services.identification else None


def require_no_copy(recognition: Recognition | None) -> None:
    """Raises Copied for a copy of a registered work."""
    if recognition and recognition.likeness is Likeness.COPY:
        first = recognition.candidates[0]
        text = f"The file is a copy of work {to_hex(first.work_id)}, by its {first.evidence.value}."
        raise Copied(text, "If that work is yours and not its registrant's, contest it.")


def verdict(services: Services, recognition: Recognition | None) -> Verdict | None:
    if recognition is None:
        return None
    rows = [_resemblance(services, candidate) for candidate in recognition.candidates]
    return Verdict(likeness=recognition.likeness.value, resemblances=rows)


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
