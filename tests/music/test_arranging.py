"""The accompaniment by rule: what it may not break for any melody, and how well it suits real ones."""

import dataclasses
import hashlib
import json
from collections import Counter, defaultdict
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrafact.music import tokens as t
from contrafact.music.arranging import (
    PARTS,
    VERSION,
    ArrangedNote,
    Arranger,
    Chord,
    arranger_identity,
    melody_velocity,
)
from contrafact.music.arranging.costs import HARMONY_FILE
from contrafact.music.arranging.learning import learn, works_digest
from contrafact.music.arranging.measuring import accompanied, agreement, fit_of, placed
from contrafact.music.arranging.voicing import parallels
from contrafact.music.pack import load_pack
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm

RANGES = {"harmony": (48, 72), "bass": (40, 60), "drums": (35, 81)}
TONICS = {"major": "I", "minor": "i", "dorian": "i", "mixolydian": "I"}
METRES = [Metre(*metre) for metre in t.METRES]

Tune = list[t.BarOfEvents]


@st.composite
def tunes(draw: st.DrawFn) -> tuple[str, Metre, int, Tune]:
    """Mode, metre, tonic and a few bars of notes and rests of any pitch and length."""
    metre = draw(st.sampled_from(METRES))
    bars = []
    for _ in range(draw(st.integers(1, 10))):
        left, bar = metre.ticks, []
        while left:
            ticks = draw(st.sampled_from([d for d in (3, 6, 8, 12, 18, 24, 36, 48, 72, 96, left) if d <= left]))
            bar.append(t.Event(draw(st.none() | st.integers(t.LOWEST, t.HIGHEST)), ticks))
            left -= ticks
        bars.append(tuple(bar))
    return draw(st.sampled_from(t.MODES)), metre, draw(st.integers(0, 11)), bars


def arranged(
    mode: str, metre: Metre, tonic: int, bars: Tune, parts: tuple[str, ...] = PARTS, total: int = 0
) -> list[tuple[tuple[ArrangedNote, ...], tuple[tuple[int, Chord], ...]]]:
    """Notes and chords of each bar."""
    arranger = Arranger(mode=mode, metre=metre, tonic=tonic, bars=total or len(bars), parts=parts)
    return [(arranger.bar(index, placed(bar)), arranger.chords) for index, bar in enumerate(bars)]


def catalogue(every: int, *collections: str) -> list[tuple[SourceForm, int]]:
    """Catalogue tunes as forms with their tonics; all that are not in plain major or minor, and each nth other."""
    works = [tune for tune in load_pack().by_role("catalogue") if tune.collection in collections]
    rare = [tune for tune in works if tune.score.key.mode not in ("major", "minor")]
    return [(SourceForm.from_score(tune.score), tune.score.key.tonic) for tune in (*rare, *works[::every])]


