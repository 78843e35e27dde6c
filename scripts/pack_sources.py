"""What the pack is made from: the usable tunes of music21's corpus, each with its credits, file and melody."""

from __future__ import annotations

import html
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import music21
from music21.corpus import chorales

from contrafact.errors import InvalidScore
from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.reading import notation
from contrafact.music.reading.container import unpack
from contrafact.music.reading.draft import METRES, Draft, fit_measures, to_score
from contrafact.music.reading.midifile import read_midi
from contrafact.music.score import Score

CORPUS = Path(music21.__file__).parent / "corpus"
SHORTEST, LONGEST = 8, 64
# So many bars of a tune may lack a beat (they are filled with a rest); more are a faulty transcription.
MOST_SHORT_BARS = 2
SHORTEST_NOTE = 2  # ticks; shorter ones are remains of rounding
# The book of 1883 has minstrel-show numbers; those whose titles are slurs or mock a way of speaking are left out.
MINSTREL_TITLE = re.compile(r"\bn\.{3}|\bcoon\b|\b(dat|gwine|brudder|dar's)\b|\bin de\b", re.IGNORECASE)
CREDIT_LINE = re.compile(r"(?mi)^([BCDFHOSZ]:|N:.*(collect|correct|transcri|contribut)).*$")
CHOIR = 52  # General MIDI "Choir Aahs"
_PARTS = ("Soprano", "Alto", "Tenor", "Bass")


@dataclass
class Candidate:
    """A tune of the corpus on its way into the pack."""

    id: str
    title: str
    collection: str
    source: str
    credits: list[str]
    media_type: str
    file: bytes
    score: Score


class Unusable(Exception):
    """Why a tune is left out; the message is counted."""


# ---- what the corpus has -----------------------------------------------------------------------------------


def sources() -> Iterator[tuple[str, Callable[[], Candidate]]]:
    """Each tune of the usable collections, as its collection and a function that makes its candidate."""
    seen: Counter[str] = Counter()
    for path in sorted((CORPUS / "oneills1850").glob("*.abc")):
        for text in re.split(r"(?m)^(?=X:)", text_of(path.read_bytes()))[1:]:
            number = text.removeprefix("X:").split(maxsplit=1)[0]
            name = f"oneill/{int(number):04d}"
            seen[name] += 1
            suffix = "" if seen[name] == 1 else f"-{seen[name]}"
            yield "oneill", partial(abc_tune, name + suffix, path, text)
    for path in sorted((CORPUS / "ryansMammoth").glob("*.abc")):
        name = "ryan/" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", path.stem).lower()
        yield "ryan", partial(abc_tune, name, path, text_of(path.read_bytes()))
    folder = CORPUS / "bach"
    reserved = {path.stem for path in folder.glob("*.krn")}  # "Rights to all derivative electronic formats reserved"
    for path in sorted([*folder.glob("*.mxl"), *folder.glob("*.xml")]):
        if path.stem in reserved:
            continue
        yield "bach", partial(chorale, path)


