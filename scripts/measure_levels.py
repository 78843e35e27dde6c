"""How loud each General MIDI instrument is in each part: prints the table of `contrafact.music.levels`.

A phrase as the part plays it, at velocity 90 and full volume; its loudness by ITU-R BS.1770-4, in whole LUFS.
"""

from __future__ import annotations

import numpy as np

from contrafact.music.loudness import integrated_loudness
from contrafact.music.midi import PlayedNote
from contrafact.music.note_sound import SAMPLE_RATE
from contrafact.music.summing import GAIN_UNIT, layers, place

TEMPO = 120
SCALE = (0, 2, 4, 5, 7, 9, 11, 12)
# (onset, duration, pitch): eighths in the fifth octave, triads of half notes in the fourth, roots in the second.
PHRASES = {
    "melody": [(12 * i, 12, 72 + step) for i, step in enumerate(SCALE)],
    "harmony": [(48 * i, 46, root + third) for i, root in enumerate((60, 65, 67, 60)) for third in (0, 4, 7)],
    "bass": [(48 * i, 46, root) for i, root in enumerate((36, 41, 43, 36))],
}
DRUMS = [(12 * i, 6, 42) for i in range(16)] + [(48 * i, 6, 36 + 2 * (i % 2)) for i in range(4)]


def loudness(notes: list[PlayedNote]) -> float:
    """Integrated loudness in LUFS of notes added up, before any factor."""
    sounds = [place(note, TEMPO) for note in notes]
    sums = np.concatenate([rows.sum(1).T for _, _, rows in layers(sounds)])
    return integrated_loudness(sums / (GAIN_UNIT * 32_768), SAMPLE_RATE)


def main() -> None:
    for part, phrase in PHRASES.items():
        row = [round(loudness([PlayedNote(o, d, p, program=program) for o, d, p in phrase])) for program in range(128)]
        print(part, row)
    print("drums", round(loudness([PlayedNote(o, d, p, drums=True) for o, d, p in DRUMS])))


if __name__ == "__main__":
    main()
