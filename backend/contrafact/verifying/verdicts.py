"""The verdicts on a file: what each means, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Verdict(StrEnum):
    CERTIFIED = "certified"
    ALTERED = "altered"
    RE_ENCODED = "re-encoded"
    TRANSPLANTED = "transplanted"
    STRIPPED = "stripped"
    FORGED = "forged"
    UNKNOWN = "unknown"
    UNCHECKED = "unchecked"

    @property
    def meaning(self) -> str:
        """In plain words, where the order's record was seen."""
        return _WORDS[self][0]

    @property
    def advice(self) -> str:
        """What to do with such a file."""
        return _WORDS[self][1]


_WORDS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.CERTIFIED: (
        "This is the file as its operator delivered it, or sounds as it must: its certificate, its record and the"
        " chain say the same.",
        "Credit its sources.",
    ),
    Verdict.ALTERED: (
        "The file was changed after its operator signed it.",
        "Rely on the order below, not on the file. Ask for the file as it was delivered.",
    ),
    Verdict.RE_ENCODED: (
        "The file was encoded anew after it was signed: its certificate does not hold for it, but it sounds as the"
        " recorded piece.",
        "The order below is that of this sound, and its sources and licence are the piece's. For proof, ask for the"
        " file as it was delivered.",
    ),
    Verdict.TRANSPLANTED: (
        "The certificate in this file is that of another piece: the sound is not the one that it is about.",
        "Believe nothing that the certificate says of this file, and ask where the file came from.",
    ),
    Verdict.STRIPPED: (
        "The file has no certificate, but its sound is a recorded piece.",
        "The order below is that of this sound: its sources and its licence are the piece's.",
    ),
    Verdict.FORGED: (
        "The certificate in this file is not what it says: it does not follow from the chain, or the order's operator"
        " did not sign it.",
        "Believe nothing that the certificate says. Keep the file: it is evidence.",
    ),
    Verdict.UNKNOWN: (
        "Nothing here knows this file: no certificate of a recorded piece is in it, and it sounds as none.",
        "It may be of another service or chain, or of no order at all; nothing was said about who is owed for it.",
    ),
    Verdict.UNCHECKED: (
        "What this file is could not be decided, because something that it takes is missing here.",
        "See below what could not be checked, provide it, and verify the file again.",
    ),
}
