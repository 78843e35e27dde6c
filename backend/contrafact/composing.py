"""A piece from score files on this machine, to try model and music: nothing is licensed, recorded or paid for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import GenerationRequest, MusicRequest, SourceInput
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidOrder, NotFound
from contrafact.music.pack import load_pack
from contrafact.music.reading import read_score
from contrafact.music.request import TEMPI
from contrafact.music.score import Score
from contrafact.music.source_form import SourceForm
from contrafact.ports import Generator, Stream


@dataclass(frozen=True, slots=True)
class Chosen:
    """A score with its weight in ppm. `name` is a file's name, or the id of a tune of the pack."""

    name: str
    score: Score
    weight: int


def choose(place: str, weight: int) -> Chosen:
    """The score in a file, or the tune of the pack with that id (`oneill/0002`).

    Raises NotFound where there is neither, InvalidScore for a file that cannot be a source.
    """
    path = Path(place)
    if path.is_file():
        return Chosen(path.name, read_score(path.read_bytes(), path.name), weight)
    try:
        return Chosen(place, load_pack().tune(place).score, weight)
    except NotFound:
        text = f"{place} is neither a file nor a tune of the pack."
        raise NotFound(text, "Give a score file, or an id such as oneill/0002.") from None


def request(chosen: Sequence[Chosen], music: MusicRequest, seed: bytes) -> GenerationRequest:
    """What the generator is asked for; a source's id is the digest of its place and its form.

    Raises InvalidOrder for weights that do not sum to one.
    """
    if sum(one.weight for one in chosen) != PPM:
        raise InvalidOrder(
            "The sources' weights do not sum to one.", "Give parts of one: =1 for one source, =0.5 for two."
        )
    return GenerationRequest(tuple(_input(i, one) for i, one in enumerate(chosen)), music, seed, PPM)


def usual_tempo(score: Score) -> int:
    """The tempo of a score, or the nearest one that a piece can have."""
    return min(max(score.tempo, TEMPI[0]), TEMPI[-1])


def stream(generator: Generator, chosen: Sequence[Chosen], request: GenerationRequest) -> Stream:
    """The piece, ready to be played. Raises as `Generator.stream` does, with sources by the names that were given."""
    try:
        return generator.stream(request)
    except InvalidOrder as error:
        message = error.message
        for one, source in zip(chosen, request.sources, strict=True):
            message = message.replace(source.work_id, one.name)
        raise InvalidOrder(message, error.hint) from None


def _input(index: int, chosen: Chosen) -> SourceInput:
    form = SourceForm.from_score(chosen.score).to_bytes()
    return SourceInput(to_hex(sha256(index.to_bytes(1, "big") + form)), form, chosen.weight, 0)