def melody_of(*pitches: int, metre: Metre) -> t.BarOfEvents:
    """A bar of equally long notes."""
    return tuple(t.Event(pitch, metre.ticks // len(pitches)) for pitch in pitches)


def assert_well_formed(notes: tuple[ArrangedNote, ...], metre: Metre) -> None:
    ends: dict[tuple[str, int], int] = defaultdict(int)
    for note in sorted(notes, key=lambda note: note.onset):
        low, high = RANGES[note.part]
        assert low <= note.pitch <= high
        assert 1 <= note.velocity <= 127
        assert note.duration > 0
        assert 0 <= note.onset < note.onset + note.duration <= metre.ticks
        assert ends[note.part, note.pitch] <= note.onset, "a note is struck again before it has ended"
        ends[note.part, note.pitch] = note.onset + note.duration
    assert {note.part for note in notes} == set(PARTS), "every bar has all the parts that were asked for"


# ---- what holds for any melody -----------------------------------------------------------------------------


@given(tunes())
@settings(max_examples=150, deadline=None)
def test_every_note_is_in_its_range_and_inside_its_bar(tune: tuple[str, Metre, int, Tune]) -> None:
    mode, metre, tonic, bars = tune
    for notes, _ in arranged(mode, metre, tonic, bars):
        assert_well_formed(notes, metre)


@given(tunes())
@settings(max_examples=60, deadline=None)
def test_a_piece_ends_on_the_tonic_chord_which_rings_to_its_end(tune: tuple[str, Metre, int, Tune]) -> None:
    mode, metre, tonic, bars = tune
    notes, chords = arranged(mode, metre, tonic, bars)[-1]
    start, chord = chords[-1]
    assert chord.name == TONICS[mode]
    last = [note for note in notes if note.part != "drums" and note.onset >= start]
    assert {note.part for note in last} == {"harmony", "bass"}
    assert all((note.onset, note.onset + note.duration) == (start, metre.ticks) for note in last)
    assert {(note.pitch - tonic) % 12 for note in last} == set(chord.tones)
    assert {(note.pitch - tonic) % 12 for note in last if note.part == "bass"} == {0}


@given(tunes(), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_a_bar_does_not_know_later_ones(tune: tuple[str, Metre, int, Tune], at: int) -> None:
    mode, metre, tonic, bars = tune
    at %= len(bars)
    other = [*bars[: at + 1], *((t.Event(7, metre.ticks),) for _ in bars[at + 1 :])]
    assert arranged(mode, metre, tonic, bars)[: at + 1] == arranged(mode, metre, tonic, other)[: at + 1]


@given(tunes(), st.sets(st.sampled_from(PARTS)))
@settings(max_examples=60, deadline=None)
def test_a_part_sounds_the_same_whichever_others_are_asked_for(
    tune: tuple[str, Metre, int, Tune], parts: set[str]
) -> None:
    for (some, _), (everything, _) in zip(arranged(*tune, tuple(parts)), arranged(*tune), strict=True):
        assert some == tuple(note for note in everything if note.part in parts)


@pytest.mark.parametrize("metre", METRES, ids=lambda metre: f"{metre.beats}/{metre.unit}")
@pytest.mark.parametrize("mode", t.MODES)
def test_every_metre_mode_and_tonic_has_an_accompaniment(metre: Metre, mode: str) -> None:
    bars = [melody_of(0, 7, 12, metre=metre), melody_of(2, 7, 5, metre=metre), (t.Event(None, metre.ticks),)] * 3
    for tonic in range(12):
        for notes, _ in arranged(mode, metre, tonic, bars):
            assert_well_formed(notes, metre)


def test_this_version_writes_what_it_always_wrote() -> None:
    """Pieces are replayed years later: who changes what is written raises `VERSION` and this digest with it."""
    written = hashlib.sha256()
    drawn, state = [0, 2, 4, 5, 7, 9, 11, 12, None, 14, 16, -3, 10, 3], 1
    for metre in METRES:
        for tonic, mode in enumerate(t.MODES):
            bars = []
            for _ in range(9):
                state = (state * 1103515245 + 12345) % 2**31
                count = (1, 2, 3, 4, 6)[state // 64 % 5]
                pitches = (drawn[state // 2**place % len(drawn)] for place in range(8, 8 + count))
                length, over = divmod(metre.ticks, count)
                bar = [t.Event(pitch, length) for pitch in pitches]
                bars.append((*bar[:-1], t.Event(bar[-1].pitch, length + over)))
            for notes, _ in arranged(mode, metre, 3 * tonic, bars):
                written.update(repr([dataclasses.astuple(note) for note in notes]).encode())
    assert (VERSION, written.hexdigest()) == (
        "arranger/1",
        "a673977d683065c0bb35958488c1a827904d0696ced0710bb19b05084f4b5cac",
    )
    assert arranger_identity()["harmony_sha256"] == hashlib.sha256(HARMONY_FILE.read_bytes()).hexdigest()


# ---- harmony and form --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "third"), [("major", 4), ("minor", 3), ("dorian", 3), ("mixolydian", 4)])
def test_a_melody_on_the_tonic_triad_is_heard_as_the_tonic(mode: str, third: int) -> None:
    metre = Metre(4, 4)
    bars = [melody_of(0, third, 7, 12, metre=metre)] * 3
    names = [chord.name for _, chords in arranged(mode, metre, 0, bars, total=9) for _, chord in chords]
    assert names == [TONICS[mode]] * 6


@pytest.mark.parametrize("metre", METRES, ids=lambda metre: f"{metre.beats}/{metre.unit}")
@pytest.mark.parametrize("mode", t.MODES)
def test_phrases_of_eight_bars_have_a_half_and_a_full_cadence(metre: Metre, mode: str) -> None:
    dominants = {"major": {"V", "V7"}, "minor": {"V", "V7"}, "dorian": {"v", "VII"}, "mixolydian": {"v", "VII"}}
    home, away = melody_of(0, 7, 0, metre=metre), melody_of(2, 2, metre=metre)
    ends = [
        chords[-1][1].name for _, chords in arranged(mode, metre, 2, [*[home] * 3, away, home, home, away, home] * 2)
    ]
    for phrase in (ends[:8], ends[8:]):
        assert phrase[3] in dominants[mode]
        assert phrase[6] in dominants[mode]
        assert phrase[7] == TONICS[mode]


def test_a_cadence_gives_way_to_a_melody_that_will_not_have_it() -> None:
    metre = Metre(3, 4)
    bars = [melody_of(0, 4, 7, metre=metre)] * 3 + [melody_of(0, 0, 0, metre=metre)] * 5
    chords = [chords[-1][1] for _, chords in arranged("major", metre, 0, bars, total=16)]
    assert 0 in chords[3].tones


def test_notes_outside_the_scale_sound_only_with_the_melody_or_in_a_dominant() -> None:
    scales = {"major": {0, 2, 4, 5, 7, 9, 11}, "dorian": {0, 2, 3, 5, 7, 9, 10}}
    for form, tonic in catalogue(8, "oneill", "ryan"):
        if form.mode not in scales:
            continue
        for melody, _, notes in accompanied(form, tonic):
            foreign = {(n.pitch - tonic) % 12 for n in notes if n.part != "drums"} - scales[form.mode]
            assert foreign <= {event.pitch % 12 for _, event in melody if event.pitch is not None}


def test_chords_suit_the_strong_notes_of_real_melodies_far_more_than_chance() -> None:
    fit: Counter[str] = Counter()
    for form, _ in catalogue(10, "oneill", "ryan"):
        fit += fit_of(form)
    inside, chance = fit["strong inside"] / fit["strong"], fit["strong by chance"] / 12 / fit["strong"]
    assert inside > 0.84
    assert inside > 3 * chance
    assert fit["strong clashes"] / fit["strong"] < 0.07


def test_accompaniments_of_real_tunes_are_neither_dull_nor_restless() -> None:
    different, changes, chances = [], 0, 0
    for form, tonic in catalogue(10, "oneill", "ryan"):
        names = [chord.name for _, chords, _ in accompanied(form, tonic) for _, chord in chords]
        different.append(len(set(names)))
        changes += sum(a != b for a, b in pairwise(names))
        chances += len(names) - 1
    assert sum(different) / len(different) > 4
    assert 0.3 < changes / chances < 0.6


def test_learnt_harmony_is_nearer_to_bachs_than_the_best_of_three_chords() -> None:
    chorales = [tune for tune in load_pack().by_role("catalogue") if tune.collection == "bach"]
    beats, found = 0, Counter[str]()
    for count, hits in map(agreement, chorales):
        beats += count
        found.update(hits)
    assert found["bar by bar"] / beats > 0.43
    assert found["bar by bar"] > found["best of I, IV, V"] > found["always I"]
    assert found["whole tune"] > found["bar by bar"]


def test_a_piece_begins_on_the_tonic_where_its_melody_allows_it() -> None:
    metre = Metre(4, 4)
    for mode in t.MODES:
        bars = [melody_of(7, 9, 7, 0, metre=metre), melody_of(2, 5, 7, 2, metre=metre)]
        _, chords = arranged(mode, metre, 0, bars, total=8)[0]
        assert chords[0][1].name == TONICS[mode]
    _, chords = arranged("major", metre, 0, [melody_of(2, 5, 9, 2, metre=metre)], total=8)[0]
    assert chords[0][1].name != "I"


def test_a_bars_chord_follows_from_the_chord_before() -> None:
    metre = Metre(3, 4)
    before = [melody_of(*pitches, metre=metre) for pitches in ((0, 4, 7), (2, 7, 11), (9, 0, 4), (5, 9, 12))]
    ways = [arranged("major", metre, 0, [bar, melody_of(9, metre=metre)], total=8) for bar in before]
    assert len({chords[0][1].name for _, (_, chords) in ways}) > 1


# ---- voices ------------------------------------------------------------------------------------------------


def test_voices_move_little_and_seldom_in_parallel_fifths() -> None:
    moves: list[int] = []
    fifths = 0
    for form, tonic in catalogue(20, "oneill", "ryan"):
        chords = [voicing for _, _, notes in accompanied(form, tonic) for voicing in struck(notes)]
        for before, now in pairwise(chord for chord, _ in groupby(chords)):
            moves += [abs(a - b) for a, b in zip(before, now, strict=True)]
            fifths += parallels(before, now) > 0
    assert sum(moves) / len(moves) < 2.5
    assert max(moves) <= 12
    assert fifths < 0.03 * len(moves) / 3


def test_the_bass_stands_on_the_root_at_cadences_and_on_a_chord_tone_at_every_bar() -> None:
    for form, tonic in catalogue(20, "oneill", "ryan"):
        bars = list(accompanied(form, tonic))
        for index, (_, chords, notes) in enumerate(bars):
            bass = {note.onset: (note.pitch - tonic) % 12 for note in notes if note.part == "bass"}
            assert bass[0] in chords[0][1].tones
            if index % 8 in (3, 7) and index + 2 < len(bars):
                start, chord = chords[-1]
                assert bass[start] == chord.root


def test_the_bass_passes_between_roots_a_third_apart() -> None:
    metre = Metre(3, 2)
    bars = [melody_of(0, 0, 7, metre=metre), melody_of(2, 9, 4, metre=metre)]
    notes, chords = arranged("dorian", metre, 0, bars, total=8)[1]
    assert [chord.name for _, chord in chords] == ["ii", "IV"]
    assert [note.pitch for note in notes if note.part == "bass"] == [50, 51, 53]


def test_harmony_seldom_reaches_the_melody() -> None:
    reached, strokes = 0, 0
    for form, tonic in catalogue(20, "oneill", "ryan"):
        for melody, _, notes in accompanied(form, tonic):
            sung = [(onset, onset + e.duration, 60 + tonic + e.pitch) for onset, e in melody if e.pitch is not None]
            for note in (note for note in notes if note.part == "harmony"):
                over = [pitch for start, end, pitch in sung if start < note.onset + note.duration and note.onset < end]
                strokes += 1
                reached += bool(over) and note.pitch >= min(over)
    assert reached / strokes < 0.05


def struck(notes: tuple[ArrangedNote, ...]) -> list[tuple[int, ...]]:
    """The chords of three voices that are struck together."""
    harmony = [note for note in notes if note.part == "harmony"]
    chords = (tuple(note.pitch for note in group) for _, group in groupby(harmony, key=lambda note: note.onset))
    return [chord for chord in chords if len(chord) == 3]


def test_harmony_stays_below_a_high_melody() -> None:
    metre = Metre(6, 8)
    bars = [melody_of(12, 16, 19, 14, 17, 23, metre=metre)] * 8
    for tonic in range(12):
        for notes, _ in arranged("major", metre, tonic, bars):
            assert max(note.pitch for note in notes if note.part == "harmony") < 72 + tonic


def test_harmony_moves_while_the_melody_holds_still() -> None:
    metre = Metre(3, 4)
    bars = [melody_of(0, 4, 7, metre=metre), melody_of(7, metre=metre), melody_of(0, metre=metre)]
    busy, still, _ = (notes for notes, _ in arranged("major", metre, 0, bars))
    assert len({note.onset for note in busy if note.part == "harmony"}) == 2
    assert len({note.onset for note in still if note.part == "harmony"}) == 5


# ---- expression --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metre", METRES, ids=lambda metre: f"{metre.beats}/{metre.unit}")
def test_velocity_follows_the_accents_of_the_metre(metre: Metre) -> None:
    def level(onset: int) -> int:
        return melody_velocity(metre, 0, 16, onset)

    assert level(0) == max(level(onset) for onset in range(metre.ticks))
    assert level(0) > level(1) == min(level(onset) for onset in range(metre.ticks))
    assert all(1 <= melody_velocity(metre, bar, 16, onset) <= 127 for bar in range(16) for onset in range(metre.ticks))


def test_velocity_rises_in_a_phrase_and_rests_at_its_end() -> None:
    levels = [melody_velocity(Metre(4, 4), bar, 16, 0) for bar in range(16)]
    assert levels[0] < levels[3] < levels[5] > levels[6] > levels[7]
    assert levels[15] == min(levels)


# ---- what it has learnt, and what it refuses ---------------------------------------------------------------


def test_costs_are_whole_numbers() -> None:
    def leaves(node: object) -> list[object]:
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else None
        return [node] if children is None else [leaf for child in children for leaf in leaves(child)]

    modes = json.loads(HARMONY_FILE.read_text(encoding="utf-8"))["modes"]
    assert set(modes) == set(t.MODES)
    assert {type(leaf) for leaf in leaves(modes)} == {int, str}


@pytest.mark.slow
def test_the_costs_are_those_learnt_from_the_chorales_for_training() -> None:
    chorales = [tune for tune in load_pack().by_role("train") if tune.collection == "bach"]
    document = json.loads(HARMONY_FILE.read_text(encoding="utf-8"))
    assert document["works"] == {"count": len(chorales), "sha256": works_digest(chorales)}
    assert document == learn(chorales)


def test_bars_are_taken_in_order_and_once() -> None:
    metre = Metre(2, 4)
    arranger = Arranger(mode="major", metre=metre, tonic=0, bars=2, parts=PARTS)
    with pytest.raises(ValueError, match="bar 0 of 2 is next, not 1"):
        arranger.bar(1, placed(melody_of(0, metre=metre)))
    arranger.bar(0, placed(melody_of(0, metre=metre)))
    with pytest.raises(ValueError, match="bar 1 of 2 is next, not 0"):
        arranger.bar(0, placed(melody_of(0, metre=metre)))


@pytest.mark.parametrize("melody", [[(0, t.Event(0, 24))], [(0, t.Event(0, 24)), (30, t.Event(2, 18))], []])
def test_a_melody_that_does_not_fill_its_bar_is_refused(melody: list[tuple[int, t.Event]]) -> None:
    arranger = Arranger(mode="major", metre=Metre(2, 4), tonic=0, bars=1, parts=PARTS)
    with pytest.raises(ValueError, match="the melody of bar 0"):
        arranger.bar(0, melody)


@pytest.mark.parametrize(
    "wrong",
    [{"mode": "phrygian"}, {"metre": Metre(5, 8)}, {"tonic": 12}, {"bars": 0}, {"parts": ("harmony", "strings")}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_cannot_be_arranged_is_refused_at_once(wrong: dict[str, object]) -> None:
    usual: dict[str, object] = {"mode": "major", "metre": Metre(4, 4), "tonic": 0, "bars": 8, "parts": PARTS}
    with pytest.raises(ValueError):
        Arranger(**{**usual, **wrong})  # type: ignore[arg-type]