def text_of(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def abc_tune(name: str, path: Path, text: str) -> Candidate:
    text = text.strip() + "\n"
    try:
        draft = notation.read_abc(text)
    except Exception as error:
        raise Unusable(f"music21 cannot read it ({type(error).__name__})") from error
    title = re.search(r"(?m)^T:(.*)$", text)
    if title and MINSTREL_TITLE.search(title[1]):
        raise Unusable("demeaning title")
    lines = (" ".join(match[0].split()) for match in CREDIT_LINE.finditer(text))
    credits = [line for line in lines if line[2:].strip()]
    return Candidate(
        id=name,
        title=readable(title[1]) if title else name,
        collection=name.split("/")[0],
        source=f"{path.parent.name}/{path.name}",
        credits=credits,
        media_type="text/vnd.abc",
        file=text.encode(),
        score=checked(draft),
    )


def chorale(path: Path) -> Candidate:
    document = musicxml_of(path)
    try:
        draft = notation.read_musicxml(document)
    except Exception as error:
        raise Unusable(f"music21 cannot read it ({type(error).__name__})") from error
    if len(draft.parts) != len(_PARTS) or not all(draft.parts):
        raise Unusable("not in four parts")
    number = path.stem.removeprefix("bwv")
    draft.title = chorale_title(number)
    checked(draft)
    credits = xml_credits(document.decode())
    file = as_midi(draft, credits)
    return Candidate(
        id=f"bach/bwv{number}",
        title=draft.title,
        collection="bach",
        source=f"{path.parent.name}/{path.name}",
        credits=credits,
        media_type="audio/midi",
        file=file,
        score=checked(read_midi(file)),
    )


def musicxml_of(path: Path) -> bytes:
    data = path.read_bytes()
    return data if path.suffix == ".xml" else unpack(data)


def xml_credits(text: str) -> list[str]:
    """Composer, encoder, software, date and printed credits, as the file states them."""
    names = "creator|rights|encoder|software|encoding-date|source|credit-words"
    found = re.findall(rf"<({names})[^>]*>([^<]+)</\1>", text)
    lines = (f"{name}: {' '.join(html.unescape(value).split())}" for name, value in found)
    return [line for line in dict.fromkeys(lines) if not line.endswith(": ")]


def chorale_title(number: str) -> str:
    lists: Any = chorales  # music21 is typed in parts only
    entry = lists.ChoraleListRKBWV().byBWV.get(number)
    entry = entry or lists.ChoraleList().byBWV.get(int(number) if number.isdigit() else None)
    return f"{entry['title']} (BWV {number})" if entry else f"Chorale (BWV {number})"


def as_midi(draft: Draft, credits: list[str]) -> bytes:
    metre = draft.metres[0]
    first, *rest = fit_measures(draft.measures, metre)
    if any(bar.ticks != metre.ticks for bar in rest[:-1]):
        raise Unusable("bars that do not fill their metre")
    pickup = first.ticks if first.ticks < metre.ticks else 0
    heading = Heading(draft.title, draft.tempo or 80, metre, draft.key, pickup, tuple(credits))
    tracks = {
        name: [PlayedNote(sound.onset, sound.duration, sound.pitch, program=CHOIR) for sound in part]
        for name, part in zip(_PARTS, draft.parts, strict=True)
    }
    return write_midi(tracks, heading)


def readable(title: str) -> str:
    """A title as one would print it: article first, no capitals throughout, no traces of hidden addresses."""
    title = " ".join(title.replace('"', "").split())
    title = re.sub(r"(?<=\w)at:(?=\w)", "at", title)  # "Stat:ue": an address filter took the "at" for an @
    title = re.sub(r"^(.+?)[.,]* *, *(The|A|An)$", r"\2 \1", title, flags=re.IGNORECASE).rstrip(" .,")
    return string.capwords(title) if title.isupper() else title


# ---- what can be used --------------------------------------------------------------------------------------


def checked(draft: Draft) -> Score:
    """The score of a draft, if it is one that a model can learn from and a piece can be made of."""
    if not draft.metres or (draft.metres[0].beats, draft.metres[0].unit) not in METRES:
        raise Unusable("metre")
    if len(draft.metres) > 1:
        raise Unusable("metre changes, or a bar longer than its metre")
    metre = draft.metres[0]
    inner = fit_measures(draft.measures, metre)[1:-1]
    if sum(measure.ticks < metre.ticks for measure in inner) > MOST_SHORT_BARS:
        raise Unusable("bars that do not fill their metre")
    try:
        score = to_score(draft)
    except InvalidScore as error:
        raise Unusable(error.message) from error
    if not SHORTEST <= len(score.bars) <= LONGEST:
        raise Unusable(f"shorter than {SHORTEST} or longer than {LONGEST} bars")
    if any(note.duration < SHORTEST_NOTE for bar in score.bars for note in bar.notes):
        raise Unusable("notes finer than the grid")
    if not all(36 <= note.pitch <= 96 for bar in score.bars for note in bar.notes):
        raise Unusable("pitches out of range")
    return score
