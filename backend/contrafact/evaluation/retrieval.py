"""Are works found again by their sound, whatever was done to them? Versions of catalogue works among all works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from contrafact.domain.digests import canonical_json, sha256
from contrafact.errors import InvalidInput
from contrafact.evaluation import retrieval_rows as tables
from contrafact.evaluation.analysed import Analysed
from contrafact.evaluation.cache import Cache
from contrafact.evaluation.retrieval_baselines import Spectra, by_transcription
from contrafact.evaluation.retrieval_opinion import opinions
from contrafact.evaluation.retrieval_rows import Ranked
from contrafact.evaluation.retrieval_search import searching
from contrafact.evaluation.retrieval_sounds import Asked, Sounds, all_asked, chosen
from contrafact.evaluation.rows import Found, Results
from contrafact.evaluation.statistics import Floats
from contrafact.music.embedding.catalogue import index_of, kept_precisely
from contrafact.music.embedding.index import Index
from contrafact.music.embedding.listening import QUERY_HOP, WORK_HOP, heard_of
from contrafact.music.embedding.opinion import TEMPERATURE
from contrafact.music.embedding.weights import Ear, load_ear
from contrafact.music.embedding.windows import OWN_TEMPO
from contrafact.music.note_sound import sound_identity
from contrafact.music.pack import Pack, PackedTune, load_pack

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Settings:
    """How much is measured: works asked for, those looked for by transcription too, pieces for the second opinion."""

    works: int = 60
    transcribed: int = 20
    pieces: int = 12
    seed: int = 0

    def __post_init__(self) -> None:
        if self.works < 2:
            raise InvalidInput("Fewer than two works say nothing.", "Ask for more works.")


def evaluate(
    settings: Settings,
    folder: Path,
    ear: Ear | None = None,
    on_progress: OnProgress = lambda *_: None,
    pack: Pack | None = None,
) -> Results:
    """Runs all experiments; sounds that were made before lie in `folder` and are not made again.

    Raises NotFound and StoreError for weights that cannot be loaded, InvalidInput for settings that say nothing.
    """
    ear, pack = ear or load_ear(), pack or load_pack()
    sounds = Sounds(Analysed(folder / "analysed"), settings.seed)
    index, spectra = _indexed(ear, pack.tunes, sounds, on_progress)
    tunes, catalogue = chosen(pack, settings.works, settings.seed), pack.by_role("catalogue")
    asked = list(all_asked(tunes, settings.seed))
    ranked = [_ranked(ear, index, spectra, sounds, one, on_progress, i, len(asked)) for i, one in enumerate(asked)]
    halves = [_of_halves(ear, index, sounds, tune) for tune in tunes]
    cache = Cache(folder / "cache")
    found = [
        tables.by_kind(ranked, halves, len(index.entries)),
        tables.by_group(ranked),
        tables.unlike(ranked, pack.tunes),
        tables.baselines(ranked, len(index.entries)),
        by_transcription(pack, asked, settings.transcribed, settings.seed, cache, on_progress),
        searching(
            index, [heard_of(ear, sounds.version(one), OWN_TEMPO) for one in asked[:: max(1, len(asked) // 200)]]
        ),
        opinions(ear, _part(index, catalogue), catalogue, settings.pieces, settings.seed, cache, on_progress),
    ]
    described = {
        **asdict(settings),
        "encoder": ear.digest.hex(),
        "works_indexed": len(index.entries),
        "temperature": TEMPERATURE,
        **_identity(),
    }
    return Results([row for one in found for row in one.rows], _series(found), described)


def _series(found: Sequence[Found]) -> dict[str, list[object]]:
    return {name: values for one in found for name, values in one.series.items()}


def _identity() -> dict[str, object]:
    return {"sounds": sha256(canonical_json(sound_identity())).hex()}


def _indexed(ear: Ear, tunes: Sequence[PackedTune], sounds: Sounds, told: OnProgress) -> tuple[Index, Spectra]:
    """All works by their excerpts, and by the baselines."""
    excerpts, spectra = [], Spectra()
    for done, tune in enumerate(tunes):
        told("works", done, len(tunes))
        melody = sounds.work(tune)
        heard = (heard_of(ear, analysis, OWN_TEMPO, WORK_HOP) for analysis in (melody, *sounds.voices(tune)))
        excerpts.append(kept_precisely([each.vectors[0] for each in heard]))
        spectra.add(melody)
    return index_of(ear.digest, tunes, excerpts), spectra


def _ranked(
    ear: Ear, index: Index, spectra: Spectra, sounds: Sounds, asked: Asked, told: OnProgress, done: int, of: int
) -> Ranked:
    told("versions", done, of)
    analysis = sounds.version(asked)
    scores = index.scores(heard_of(ear, analysis)).astype(np.float64)
    work = _number(index, asked.tune)
    rivals = _rivals(index, asked.tune)
    best = np.argsort(-np.where(rivals, scores, -np.inf))[:10]
    others = {name: place(values, work, rivals) for name, values in spectra.scores(analysis).items()}
    nearest = tuple((int(i), float(scores[i])) for i in best)
    return Ranked(asked, place(scores, work, rivals), float(scores[work]), nearest, others)


def _of_halves(ear: Ear, index: Index, sounds: Sounds, tune: PackedTune) -> float:
    """The rank of a work of which the first half is indexed, asked for by its second half."""
    analysis = sounds.work(tune, own_tempo=False)
    middle = len(analysis.power) // 2
    first, second = (type(analysis)(part, analysis.hop) for part in (analysis.power[:middle], analysis.power[middle:]))
    known = heard_of(ear, first, OWN_TEMPO, WORK_HOP).vectors[0]
    heard = heard_of(ear, second, hop=QUERY_HOP)
    scores = index.scores(heard).astype(np.float64)
    work = _number(index, tune)
    scores[work] = max(float((vectors @ known.T).max(1).mean()) for vectors in heard.vectors)
    return place(scores, work, _rivals(index, tune))


def place(scores: Floats, work: int, rivals: np.ndarray) -> float:
    """The rank of a work, 1 the best, among its rivals; equal scores share their mean rank."""
    others = scores[rivals]
    return 1.0 + float((others > scores[work]).sum()) + 0.5 * float((others == scores[work]).sum())


def _part(index: Index, tunes: Sequence[PackedTune]) -> Index:
    """The index of some of its works alone."""
    numbers = [_number(index, tune) for tune in tunes]
    return index_of(index.encoder, tunes, [index.vectors[index.owners == number] for number in numbers])


def _number(index: Index, tune: PackedTune) -> int:
    return next(i for i, entry in enumerate(index.entries) if entry.id == tune.id)


def _rivals(index: Index, tune: PackedTune) -> np.ndarray:
    return np.array([entry.family != tune.family for entry in index.entries])
