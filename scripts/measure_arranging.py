#!/usr/bin/env python3
"""Measures the arranger, on works of the catalogue role that it has not learnt from; takes about a minute.

Chords: how often they are those of Bach's own harmony. Accompaniments of folk tunes: how melody and chords agree,
how often each chord is used, how many cadences are kept, how voices move, how long a bar takes.
    PYTHONPATH=backend python scripts/measure_arranging.py [--every N]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from itertools import pairwise

from contrafact.music.arranging.form import phrase_place
from contrafact.music.arranging.measuring import METHODS, accompanied, agreement, fit_of
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.source_form import SourceForm


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="only each Nth folk tune")
    options = parser.parse_args()
    works = load_pack().by_role("catalogue")
    measure_chords([tune for tune in works if tune.collection == "bach"])
    measure_accompaniments([tune for tune in works if tune.collection != "bach"][:: options.every])
    return 0


def measure_chords(chorales: list[PackedTune]) -> None:
    rows = [agreement(tune) for tune in chorales]
    beats = sum(count for count, _ in rows)
    print(f"{len(chorales)} chorales, {beats} beats: the chord is Bach's")
    for method in METHODS:
        print(f"  {method:16} {sum(hits[method] for _, hits in rows) / beats:.3f}")
    drawn = random.Random(1)
    gains = []
    for _ in range(2000):
        sample = drawn.choices(rows, k=len(rows))
        gain = sum(hits["bar by bar"] - hits["best of I, IV, V"] for _, hits in sample)
        gains.append(gain / sum(count for count, _ in sample))
    gains.sort()
    print(f"  bar by bar less best of I, IV, V: 95 % of chorale bootstraps in {gains[50]:.3f} to {gains[-51]:.3f}")


def measure_accompaniments(tunes: list[PackedTune]) -> None:
    forms = [(SourceForm.from_score(tune.score), tune.score.key.tonic) for tune in tunes]
    fit: Counter[str] = Counter()
    for form, _ in forms:
        fit += fit_of(form)
    print(f"{len(tunes)} folk tunes: melody notes that are tones of their chord")
    for kind in ("strong", "weak"):
        inside, chance = fit[f"{kind} inside"] / fit[kind], fit[f"{kind} by chance"] / 12 / fit[kind]
        print(
            f"  {kind:6} {inside:.3f}, by chance {chance:.3f}; a semitone off {fit[f'{kind} clashes'] / fit[kind]:.3f}"
        )
    counts: Counter[str] = Counter()
    names: dict[str, Counter[str]] = {}
    start = time.process_time()
    played = [(form, list(accompanied(form, tonic))) for form, tonic in forms]
    seconds = time.process_time() - start
    for form, bars in played:
        chords = [chord.name for _, here, _ in bars for _, chord in here]
        names.setdefault(form.mode, Counter()).update(chords)
        counts["chords"] += len(chords) - 1
        counts["changes"] += sum(a != b for a, b in pairwise(chords))
        counts["different"] += len(set(chords))
        count_cadences(counts, [here[-1][1].name for _, here, _ in bars])
        for _, _, notes in bars:
            counts.update(note.part for note in notes)
            counts["bars"] += 1
        bass = [note.pitch for _, _, notes in bars for note in notes if note.part == "bass"]
        counts["bass moves"] += len(bass) - 1
        counts["bass leaps"] += sum(abs(a - b) > 7 for a, b in pairwise(bass))
    print(f"  a chord changes at {counts['changes'] / counts['chords']:.2f} of its chances")
    print(f"  different chords in a tune: {counts['different'] / len(tunes):.1f}")
    print(f"  bass moves of more than a fifth: {counts['bass leaps'] / counts['bass moves']:.3f}")
    print("  notes a bar:", {part: round(counts[part] / counts["bars"], 1) for part in ("harmony", "bass", "drums")})
    for kind in ("half", "before full", "full"):
        print(f"  {kind} cadences kept: {counts[kind]} of {counts[f'{kind} places']}")
    print(f"  CPU time of a bar: {1000 * seconds / counts['bars']:.2f} ms")
    for mode, used in names.items():
        total = sum(used.values())
        print(f"  {mode}:", ", ".join(f"{name} {count / total:.0%}" for name, count in used.most_common()))


def count_cadences(counts: Counter[str], ends: list[str]) -> None:
    """`ends` are the chords that end the bars."""
    for index, name in enumerate(ends):
        kind = {3: "half", 6: "before full", 7: "full"}.get(phrase_place(index, len(ends)))
        if kind is not None:
            counts[f"{kind} places"] += 1
            counts[kind] += name in (("I", "i") if kind == "full" else ("V", "V7", "v", "VII"))


if __name__ == "__main__":
    sys.exit(main())
