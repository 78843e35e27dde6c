"""The three views of who is in a piece, put together: its shares, its sound, and the model's gradients."""

from __future__ import annotations

from collections.abc import Callable

from contrafact.domain.digests import to_hex
from contrafact.domain.opinions import Opinions
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ReplayError
from contrafact.influencing import influences
from contrafact.wiring.site import Site, require_generation

ANOTHER_MODEL = "another model made the piece"


def opinions_of(site: Site) -> Callable[[AttributionRecord], Opinions]:
    """What gives the three views of a recorded piece. Encoder and gradients are loaded when first needed.

    Raises NotFound where the extra `generation` is not installed. The views raise InvalidInput or InvalidScore for what
    cannot be read, NotFound or StoreError for what the store does not give.
    """
    require_generation()

    def opine(record: AttributionRecord) -> Opinions:
        from contrafact.music.embedding.comparison import NOTHING
        from contrafact.opinion import opinion_on

        shares = {to_hex(source.work_id): source.share for source in record.sources}
        heard = opinion_on(record, site.store)
        tops = zip(heard.exact_tops, heard.estimated_tops, strict=True)
        windows = [(None if exact == NOTHING else exact, guess) for exact, guess in tops]
        return Opinions.of(shares, heard.estimated, _scores(site, record), windows)

    return opine


def _scores(site: Site, record: AttributionRecord) -> tuple[float, ...] | str:
    """Influence of each source, or why it is not known."""
    try:
        return influences(record, site.store, site.influence).sources
    except ReplayError:
        return ANOTHER_MODEL
