"""What can be asked of a generation; anything else is an InvalidOrder that says what to change."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.generation import MELODY, PARTS, GenerationRequest, MusicRequest, SourceInput
from contrafact.domain.instruments import DRUMS
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidOrder
from contrafact.music import tokens as t
from contrafact.music.metres import meeting
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm

TEMPI = range(30, 301)
SECONDS = range(4, 601)
LEAST_BARS = 2
MAX_SOURCES = 8
PROGRAMS = range(128)


def bars_of(music: MusicRequest) -> int:
    """The whole bars that fit the length asked for."""
    return music.bars


def compatible_metres(metre: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The metres that sources of a piece in `metre` may have; raises InvalidOrder for an unknown one."""
    if metre not in t.METRES:
        known = ", ".join(f"{beats}/{unit}" for beats, unit in t.METRES)
        raise InvalidOrder(f"Metre {metre[0]}/{metre[1]} is not known.", f"Use one of {known}.")
    return meeting(metre)


def check(request: GenerationRequest) -> None:
    """Raises InvalidOrder, saying what to change, for a request that cannot be generated with any sources."""
    music = request.music
    compatible_metres(music.metre)
    if music.mode not in t.MODES:
        raise InvalidOrder(f"Mode {music.mode!r} is not known.", f"Use one of {', '.join(t.MODES)}.")
    if music.tonic not in range(12):
        raise InvalidOrder(f"Tonic {music.tonic} is not a pitch class.", "Use 0 (C) to 11 (B).")
    for name, value, known in (("Tempo", music.tempo, TEMPI), ("Length", music.seconds, SECONDS)):
        if value not in known:
            raise InvalidOrder(f"{name} {value} is out of range.", f"Use {known[0]} to {known[-1]}.")
    _check_voices(music)
    if bars_of(music) < LEAST_BARS:
        raise InvalidOrder("The piece would be shorter than two bars.", "Ask for more seconds.")
    if len(request.seed) != 32:
        raise InvalidOrder(f"The seed has {len(request.seed)} bytes.", "A seed has 32 bytes.")
    _check_sources(request.sources)


def _check_voices(music: MusicRequest) -> None:
    parts = [voice.part for voice in music.voices]
    if MELODY not in parts or len(set(parts)) < len(parts) or not set(parts) <= set(PARTS):
        known = ", ".join(PARTS[1:])
        raise InvalidOrder(
            f"A piece cannot have the parts {', '.join(parts) or 'none'}.", f"Melody, and any of {known}."
        )
    for voice in music.voices:
        if voice.program not in PROGRAMS:
            raise InvalidOrder(f"There is no instrument {voice.program}.", "Use a General MIDI program, 0 to 127.")
        if voice.part == DRUMS and voice.program != 0:
            raise InvalidOrder(f"Drums have no instrument {voice.program}.", "They have a kit: give the program 0.")


def _check_sources(sources: Sequence[SourceInput]) -> None:
    if not 1 <= len(sources) <= MAX_SOURCES:
        raise InvalidOrder(f"A piece cannot have {len(sources)} sources.", f"Choose 1 to {MAX_SOURCES} works.")
    weights = [source.weight for source in sources]
    if min(weights) < 0 or sum(weights) != PPM:
        raise InvalidOrder("The sources' weights do not sum to one.", f"Weights are ppm that sum to {PPM}.")
    if len({source.work_id for source in sources}) < len(sources):
        raise InvalidOrder("A source is named twice.", "Add its weights up and name it once.")


def read_sources(request: GenerationRequest) -> list[SourceForm]:
    """The sources of weight above zero, in the metre of the piece.

    Raises InvalidScore for a form that cannot be read, InvalidOrder for one whose metre does not meet the piece's.
    """
    return in_metre(request.music, [source for source in request.sources if source.weight > 0])


def in_metre(music: MusicRequest, sources: Sequence[SourceInput]) -> list[SourceForm]:
    """The forms of sources in the metre of the piece; raises as `read_sources` does."""
    usable = compatible_metres(music.metre)
    forms = []
    for source in sources:
        form = SourceForm.from_bytes(source.form)
        metre = form.metre.beats, form.metre.unit
        if metre not in usable:
            asked = " or ".join(f"{beats}/{unit}" for beats, unit in usable)
            raise InvalidOrder(
                f"Source {source.work_id} is in {metre[0]}/{metre[1]}, which does not meet the piece's metre.",
                f"Choose sources in {asked}, or ask for a piece in {metre[0]}/{metre[1]}.",
            )
        forms.append(form.in_metre(Metre(*music.metre)))
    return forms
