"""What the proxies learn from and are asked about: catalogues of training works, unseen tunes, generated pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from contrafact.errors import InvalidScore
from contrafact.evaluation.requests import ask
from contrafact.music.checkpoint import load_model
from contrafact.music.generate import Generator
from contrafact.music.influence.examples import windows, windows_of_piece
from contrafact.music.manifest import training_list
from contrafact.music.pack import Pack, PackedTune, load_pack
from contrafact.music.source_form import SourceForm
from contrafact.music.tokens import Sequenced

# Collection and metre: catalogues as different as the pack has them.
CATALOGUES = (
    ("oneill", 6, 8),
    ("oneill", 2, 2),
    ("oneill", 3, 4),
    ("oneill", 4, 4),
    ("ryan", 2, 4),
    ("ryan", 2, 2),
    ("ryan", 6, 8),
    ("bach", 4, 4),
)
LEAST_BARS = 8
LENGTH = 96  # tokens that a proxy reads of a tune: about the first eight bars


@dataclass(frozen=True)
class Tune:
    """A tune of one of the catalogues, as the proxies read it."""

    id: str
    title: str
    catalogue: int
    example: Sequenced


def name_of(catalogue: int) -> str:
    """`oneill 6/8` and so on."""
    collection, beats, unit = CATALOGUES[catalogue]
    return f"{collection} {beats}/{unit}"


def training_tunes(each: int, seed: int = 0) -> list[Tune]:
    """`each` training works of every catalogue, of different tune families, catalogue by catalogue."""
    return _picked(list(map(load_pack().tune, training_list().works)), each, seed)


def unseen_tunes(each: int, seed: int = 1) -> list[Tune]:
    """Up to `each` tunes of every catalogue that no model has learnt from, nor from variants of them."""
    return _picked(load_pack().by_role("validation"), each, seed)


def generated_pieces(count: int, seconds: int = 30, seed: int = 11) -> list[Sequenced]:
    """Melodies that the released model generates from works of the catalogue."""
    generator = Generator(load_model())
    requests = [asked.request for asked in ask(_catalogue(load_pack()), count, seconds, seed)]
    return [windows_of_piece(generator.generate(request).events, request.music, LENGTH)[0] for request in requests]


def _catalogue(pack: Pack) -> list[PackedTune]:
    return [tune for tune in pack.by_role("catalogue") if _form(tune) is not None]


def _picked(tunes: Sequence[PackedTune], each: int, seed: int) -> list[Tune]:
    found: list[list[Tune]] = [[] for _ in CATALOGUES]
    families = set[str]()
    for i in np.random.default_rng(seed).permutation(len(tunes)):
        tune, form = tunes[i], _form(tunes[i])
        if form is None or len(form.body) < LEAST_BARS or tune.family in families:
            continue
        key = (tune.collection, form.metre.beats, form.metre.unit)
        if key in CATALOGUES and len(place := found[CATALOGUES.index(key)]) < each:
            families.add(tune.family)
            place.append(Tune(tune.id, tune.title, CATALOGUES.index(key), windows(form, LENGTH)[0]))
    return [tune for place in found for tune in place]


def _form(tune: PackedTune) -> SourceForm | None:
    try:
        return SourceForm.from_score(tune.score)
    except InvalidScore:
        return None
