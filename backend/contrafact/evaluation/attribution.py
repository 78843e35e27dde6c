"""The evaluation of attribution: all experiments, in an order that tells early whether something is wrong."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

from contrafact.errors import InvalidInput
from contrafact.evaluation.ablation import ablation
from contrafact.evaluation.cache import Cache
from contrafact.evaluation.controls import controls
from contrafact.evaluation.copying import copying
from contrafact.evaluation.listening import listening, with_band
from contrafact.evaluation.overlap import Likeness
from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.quality import quality_rows
from contrafact.evaluation.ranks import identification, soundings_of_tune
from contrafact.evaluation.regeneration import regeneration
from contrafact.evaluation.replays import replays
from contrafact.evaluation.requests import Asked, ask
from contrafact.evaluation.rows import Found, Results
from contrafact.evaluation.shares import base_share, completeness, requested_and_realised
from contrafact.evaluation.studio import Studio
from contrafact.music.checkpoint import Model, load_model
from contrafact.music.control import CONTROL
from contrafact.music.identification.coverage import Identifier
from contrafact.music.identity import generator_identity
from contrafact.music.pack import Pack, load_pack
from contrafact.music.training.release import readable

OTHER_COUNTS = (1, 2, 4, 7)
"""Numbers of sources, beside three, for which completeness is looked at; with the control, 8 at most."""

OnProgress = Callable[[str, int, int], None]
"""Told (what, done, of) as the evaluation goes on."""


@dataclass(frozen=True)
class Settings:
    """How much is measured. `pieces` of `seconds` each, from `seed`.

    Costlier experiments take fewer pieces, the first of them: `uncontrolled` are played again without the share
    controller, `bar_by_bar` are written again bar by bar, `tried` are replayed and played with a control of junk.
    `heard` are rendered and identified by their sound, `banded` with accompaniment; 0 leaves that out.
    """

    pieces: int = 100
    seconds: int = 45
    seed: int = 0
    uncontrolled: int = 40
    bar_by_bar: int = 60
    tried: int = 10
    heard: int = 100
    banded: int = 40
    threads: int = 1

    def __post_init__(self) -> None:
        if self.pieces < 2:
            raise InvalidInput("An evaluation needs two pieces at least.", "100 give useful intervals.")


@dataclass(frozen=True)
class Material:
    """The pieces that the experiments share: those of three works, and a few of other numbers of works."""

    pieces: list[Piece]
    uncontrolled: list[Piece]
    others: list[Piece]


def evaluate(
    settings: Settings,
    folder: Path,
    weights: Path | None = None,
    on_progress: OnProgress = lambda *_: None,
    processes: int = 1,
) -> Results:
    """Runs all experiments; what was made before lies in `folder` and is not made again.

    Pieces are generated in so many processes; the results are the same. Raises NotFound and StoreError for weights
    that cannot be loaded, InvalidInput for settings that say nothing.
    """
    model, pack = load_model(weights), load_pack()
    studio = Studio(model, Cache(folder / "cache"), settings.threads)
    generate_all(settings, folder, weights, on_progress, processes)
    made = material(studio, settings, pack)
    found: list[Found] = []
    for name, experiment in _experiments(studio, settings, pack, made, weights):
        on_progress(name, len(found), len(found) + 1)
        found.append(experiment())
    described = {**asdict(settings), "model": model.digest.hex(), "generator": generator_identity()}
    rows = [row for one in found for row in one.rows]
    return Results(rows, {name: values for one in found for name, values in one.series.items()}, described)


def generate_all(
    settings: Settings, folder: Path, weights: Path | None, on_progress: OnProgress, processes: int
) -> None:
    """Fills the cache with every piece and what is generated again of it, piece by piece."""
    job = partial(_generate, settings, folder, weights)
    indices = range(settings.pieces)
    if processes == 1:
        for done, index in enumerate(indices):
            on_progress("pieces", done, settings.pieces)
            job(index)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done, _ in enumerate(pool.map(job, indices), start=1):
            on_progress("pieces", done, settings.pieces)


def material(studio: Studio, settings: Settings, pack: Pack) -> Material:
    """The pieces that are asked for, from the cache as far as they are there."""
    catalogue = pack.by_role("catalogue")
    asked = _asked(settings)
    others = [a for n in OTHER_COUNTS for a in ask(catalogue, 2, settings.seconds, settings.seed, sources=n)]
    return Material(
        [studio.piece(a) for a in asked],
        [studio.piece(a, 0.0) for a in asked[: settings.uncontrolled]],
        [studio.piece(a) for a in others],
    )


def _generate(settings: Settings, folder: Path, weights: Path | None, index: int) -> None:
    """All that is generated for one request."""
    studio = Studio(_model(weights), Cache(folder / "cache"), settings.threads)
    asked = _asked(settings)[index]
    piece = studio.piece(asked)
    if index < settings.bar_by_bar:
        studio.bars_without(piece)
    for control in (CONTROL, 0.0) if index < settings.uncontrolled else (CONTROL,):
        studio.piece(asked, control)
        for source in range(len(asked.chosen)):
            studio.tones(asked.without(source), control)


@cache
def _asked(settings: Settings) -> list[Asked]:
    return ask(load_pack().by_role("catalogue"), settings.pieces, settings.seconds, settings.seed)


@cache
def _model(weights: Path | None) -> Model:
    return load_model(weights)


def _experiments(
    studio: Studio, settings: Settings, pack: Pack, made: Material, weights: Path | None
) -> Iterator[tuple[str, Callable[[], Found]]]:
    pieces, free = made.pieces, made.uncontrolled
    yield "completeness", lambda: completeness([*pieces, *made.others])
    yield "requested and realised", lambda: requested_and_realised(pieces, free)
    yield "base share", lambda: base_share(pieces)
    yield "ablation", lambda: ablation(pieces, free)
    works = {tune.id: soundings_of_tune(tune) for tune in pack.tunes}
    likeness = Likeness({work: [note.pitch for note in notes] for work, notes in works.items()})
    yield "regeneration", lambda: regeneration(studio, pieces, free, settings.bar_by_bar, likeness)
    yield "identification", lambda: identification(pieces, pack.tunes, Identifier(works), likeness)
    if settings.heard:
        banded = [studio.piece(with_band(piece.asked)) for piece in pieces[: settings.banded]]
        yield "listening", lambda: listening(studio, pieces[: settings.heard], banded, pack.tunes, Identifier(works))
    yield "controls", lambda: controls(studio, pieces, settings.tried)
    yield "copying", lambda: copying(pieces, pack.by_role("catalogue"))
    forms = {role: list(readable(pack.by_role(role)).values()) for role in ("validation", "catalogue")}
    made_of = [(piece.notes, piece.asked.request.music) for piece in pieces]
    network = studio.model.network
    yield "quality", lambda: Found(tuple(quality_rows(network, forms["validation"], made_of, forms["catalogue"])))
    yield "replay", lambda: replays(pieces, weights, settings.threads, settings.tried)
