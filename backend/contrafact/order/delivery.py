"""The maker's files: handed over after the commit, not before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contrafact.domain.digests import cid
from contrafact.domain.record import AttributionRecord
from contrafact.order import certifying
from contrafact.order.folder import OrderFolder
from contrafact.ports import Certifying, ContentStore

_LAST, _PIECE = "record.json", "piece.flac"


def deliver(
    folder: OrderFolder,
    record: AttributionRecord,
    titles: Sequence[str],
    store: ContentStore,
    certifier: Certifying | None = None,
) -> None:
    """Writes piece, MIDI, stems, licence, record and event ledger to `delivery/`, each as the content store holds it.

    But the piece carries a certificate, where there is one to give; `piece.flac.json` says so, or why it does not.
    """
    files = file_names(record, titles)
    piece = files.pop(_PIECE)
    certifying.hand_over(folder, "flac", piece, lambda: store.get(cid(piece)), certifier)
    for name, digest in files.items():
        folder.once(f"delivery/{name}", lambda digest=digest: store.get(cid(digest)))  # type: ignore[misc]


def is_delivered(folder: OrderFolder) -> bool:
    """Whether all of it is there."""
    return folder.has(f"delivery/{_LAST}")


def file_names(record: AttributionRecord, titles: Sequence[str]) -> dict[str, bytes]:
    """File name → SHA-256 of the file, stems named after their work."""
    stems = {
        f"stems/{i}-{_slug(title)}.flac": stem.flac
        for i, (title, stem) in enumerate(zip(("base", *titles), record.stems, strict=True))
    }
    files = {
        _PIECE: record.mix.flac,
        "piece.mid": record.midi,
        "events.json": record.events,
        "LICENCE.txt": record.licence,
    }
    return {**files, **stems, _LAST: record.digest()}


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "untitled"
