"""Measures how well delivered pieces are found by their sound; docs/verifying.md has the table that this prints.

Run: .venv/bin/python scripts/measure_verifying.py [PIECES]
Half of the pieces are put into an index, as if they were committed; each has a twin from the same request and another
seed, which is not. Both are asked for whole, worn in several ways, and cut; so are recordings of the sources.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import soundfile
from scipy.signal import resample_poly

from contrafact.composing import Chosen, request
from contrafact.domain.generation import MusicRequest
from contrafact.domain.pieces import CommittedPiece
from contrafact.music.checkpoint import load_model
from contrafact.music.embedding.playing import MELODY, melody_of, sound_of
from contrafact.music.embedding.spectrum import RATE
from contrafact.music.generate import Generator
from contrafact.music.identification.pieces import PieceIndex
from contrafact.music.identification.sound_file import hear
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.renderer import SoundfontRenderer

LENGTHS = (8, 12, 16, 20)
FLUTE = 73
"""The program that plays the melody of the pieces, and the sources' recordings here."""
Samples = np.ndarray


@dataclass(frozen=True)
class Made:
    """A piece: its samples at 48 kHz, shape (frames, 2), and the tunes that it is made of."""

    name: str
    samples: Samples
    tunes: tuple[PackedTune, ...]
    tempo: int


def _file(samples: Samples, rate: int, kind: str = "WAV", level: float | None = None) -> bytes:
    """`level` is that of libsndfile's MP3 writer, which takes 320 kbit/s less 288 times it."""
    file = io.BytesIO()
    more = {} if level is None else {"bitrate_mode": "CONSTANT", "compression_level": level}
    soundfile.write(file, samples, rate, format=kind, **more)
    return file.getvalue()


def _mp3(samples: Samples, kbit: int) -> bytes:
    return _file(samples, 48_000, "MP3", (320 - kbit) / 288)


def _noisy(samples: Samples) -> bytes:
    rng = np.random.default_rng(1)
    level = np.sqrt(np.mean(samples**2)) * 10 ** (-20 / 20)
    return _file(samples + level * rng.standard_normal(samples.shape), 48_000)


def _middle(samples: Samples) -> Samples:
    """Ten seconds from the middle; of a shorter piece all but a tenth at each end."""
    length = min(10 * 48_000, len(samples) * 8 // 10)
    start = (len(samples) - length) // 2
    return samples[start : start + length]


WEARS: dict[str, Callable[[Samples], bytes]] = {
    "as it was delivered (FLAC)": lambda s: _file(s, 48_000, "FLAC"),
    "MP3, 128 kbit/s": lambda s: _mp3(s, 128),
    "MP3, 64 kbit/s": lambda s: _mp3(s, 64),
    "Ogg Vorbis": lambda s: _file(s, 48_000, "OGG"),
    "at 44.1 kHz": lambda s: _file(resample_poly(s, 147, 160), 44_100),
    "at 32 kHz": lambda s: _file(resample_poly(s, 2, 3), 32_000),
    "12 dB softer": lambda s: _file(s * 10 ** (-12 / 20), 48_000),
    "white noise 20 dB below": _noisy,
    "10 s from the middle": lambda s: _file(_middle(s), 48_000),
    "10 s from the middle, MP3 of 64 kbit/s": lambda s: _mp3(_middle(s), 64),
    "half speed, an octave lower": lambda s: _file(s, 24_000),
    "3 % faster, and as much higher": lambda s: _file(resample_poly(s, 100, 103), 48_000),
}


def pieces(count: int) -> Iterator[tuple[Made, Made]]:
    """Pieces, each with its twin; sources, weights and lengths are drawn from a fixed seed."""
    generator, renderer, rng = Generator(load_model(), threads=1), SoundfontRenderer(), np.random.default_rng(0)
    tunes = list(load_pack().by_role("catalogue"))
    for number in range(count):
        first = tunes[int(rng.integers(len(tunes)))]
        alike = [t for t in tunes if (t.score.metre, t.score.key.mode) == (first.score.metre, first.score.key.mode)]
        many = min(1 + int(rng.integers(3)), len(alike))
        chosen = (first, *(alike[i] for i in rng.permutation(len(alike))[:many] if alike[i] != first))
        weights = [1_000_000 // len(chosen)] * len(chosen)
        weights[0] += 1_000_000 - sum(weights)
        score = first.score
        metre = (score.metre.beats, score.metre.unit)
        music = MusicRequest(
            LENGTHS[number % 4], min(max(score.tempo, 30), 300), score.key.tonic, score.key.mode, metre
        )
        rows = [Chosen(t.id, t.score, w) for t, w in zip(chosen, weights, strict=True)]
        made = []
        for twin in (0, 1):
            asked = request(rows, music, sha256(f"{number}/{twin}".encode()).digest())
            flac = renderer.render(generator.generate(asked).events, music).mix
            samples = soundfile.read(io.BytesIO(flac), dtype="float64", always_2d=True)[0]
            made.append(Made(f"{number}/{twin}", samples, chosen, music.tempo))
        yield made[0], made[1]


def _recordings(made: Made) -> Iterator[bytes]:
    """Each source on the flute, at the piece's tempo: all of it, and its first half minute."""
    for tune in made.tunes:
        sound = sound_of(melody_of(tune.score), made.tempo, {MELODY: FLUTE})
        sound = sound / max(float(np.abs(sound).max()), 1e-9) * 0.7
        yield _file(sound, RATE)
        yield _file(sound[: 20 * RATE], RATE)


def _found(index: PieceIndex, data: bytes) -> list[str]:
    return [one.order_id.decode() for one in index.like(hear(data)) if one.is_copy]


def main(count: int) -> None:
    made, index = list(pieces(count)), PieceIndex(None)
    for place, (piece, _) in enumerate(made):
        index.add([CommittedPiece(piece.name.encode(), b"", b"", place)])
        index.hear(piece.name.encode(), hear(_file(piece.samples, 48_000)))
    print(f"{len(index)} pieces of {', '.join(map(str, LENGTHS))} s are known.\n")
    print("| asked for | known pieces: found | … first, and no other | their twins, not known: taken for one |")
    print("| --- | --- | --- | --- |")
    for name, wear in WEARS.items():
        right = first = wrong = 0
        for piece, twin in made:
            found = _found(index, wear(piece.samples))
            right, first = right + (piece.name in found), first + (found == [piece.name])
            wrong += bool(_found(index, wear(twin.samples)))
        print(f"| {name} | {right} of {count} | {first} of {count} | {wrong} of {count} |", flush=True)
    sources = [data for piece, _ in made for data in _recordings(piece)]
    taken = sum(bool(_found(index, data)) for data in sources)
    print(f"| recordings of their sources | – | – | {taken} of {len(sources)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
