"""What somebody names, a recording, a score or a tune of the pack, as sound."""

from __future__ import annotations

from contrafact.errors import InvalidInput
from contrafact.music.embedding.playing import melody_of, sound_of
from contrafact.music.embedding.spectrum import Samples, at_rate
from contrafact.music.listening.decoding import decode
from contrafact.music.pack import PackedTune
from contrafact.music.reading import read_score

RECORDINGS = (".wav", ".flac", ".ogg", ".mp3")


def sound_of_file(data: bytes, name: str) -> Samples:
    """Mono sound at `spectrum.RATE` of a recording, or of the melody of a score.

    Raises InvalidScore for a file that is damaged, silent, too long, of another kind, or a score without a melody.
    """
    if name.lower().endswith(RECORDINGS):
        return at_rate(*decode(data))
    score = read_score(data, name)
    return sound_of(melody_of(score), score.tempo)


def sound_of_tune(tune: PackedTune) -> Samples:
    """The tune as it is indexed. Raises InvalidInput for one without notes."""
    notes = melody_of(tune.score)
    if not notes:
        raise InvalidInput(f"{tune.id} has no notes.")
    return sound_of(notes, tune.score.tempo)
