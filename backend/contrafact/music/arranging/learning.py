"""Harmony learnt by counting: which chord follows which, and which notes a melody has over a chord.

Counts become costs: minus their logarithm in units of 1/`SCALE` nat, as whole numbers. `scripts/make_harmony.py`
writes them down once, so that arranging itself is integer arithmetic.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import log

from contrafact.music.arranging.chorales import Beat, beats_of
from contrafact.music.arranging.chords import CHORDS
from contrafact.music.pack import PackedTune

SCHEMA = "contrafact/harmony/1"
SCALE = 1000
# Added to counts before they are divided: to those of the chords after one, shared out as chords are usual after
# any; and in ticks to those of the notes over one, shared out as notes are over all chords of its quality.
_PSEUDO_CHANGES = 40.0
_PSEUDO_TICKS = 600.0
_FLOOR = 0.002  # of a note, at least

# By hand: a folk mode's chords take the places of these chords of the chorales, by the part that they play.
# The chorales have no such modes; notes over these chords are judged by the quality of the chord alone.
STAND_INS: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "dorian": (
        "minor",
        {
            "i": ("i", "III"),
            "ii": ("ii°",),
            "III": ("III",),
            "IV": ("iv", "IV"),
            "v": ("v",),
            "VII": ("VII", "V", "V7"),
        },
    ),
    "mixolydian": (
        "major",
        {
            "I": ("I",),
            "ii": ("ii",),
            "IV": ("IV",),
            "v": ("iii",),
            "V": ("V/V", "vii°"),
            "vi": ("vi",),
            "VII": ("V", "V7"),
        },
    ),
}

Counts = dict[tuple[str, str], float]


def learn(tunes: Sequence[PackedTune]) -> dict[str, object]:
    """The document of costs learnt from four-part chorales in major and minor; `tunes` are named by a digest."""
    beats = {mode: [beats_of(t) for t in tunes if t.score.key.mode == mode] for mode in ("major", "minor")}
    by_quality = _notes_by_quality(beats)
    changes = {mode: _changes(mode, beats[mode]) for mode in beats}
    modes: dict[str, object] = {}
    for mode in CHORDS:
        if mode in beats:
            modes[mode] = {**_change_costs(mode, changes[mode]), **_note_costs(mode, beats[mode], by_quality)}
        else:
            like, places = STAND_INS[mode]
            borrowed = {kind: _borrow(counts, places) for kind, counts in changes[like].items()}
            modes[mode] = {**_change_costs(mode, borrowed), **_note_costs(mode, [], by_quality)}
    works = {"count": len(tunes), "sha256": works_digest(tunes)}
    return {"schema": SCHEMA, "scale": SCALE, "works": works, "modes": modes}


def works_digest(tunes: Iterable[PackedTune]) -> str:
    """SHA-256 of the lines `id sha256-of-the-file`, ordered by id."""
    lines = sorted(f"{tune.id} {hashlib.sha256(tune.file).hexdigest()}\n" for tune in tunes)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


# ---- counting ----------------------------------------------------------------------------------------------


def _changes(mode: str, chorales: Sequence[Sequence[Beat]]) -> dict[str, Counts]:
    """How often a chord (second) follows a chord (first) on a strong and on a weak beat, and begins a chorale."""
    counts: dict[str, Counts] = {kind: defaultdict(float) for kind in ("start", "strong", "weak")}
    names = [chord.name for chord in CHORDS[mode]]
    for beats in chorales:
        if beats and beats[0].chord is not None:
            counts["start"]["", names[beats[0].chord]] += 1
        for before, now in pairwise(beats):
            if before.chord is not None and now.chord is not None:
                counts["strong" if now.strong else "weak"][names[before.chord], names[now.chord]] += 1
    return counts


def _borrow(counts: Counts, places: Mapping[str, tuple[str, ...]]) -> Counts:
    """Counts between the chords of a folk mode: those of the chords whose places they take."""
    starts = {"": ("",), **places}
    return {
        (one, other): sum(counts.get((a, b), 0) for a in starts[one] for b in places[other])
        for one in starts
        for other in places
    }


def _notes_by_quality(beats: Mapping[str, Sequence[Sequence[Beat]]]) -> dict[tuple[str, bool], list[float]]:
    """Ticks of melody notes by their distance from the root, over the chords of a quality; strong notes apart."""
    ticks: dict[tuple[str, bool], list[float]] = defaultdict(lambda: [1.0] * 12)
    for mode, chorales in beats.items():
        for beat in (beat for chorale in chorales for beat in chorale if beat.chord is not None):
            chord = CHORDS[mode][beat.chord or 0]
            for note in beat.melody:
                ticks[chord.quality, note.strong][(note.pitch - chord.root) % 12] += note.ticks
    return ticks


# ---- costs -------------------------------------------------------------------------------------------------


def _cost(probability: float) -> int:
    return round(-SCALE * log(probability))


def _change_costs(mode: str, counts: Mapping[str, Counts]) -> dict[str, object]:
    names = [chord.name for chord in CHORDS[mode]]

    def row(kind: str, before: str) -> list[int]:
        found = [counts[kind].get((before, name), 0) + _PSEUDO_CHANGES * usual[name] for name in names]
        return [_cost(count / sum(found)) for count in found]

    usual = _usual(names, counts)

    costs: dict[str, object] = {kind: [row(kind, before) for before in names] for kind in ("strong", "weak")}
    return {"chords": names, "start": row("start", ""), **costs}


def _usual(names: Sequence[str], counts: Mapping[str, Counts]) -> dict[str, float]:
    """How usual each chord is after any other, as a part of one."""
    sums = {name: sum(counts[kind].get((one, name), 0) for kind in counts for one in names) + 1 for name in names}
    return {name: sums[name] / sum(sums.values()) for name in names}


def _note_costs(
    mode: str, chorales: Sequence[Sequence[Beat]], by_quality: Mapping[tuple[str, bool], Sequence[float]]
) -> dict[str, object]:
    """For each chord twelve costs, by the note's distance from the tonic; on strong places and on others."""
    costs: dict[str, list[list[int]]] = {"strong_notes": [], "weak_notes": []}
    for index, chord in enumerate(CHORDS[mode]):
        for kind, strong in (("strong_notes", True), ("weak_notes", False)):
            prior = by_quality[chord.quality, strong]
            ticks = [_PSEUDO_TICKS * prior[(step - chord.root) % 12] / sum(prior) for step in range(12)]
            for note in (n for c in chorales for beat in c if beat.chord == index for n in beat.melody):
                ticks[note.pitch % 12] += note.ticks if note.strong == strong else 0
            costs[kind].append([_cost(max(found / sum(ticks), _FLOOR)) for found in ticks])
    return dict(costs)
