"""The evaluation of attribution: all experiments, in an order that tells early whether something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from contrafact.errors import InvalidInput
from contrafact.evaluation.ablation import ablation
from contrafact.evaluation.cache import Cache
from contrafact.evaluation.controls import controls
from contrafact.evaluation.copying import copying
from contrafact.evaluation.identification import Identifier
from contrafact.evaluation.overlap import Likeness
from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.ranks import identification, soundings_of_tune
from contrafact.evaluation.regeneration import regeneration
from contrafact.evaluation.replays import replays
from contrafact.evaluation.requests import Asked, ask
from contrafact.evaluation.rows import Found, Results
from contrafact.evaluation.shares import base_share, completeness, requested_and_realised
from contrafact.evaluation.studio import Studio
from contrafact.music.checkpoint import load_model
from contrafact.music.identity import generator_identity
from contrafact.music.pack import Pack, load_pack

T = TypeVar("T")
OTHER_COUNTS = (1, 2, 4, 7)
"""Numbers of sources, beside three, for which completeness is looked at; with the control, 8 at most."""

OnProgress = Callable[[str, int, int], None]
"""Told (what, done, of) as the evaluation goes on."""


@dataclass(frozen=True)
class Settings:
    """How much is measured. `pieces` of `seconds` each, from `seed`.

    Costlier experiments take fewer pieces, the first of them: `uncontrolled` are played again without the share
    controller, `bar_by_bar` are written again bar by bar, `tried` are replayed and played with a control of junk.
    """

    pieces: int = 100
    seconds: int = 45
    seed: int = 0
    uncontrolled: int = 40
    bar_by_bar: int = 60
    tried: int = 10
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
    settings: Settings, folder: Path, weights: Path | None = None, on_progress: OnProgress = lambda *_: None
) -> Results:
    """Runs all experiments; what was made before lies in `folder` and is not made again.

    Raises NotFound and StoreError for weights that cannot be loaded, InvalidInput for settings that say nothing.
    """
    model, pack = load_model(weights), load_pack()
    studio = Studio(model, Cache(folder / "cache"), settings.threads)
    made = material(studio, settings, pack, on_progress)
    _write_again(studio, settings, made, on_progress)
    found: list[Found] = []
    for name, experiment in _experiments(studio, settings, pack, made, weights):
        on_progress(name, len(found), len(found) + 1)
        found.append(experiment())
    described = {**asdict(settings), "model": model.digest.hex(), "generator": generator_identity()}
    rows = [row for one in found for row in one.rows]
    return Results(rows, {name: values for one in found for name, values in one.series.items()}, described)


def material(studio: Studio, settings: Settings, pack: Pack, on_progress: OnProgress) -> Material:
    """Plays what is asked, or takes it from the cache."""
    catalogue = pack.by_role("catalogue")
    asked = ask(catalogue, settings.pieces, settings.seconds, settings.seed)
    others = [a for n in OTHER_COUNTS for a in ask(catalogue, 2, settings.seconds, settings.seed, sources=n)]
    return Material(
        [studio.piece(a) for a in _told(asked, "pieces", on_progress)],
        [studio.piece(a, 0.0) for a in _told(asked[: settings.uncontrolled], "without controller", on_progress)],
        [studio.piece(a) for a in _told(others, "with other numbers of sources", on_progress)],
    )


def _write_again(studio: Studio, settings: Settings, made: Material, on_progress: OnProgress) -> None:
    """Fills the cache for the regeneration, piece by piece, so that its progress is seen."""
    for piece in _told(made.pieces, "without each source", on_progress):
        _tones(studio, piece.asked)
    for piece in _told(made.uncontrolled, "without each source and controller", on_progress):
        _tones(studio, piece.asked, 0.0)
    for piece in _told(made.pieces[: settings.bar_by_bar], "bar by bar", on_progress):
        studio.bars_without(piece)


def _tones(studio: Studio, asked: Asked, *control: float) -> None:
    for source in range(len(asked.chosen)):
        studio.tones(asked.without(source), *control)


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
    yield "controls", lambda: controls(studio, pieces, settings.tried)
    yield "copying", lambda: copying(pieces, pack.by_role("catalogue"))
    yield "replay", lambda: replays(pieces, weights, settings.threads, settings.tried)


def _told(items: Sequence[T], what: str, on_progress: OnProgress) -> Iterator[T]:
    for done, item in enumerate(items):
        on_progress(what, done, len(items))
        yield item
