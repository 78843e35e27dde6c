"""Is a file recognised? Copies and versions of catalogue works among all works, and files that are of no work.

The threshold was set on one half of the tunes, divided by family; everything here is measured on the other, but for the
rows that say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from contrafact.domain.digests import sha256
from contrafact.errors import InvalidInput, InvalidScore
from contrafact.evaluation import identification_queries as queries
from contrafact.evaluation import identification_rows as tables
from contrafact.evaluation import identification_scale as scale
from contrafact.evaluation.cache import Cache
from contrafact.evaluation.identification_catalogue import PackIndex, melody_of
from contrafact.evaluation.identification_copies import copies
from contrafact.evaluation.identification_queries import Query, for_setting
from contrafact.evaluation.identification_rows import Stranger, VersionFound
from contrafact.evaluation.identification_scores import part_of, score_versions
from contrafact.evaluation.retrieval_sounds import generator
from contrafact.evaluation.rows import Results
from contrafact.music.identification.melody import Melody
from contrafact.music.identification.verdict import THRESHOLD
from contrafact.music.listening.recording import drafted
from contrafact.music.pack import Pack, PackedTune, load_pack
from contrafact.music.reading.draft import to_score

OnProgress = Callable[[str, int, int], None]
_SCALE_QUERIES = 200


@dataclass(frozen=True)
class Settings:
    """How much is measured: works of every kind of version, recordings of strangers (tunes of no work), works that are
    copied, and works of the largest index."""

    each: int = 12
    strangers: int = 1000
    copies: int = 40
    largest: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.each, self.strangers, self.copies) < 2:
            raise InvalidInput("Fewer than two of each say nothing.", "Ask for more.")


def evaluate(
    settings: Settings, folder: Path, on_progress: OnProgress = lambda *_: None, pack: Pack | None = None
) -> Results:
    """Runs all experiments; what was heard before lies in `folder` and is not heard again.

    Raises NotFound without the extra `generation`, InvalidInput for settings that say nothing.
    """
    pack, cache = pack or load_pack(), Cache(folder / "cache")
    known = PackIndex(pack.tunes)
    asked = list(queries.versions_of(pack, settings.each, settings.seed))
    heard = list(_heard(asked, cache, settings.seed, "versions", on_progress))
    others = [tune for tune in pack.tunes if not for_setting(tune)]
    strange = list(_strangers(known, others, settings.strangers, settings.seed, cache, on_progress))
    sizes = sorted({*(n for n in (1_000, 3_000) if n < settings.largest), settings.largest})
    found = [
        tables.versions(
            [_version(known, q.tune, q.kind, melody, cache) for q, melody in zip(asked, heard, strict=True)]
        ),
        tables.scores(
            [
                _version(known, q.tune, q.kind, q.melody, cache)
                for q in score_versions(pack, 5 * settings.each, settings.seed)
            ]
        ),
        tables.strangers(strange, len(pack.tunes)),
        copies(
            pack.by_role("catalogue")[::2],
            _some(pack.by_role("train"), 3 * settings.copies, settings.seed),
            known.kin,
            settings.copies,
            settings.seed,
            cache,
            on_progress,
        ),
        scale.rows(_growth(pack.tunes, sizes, asked, heard, folder, settings.seed, cache, on_progress)),
    ]
    described = {**asdict(settings), "works": len(pack.tunes), "threshold": THRESHOLD}
    series = {name: values for one in found for name, values in one.series.items()}
    return Results([row for one in found for row in one.rows], series, described)


def _heard(asked: Sequence[Query], cache: Cache, seed: int, what: str, told: OnProgress) -> Iterator[Melody | None]:
    for done, query in enumerate(asked):
        told(what, done, len(asked))
        line = queries.heard(query, cache, seed)
        try:
            yield melody_of(to_score(drafted(line))) if len(line) > 1 else None
        except InvalidScore:
            yield None


def _strangers(
    known: PackIndex, tunes: Sequence[PackedTune], count: int, seed: int, cache: Cache, told: OnProgress
) -> Iterator[Stranger]:
    """`count` tunes as recordings, every second one as a score and as a part of it; with what each is most like."""
    asked = list(queries.strangers(tunes, count, seed))
    for query, heard in zip(asked, _heard(asked, cache, seed, "strangers", told), strict=True):
        yield _stranger(known, query.tune, "recording", heard, cache)
    for done, tune in enumerate(tunes[::2]):
        told("strange scores", done, len(tunes[::2]))
        melody = melody_of(tune.score)
        part = part_of(melody, generator(seed, tune.id, "part")) if melody else None
        for kind, one in (("score", melody), ("part", part)):
            if one:
                yield _stranger(known, tune, kind, one, cache)


def _version(known: PackIndex, tune: PackedTune, kind: str, melody: Melody | None, cache: Cache) -> VersionFound:
    if melody is None:
        return VersionFound(tune.id, kind, False, 0.0, 0.0)
    key = {"what": "version", "melody": sha256(melody.to_bytes()).hex(), "tune": tune.id, "of": known.digest}
    found = cache.get(key, lambda: list(astuple(VersionFound.of(known, tune, kind, melody))[2:]))
    return VersionFound(tune.id, kind, *found)


def _stranger(known: PackIndex, tune: PackedTune, kind: str, melody: Melody | None, cache: Cache) -> Stranger:
    if melody is None:
        return Stranger(tune.id, kind, 0.0, "", 0.0, "")
    key = {"what": "stranger", "melody": sha256(melody.to_bytes()).hex(), "tune": tune.id, "of": known.digest}
    return Stranger(tune.id, kind, *cache.get(key, lambda: list(astuple(Stranger.of(known, tune, kind, melody))[2:])))


def _some(tunes: Sequence[PackedTune], count: int, seed: int) -> list[PackedTune]:
    return [tunes[place] for place in generator(seed, "others").permutation(len(tunes))[:count].tolist()]


def _growth(
    tunes: Sequence[PackedTune],
    sizes: Sequence[int],
    asked: Sequence[Query],
    heard: Sequence[Melody | None],
    folder: Path,
    seed: int,
    cache: Cache,
    told: OnProgress,
) -> dict[str, object]:
    pairs = [(q.tune.id, melody) for q, melody in zip(asked, heard, strict=True) if melody]
    chosen = [pairs[i] for i in generator(seed, "growth").permutation(len(pairs))[:_SCALE_QUERIES].tolist()]
    wanted = {name for name, _ in chosen}
    tunes = sorted(tunes, key=lambda tune: tune.id not in wanted)  # those that are asked for are in every index
    key = {
        "what": "growth, asked for first",
        "seed": seed,
        "sizes": list(sizes),
        "queries": len(chosen),
        "of": len(tunes),
    }
    found: dict[str, object] = cache.get(key, lambda: scale.growth(tunes, sizes, chosen, folder, seed, told))
    return found
