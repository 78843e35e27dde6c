"""Is it music like the music it learnt from? Losses on unseen tunes, and pieces held against real tunes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from contrafact.domain.generation import MELODY, EventNote, MusicRequest
from contrafact.errors import InvalidInput
from contrafact.evaluation.distributions import FEATURES, Feature, Tone, Tune, histogram, jensen_shannon, tune_of
from contrafact.evaluation.rows import Row, at_most, measured, stated
from contrafact.evaluation.statistics import Floats
from contrafact.music.model import Network
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm
from contrafact.music.training.evaluate import heldout, heldout_by_kind

_RESAMPLED = 200
Piece = tuple[Sequence[EventNote], MusicRequest]


def quality_rows(
    network: Network, unseen: Sequence[SourceForm], pieces: Sequence[Piece], real: Sequence[SourceForm], seed: int = 0
) -> list[Row]:
    """All rows: losses on `unseen` tunes, and the melodies of `pieces` against `real` tunes of the same metres.

    Raises InvalidInput for a piece without two notes of melody, and where no two real tunes have its metre.
    """
    made = [_tune(notes, music) for notes, music in pieces]
    tunes = [tune_of(form) for form in real]
    return [*loss_rows(network, unseen), *distance_rows(made, tunes, seed), *form_rows(made, tunes)]


def loss_rows(network: Network, unseen: Sequence[SourceForm]) -> list[Row]:
    """Negative log-likelihood of tunes of unseen families, in nats a token and a note, computed in float32."""
    single = copy.deepcopy(network).float()
    mixture, kinds = heldout(single, unseen), heldout_by_kind(single, unseen)
    n, source, base = len(unseen), mixture["test_source"], mixture["test_base"]
    tokens = _tokens_a_note(unseen)
    note = f"the loss a token, times {tokens:.2f} tokens a note"
    return [
        stated("quality_nll_source", "Loss with the true source, nats a token", source, n, at_most(0.8)),
        stated("quality_nll_base", "Loss of the base, nats a token", base, n, at_most(1.3)),
        stated("quality_nll_source_note", "Loss with the true source, nats a note", tokens * source, n, note=note),
        stated("quality_nll_base_note", "Loss of the base, nats a note", tokens * base, n, note=note),
        *(stated(f"quality_nll_{kind}", _KINDS[kind], loss, n) for kind, loss in kinds.items()),
    ]


def _tokens_a_note(forms: Sequence[SourceForm]) -> float:
    """Tokens of the bars, rests and bar lines among them, for each note that sounds."""
    bars = [bar for form in forms for bar in form.body]
    tokens = sum(1 + 2 * len(bar) for bar in bars)
    return tokens / sum(event.pitch is not None for bar in bars for event in bar)


_KINDS = {
    "variation_source": "… source a variation of the tune, nats a token",
    "variation_base": "… base, on the same, nats a token",
    "half_source": "… source the other half of the tune, nats a token",
    "half_base": "… base, on the same, nats a token",
}


def distance_rows(made: Sequence[Tune], real: Sequence[Tune], seed: int = 0) -> list[Row]:
    """For each feature the Jensen–Shannon distance of pieces to real tunes, and of real tunes to real tunes.

    The real tunes are drawn so that their metres are as frequent as those of the pieces. The floor is the distance
    of as many other real tunes to them. Intervals come from 200 drawings of pieces and tunes.
    Raises InvalidInput where fewer than two real tunes have the metre of a piece.
    """
    by_metre = {metre: [tune for tune in real if tune.metre == metre] for metre in {tune.metre for tune in made}}
    short = [metre for metre, tunes in by_metre.items() if len(tunes) < 2]
    if short or not made:
        name = f"{short[0].beats}/{short[0].unit}" if short else "any metre"
        raise InvalidInput(f"There are not two real tunes and a piece in {name}.", "Give more tunes or other pieces.")
    return [row for name, feature in FEATURES.items() for row in _distances(name, feature, made, by_metre, seed)]


def _distances(
    name: str, feature: Feature, made: Sequence[Tune], real: Mapping[Metre, Sequence[Tune]], seed: int
) -> list[Row]:
    rng = np.random.default_rng(seed)
    far, floor = [], []
    for _ in range(_RESAMPLED):
        pieces = [made[i] for i in rng.integers(len(made), size=len(made))]
        one, other = _two_halves(rng, pieces, real)
        reference = histogram(feature, one)
        far.append(jensen_shannon(histogram(feature, pieces), reference))
        floor.append(jensen_shannon(histogram(feature, other), reference))
    key, n = f"quality_{name.split()[0]}", len(made)
    return [
        _drawn(key, f"Distribution of {name}: Jensen–Shannon distance to real tunes", far, n),
        _drawn(f"{key}_floor", "… floor: as many real tunes to real tunes", floor, n),
    ]


def _two_halves(
    rng: np.random.Generator, pieces: Sequence[Tune], real: Mapping[Metre, Sequence[Tune]]
) -> tuple[list[Tune], list[Tune]]:
    """Two sets of real tunes, none in both, with the metres of the pieces."""
    halves: dict[Metre, tuple[list[Tune], list[Tune]]] = {}
    for metre, tunes in sorted(real.items(), key=lambda item: (item[0].beats, item[0].unit)):
        order = [tunes[i] for i in rng.permutation(len(tunes))]
        halves[metre] = order[: len(order) // 2], order[len(order) // 2 :]

    def drawn(side: int) -> list[Tune]:
        chosen = (halves[piece.metre][side] for piece in pieces)
        return [half[int(rng.integers(len(half)))] for half in chosen]

    return drawn(0), drawn(1)


def _drawn(id: str, name: str, values: Sequence[float], n: int) -> Row:
    low, high = np.percentile(values, (2.5, 97.5))
    return Row(id, name, float(np.mean(values)), float(low), float(high), n, "", None)


def form_rows(made: Sequence[Tune], real: Sequence[Tune]) -> list[Row]:
    """Measures of single tunes: the mean over the pieces, and over the real tunes beside it."""
    rows = []
    for key, (name, measure) in _FORM.items():
        rows.append(measured(f"quality_{key}", name, _each(measure, made)))
        rows.append(measured(f"quality_{key}_real", "… of real tunes", _each(measure, real)))
    return rows


def _each(measure: Callable[[Tune], float], tunes: Sequence[Tune]) -> list[Floats]:
    return [np.array([[measure(tune)]]) for tune in tunes]


def repeated_bars(tune: Tune) -> float:
    """The part of the bars with notes that repeat an earlier one, note for note."""
    bars = [bar for bar in tune.bars if bar]
    return 1 - len(set(bars)) / len(bars)


def compass(tune: Tune) -> float:
    """Semitones from the lowest note to the highest."""
    pitches = [tone.pitch for tone in tune.tones]
    return float(max(pitches) - min(pitches))


def density(tune: Tune) -> float:
    """Notes a quarter."""
    return len(tune.tones) / (len(tune.bars) * tune.metre.ticks / 24)


def ends_on_tonic(tune: Tune) -> float:
    """1 where the last note is the tonic, in any octave."""
    return float(tune.tones[-1].pitch % 12 == 0)


_FORM: Mapping[str, tuple[str, Callable[[Tune], float]]] = {
    "repeated": ("Bars that repeat an earlier bar, share", repeated_bars),
    "range": ("Range, semitones", compass),
    "density": ("Notes a quarter", density),
    "ending": ("Pieces that end on the tonic, share", ends_on_tonic),
}


def _tune(notes: Sequence[EventNote], music: MusicRequest) -> Tune:
    melody = sorted((n.onset, n.duration, n.pitch - 60 - music.tonic) for n in notes if n.part == MELODY)
    if len(melody) < 2:
        raise InvalidInput("A piece has no two notes of melody.", "Give pieces that sound.")
    return Tune(Metre(*music.metre), tuple(Tone(*note) for note in melody))
