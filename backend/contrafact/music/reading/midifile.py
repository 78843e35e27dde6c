"""Standard MIDI Files, through mido: every channel of every track is a part, channel 10 is drums and left out."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress

import mido

from contrafact.errors import InvalidScore
from contrafact.music.midi import DRUM_CHANNEL
from contrafact.music.reading.draft import Draft, Measure, Sound
from contrafact.music.score import TICKS_PER_QUARTER, Key, Metre

# An hour at 240 quarters a minute: a longer file is broken or is no song.
_MAX_TICKS = 60 * 240 * TICKS_PER_QUARTER
_TONICS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def read_midi(data: bytes) -> Draft:
    """What a MIDI file says. Raises `InvalidScore` for a file without a usable clock or longer than an hour."""
    file = mido.MidiFile(file=io.BytesIO(data))
    if file.type == 2 or file.ticks_per_beat <= 0 or file.ticks_per_beat >= 0x8000:
        raise InvalidScore("This kind of MIDI file is not supported.", "Save it as type 0 or 1, in ticks a quarter.")
    reader = _Reader(file.ticks_per_beat)
    for track in file.tracks:
        reader.read(track)
    return reader.draft()


class _Reader:
    """Gathers the events of all tracks, in grid ticks."""

    def __init__(self, ticks_per_beat: int) -> None:
        self._ticks_per_beat = ticks_per_beat
        self._parts: dict[tuple[int, int], list[Sound]] = defaultdict(list)
        self._metres: list[tuple[int, Metre]] = []
        self._title = ""
        self._key: Key | None = None
        self._tempo: int | None = None
        self._tracks = 0

    def read(self, track: mido.MidiTrack) -> None:
        held: dict[tuple[int, int], list[int]] = defaultdict(list)
        for now, message in self._timed(track):
            if message.type == "note_on" and message.velocity > 0:
                held[message.channel, message.note].append(now)
            elif message.type in ("note_on", "note_off"):
                if held[message.channel, message.note]:
                    self._sound(message, held[message.channel, message.note].pop(0), now)
            elif message.is_meta:
                self._read_meta(now, message)
        self._tracks += 1

    def _timed(self, track: mido.MidiTrack) -> Iterator[tuple[int, mido.Message]]:
        elapsed = 0
        for message in track:
            elapsed += message.time
            now = (2 * elapsed * TICKS_PER_QUARTER + self._ticks_per_beat) // (2 * self._ticks_per_beat)
            if now > _MAX_TICKS:
                raise InvalidScore("The MIDI file lasts more than an hour.", "Check its timing, or cut it.")
            yield now, message

    def _sound(self, message: mido.Message, onset: int, end: int) -> None:
        if message.channel != DRUM_CHANNEL and end > onset:
            self._parts[self._tracks, message.channel].append(Sound(onset, end - onset, message.note))

    def _read_meta(self, now: int, message: mido.MetaMessage) -> None:
        if message.type == "time_signature":
            self._metres.append((now, Metre(message.numerator, message.denominator)))
        elif message.type == "key_signature" and self._key is None:
            self._key = _key(message.key)
        elif message.type == "set_tempo" and self._tempo is None:
            tempo = round(mido.tempo2bpm(message.tempo)) if message.tempo else 0
            self._tempo = tempo if 20 <= tempo <= 400 else None
        elif message.type == "track_name" and not self._title and self._tracks == 0:
            self._title = _text(message.name)

    def draft(self) -> Draft:
        parts = [self._parts[name] for name in sorted(self._parts)]
        end = max((sound.end for part in parts for sound in part), default=0)
        metres, measures = _bar_lines(self._metres, end)
        return Draft(self._title, self._key, metres, self._tempo, measures, parts)


def _bar_lines(signs: list[tuple[int, Metre]], end: int) -> tuple[list[Metre], list[Measure]]:
    """The metres in use and the bars up to `end`; 4/4 where the file has no time signature.

    A first sign that lasts for one bar and is shorter than the next is a pick-up, not a metre.
    """
    by_tick = dict(sorted(signs, key=lambda sign: sign[0]))
    by_tick.setdefault(0, Metre(4, 4))
    starts = sorted(by_tick)
    metres: list[Metre] = []
    measures: list[Measure] = []
    for start, stop in zip(starts, [*starts[1:], max(end, starts[-1])], strict=True):
        metre = by_tick[start]
        length = max(metre.ticks, 1)
        pickup = start == 0 and len(starts) > 1 and stop == length < by_tick[starts[1]].ticks
        if not pickup:
            metres.append(metre)
        measures += [Measure(at, min(length, stop - at) if stop < end else length) for at in range(start, stop, length)]
    return list(dict.fromkeys(metres)), measures


def _text(name: str) -> str:
    """A name that mido took for Latin-1, as UTF-8 if it is that; white space made plain."""
    with suppress(UnicodeDecodeError):
        name = name.encode("latin-1").decode("utf-8")
    return " ".join(name.split())


def _key(name: str) -> Key:
    tonic = _TONICS[name[0]] + name.count("#") - name[1:].count("b")
    return Key(tonic % 12, "minor" if name.endswith("m") else "major")
