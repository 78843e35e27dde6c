"""What a work's document says, beside the digests that a transaction has of it."""

from __future__ import annotations

from dataclasses import replace

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.ledger.clear_signing.shown import Shown
from contrafact.ledger.prepared import Steps

_MARKS = str.maketrans("“”", "''")


def told(steps: Steps, metadata: WorkMetadata) -> Steps:
    """The same steps, which show the document first. They must be of a call that was made from this document: its
    digests are in the bytes that are signed, so that another document's words would not fit.
    """
    said = (("Title", _quoted(metadata.title)), *_identifiers(metadata), ("Rights holders", _holders(metadata.split)))
    made = tuple(
        replace(one, shown=Shown(one.shown.purpose, (*said, *_telling(one.shown)))) for one in steps.transactions
    )
    return replace(steps, transactions=made)


def _telling(shown: Shown) -> tuple[tuple[str, str], ...]:
    """Without digests of zeros, which say that there is none: a composition is a recording of nothing."""
    return tuple((label, text) for label, text in shown.values if not set(text) <= set("0x"))


def _identifiers(metadata: WorkMetadata) -> tuple[tuple[str, str], ...]:
    numbers = (("ISWC", metadata.identifiers.iswc), ("ISRC", metadata.identifiers.isrc))
    return tuple((label, number) for label, number in numbers if number)


def _holders(split: Split) -> str:
    return ", ".join(f"{leaf.holder} {leaf.share * 100 / PPM:g} %" for leaf in split.leaves)


def _quoted(text: str) -> str:
    """Anybody's text, in quotation marks that it cannot close."""
    return f"“{''.join(filter(str.isprintable, text)).translate(_MARKS).strip()}”"
