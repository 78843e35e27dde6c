"""What of a finished piece the reader may have: downloads and the licence; or why not, in words."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.domain.terms import Use
from contrafact.errors import ContrafactError
from contrafact.read_model import OrderRow
from contrafact.web.auth.sessions import Caller
from contrafact.web.hearing import Files, files_for
from contrafact.web.services import Services


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Having:
    """`certified`: the piece with its certificate, `files`: all the rest. `why` there is nothing, and `hint`.

    `is_bare`: it is a private piece whose files are not encrypted, which is less than the word promises.
    """

    certified: tuple[Download, ...] = ()
    files: tuple[Download, ...] = ()
    licence: str = ""
    why: str = ""
    hint: str = ""
    is_bare: bool = False


def having(row: OrderRow, services: Services, caller: Caller | None) -> Having:
    try:
        files = files_for(services, row, caller)
    except ContrafactError as error:
        return Having(why=error.message, hint=error.hint)
    base = f"/v1/orders/{to_hex(row.order_id)}"
    is_heard = "piece.flac" in files.open
    certified = _certified(base) if is_heard and services.delivered is not None else ()
    others = tuple(Download(name, f"{base}/files/{name}", _TEXTS.get(name, "")) for name in files.open)
    is_bare = is_heard and row.quote.use is Use.PRIVATE and files.record.protection is None
    return Having(certified, others, _licence(files, services), is_bare=is_bare)


_TEXTS = {
    "piece.flac": "the piece as it was recorded, without a certificate",
    "piece.mid": "the notes, for notation and music programs",
    "events.json": "the event ledger: each note with its responsibilities",
    "record.json": "the attribution record, whose digest is on the chain",
    "LICENCE.txt": "what the maker may do with the piece",
}


def _certified(base: str) -> tuple[Download, ...]:
    kinds = (("flac", "FLAC, lossless"), ("wav", "WAV, for editors"), ("mp3", "MP3, small"))
    return tuple(Download(f"piece.{kind}", f"{base}/certified/{kind}", text) for kind, text in kinds)


def _licence(files: Files, services: Services) -> str:
    try:
        return files.read("LICENCE.txt", services).decode(errors="replace")
    except ContrafactError as error:
        return f"The licence text cannot be shown here: {error.message}"
