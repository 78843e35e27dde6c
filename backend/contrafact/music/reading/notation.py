"""ABC and MusicXML, through music21's parsers. Nothing is read from or written to disk or the network.

music21 is imported when first needed. Its exceptions are not caught here: `reading.worker` does that.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

from contrafact.errors import InvalidScore
from contrafact.music.reading.abc_text import tidy
from contrafact.music.reading.draft import Draft, Measure, Sound
from contrafact.music.score import TICKS_PER_QUARTER, Key, Metre

MAX_BAR_LINES = 600
# What an element of MusicXML may say at most.
_LARGEST = {
    "divisions": 1_000_000,
    "duration": 100_000_000,
    "beats": 64,
    "beat-type": 64,
    "octave": 12,
    "alter": 4,
    "fifths": 12,
    "per-minute": 1_000,
    "multiple-rest": 1_000,
    "actual-notes": 1_000,
    "normal-notes": 1_000,
}
# A number of three digits in a metre, a unit length, or after a note, a chord or a sign of length.
_LONG_NUMBER = re.compile(r"(?m)^(?:[ML]:.*|(?![A-Za-z]:).*[A-Ga-gxzZ,'/(\]])\d{3}")
_MODES = {
    "ionian": "major",
    "lydian": "major",
    "aeolian": "minor",
    "phrygian": "minor",
    "locrian": "minor",
}


def read_abc(text: str) -> Draft:
    """The one tune of an ABC text. Raises `InvalidScore` if there are several, or it is too long to read in time."""
    from music21 import abcFormat

    library: Any = abcFormat  # music21 is typed in parts only
    text = tidy(text)
    lines = len(re.findall(r"\|+", text))
    if lines > MAX_BAR_LINES:  # music21's time for ABC grows with the square of the bars
        raise InvalidScore(f"The file has {lines} bar lines, more than {MAX_BAR_LINES}.", "Register a part of it.")
    if _LONG_NUMBER.search(text):
        raise InvalidScore("A note or a metre of the file has an absurd length.", "Check its numbers.")
    handler = library.ABCFile().readstr(text)
    if handler.definesReferenceNumbers():
        tunes = list(handler.splitByReferenceNumber().values())
        if len(tunes) != 1:
            raise InvalidScore(f"The file has {len(tunes)} tunes.", "Register one tune a file.")
        handler = tunes[0]
    return _draft(library.translate.abcToStreamScore(handler))


def read_musicxml(document: bytes) -> Draft:
    """A MusicXML document (not the compressed container). Raises `InvalidScore` if it defines entities."""
    from music21.musicxml import xmlToM21

    if b"<!ENTITY" in document:
        raise InvalidScore("The MusicXML file defines entities.", "Export it again from a notation program.")
    root = ElementTree.fromstring(document)
    if root.tag != "score-partwise":
        raise InvalidScore(f"A MusicXML file of the kind {root.tag} is not supported.", "Export score-partwise.")
    library: Any = xmlToM21
    _refuse_absurd_numbers(root)
    importer = library.MusicXMLImporter()
    importer.xmlRootToScore(root, importer.stream)
    return _draft(importer.stream)


def _refuse_absurd_numbers(root: ElementTree.Element) -> None:
    """Numbers that no piece needs, and over which music21 would count for hours."""
    for element in root.iter():
        largest = _LARGEST.get(element.tag)
        if largest is not None and (number := _number(element.text)) is not None and not abs(number) <= largest:
            raise InvalidScore(f"A {element.tag} of {element.text} is absurd.", "Check the file, and export it again.")


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None  # music21 refuses it, or it is a sum such as 3+2


def _draft(score: Any) -> Draft:
    parts = list(score.parts)
    if not parts:
        raise InvalidScore("The score has no parts.", "Check that the file opens in a notation program.")
    # Bars are those of the part that has most of them: music21 may leave a silent part without.
    ruler = max(parts, key=lambda part: len(part.getElementsByClass("Measure")))
    metadata = score.metadata
    title = (metadata.title or metadata.movementName or "") if metadata else ""
    return Draft(
        title=" ".join(str(title).split()),
        key=_key(ruler),
        metres=_metres(ruler),
        tempo=_tempo(score),
        measures=_measures(ruler),
        parts=[_sounds(part) for part in parts if not _is_percussion(part)],
    )


def ticks(quarters: float | Fraction) -> int:
    """Quarter lengths on the grid, rounded to the nearest tick."""
    return round(Fraction(quarters).limit_denominator(10_000) * TICKS_PER_QUARTER)


def _measures(part: Any) -> list[Measure]:
    found = []
    for measure in part.getElementsByClass("Measure"):
        start, end = ticks(measure.offset), ticks(measure.offset + measure.highestTime)
        if end > start:
            found.append(Measure(start, end - start))
    return found


def _metres(part: Any) -> list[Metre]:
    found = [Metre(sign.numerator, sign.denominator) for sign in part.recurse().getElementsByClass("TimeSignature")]
    return list(dict.fromkeys(found))


def _key(part: Any) -> Key | None:
    for sign in part.recurse().getElementsByClass("KeySignature"):
        key = sign if "Key" in sign.classes else sign.asKey("major")
        mode = _MODES.get(key.mode, key.mode)
        return Key(key.tonic.pitchClass, mode) if mode in ("major", "minor", "dorian", "mixolydian") else None
    return None


def _tempo(score: Any) -> int | None:
    for mark in score.recurse().getElementsByClass("MetronomeMark"):
        quarters = float(mark.getQuarterBPM() or 0)
        if 20 <= quarters <= 400:
            return round(quarters)
    return None


def _is_percussion(part: Any) -> bool:
    return any(element.classes[0] in ("PercussionClef", "Unpitched") for element in part.recurse())


def _sounds(part: Any) -> list[Sound]:
    """All pitched notes with ties merged, chords as one note each, grace notes left out."""
    found: list[Sound] = []
    tied: dict[int, int] = {}  # pitch → index of the note that a tie may continue
    for element in part.flatten().notes:
        if element.duration.isGrace:
            continue
        onset, end = ticks(element.offset), ticks(element.offset + element.quarterLength)
        for note in element.notes if "Chord" in element.classes else (element,):
            if end > onset and "Note" in note.classes:
                _add(found, tied, Sound(onset, end - onset, note.pitch.midi), note.tie or element.tie)
    return found


def _add(found: list[Sound], tied: dict[int, int], sound: Sound, tie: Any) -> None:
    index = tied.pop(sound.pitch, None)
    if index is not None and found[index].end == sound.onset and tie is not None and tie.type != "start":
        found[index] = Sound(found[index].onset, sound.end - found[index].onset, sound.pitch)
    else:
        found.append(sound)
        index = len(found) - 1
    if tie is not None and tie.type != "stop":
        tied[sound.pitch] = index
