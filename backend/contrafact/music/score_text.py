"""A score as one line of text: how the pack stores melodies, and how a reader process hands one over."""

from __future__ import annotations

from contrafact.music.score import Bar, Key, Metre, Note, Score


def encode_score(score: Score) -> str:
    """Heading fields, separated by tabs, then the bars; a bar is its length and its notes.

    The title must have no tabs or line breaks; those that `read_score` gives have none.
    """
    heading = (score.title, score.key.tonic, score.key.mode, score.metre.beats, score.metre.unit, score.tempo)
    bars = (
        " ".join([str(bar.ticks), *(f"{note.onset},{note.duration},{note.pitch}" for note in bar.notes)])
        for bar in score.bars
    )
    return "\t".join([*map(str, heading), "|".join(bars)])


def decode_score(text: str) -> Score:
    """The inverse of `encode_score`."""
    title, tonic, mode, beats, unit, tempo, bars = text.split("\t")
    return Score(
        title,
        Key(int(tonic), mode),
        Metre(int(beats), int(unit)),
        tuple(_decode_bar(bar) for bar in bars.split("|")),
        int(tempo),
    )


def _decode_bar(text: str) -> Bar:
    ticks, *notes = text.split(" ")
    return Bar(int(ticks), tuple(Note(*map(int, note.split(","))) for note in notes))
