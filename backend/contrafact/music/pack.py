"""The pack of real music: tunes old enough to be free, with their credits, ready as works and as training data.

Made by `scripts/make_pack.py`. Each tune has the file that is registered as a work, the melody read from it,
the family of its variants and a role. Works in the role `catalogue` can be chosen as sources; no model of
the project has learnt from them or from a variant of them.
"""

from __future__ import annotations

import csv
import json
import lzma
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from contrafact.errors import NotFound
from contrafact.music.score import Score
from contrafact.music.score_text import decode_score

PACK_FILE = Path(__file__).parent / "data" / "catalogue" / "tunes.json.xz"
RIGHTS_FILE = PACK_FILE.with_name("rights.csv")
RIGHTS_FIELDS = ("id", "title", "source", "composition", "encoding", "credits")
ROLES = ("train", "validation", "catalogue")


@dataclass(frozen=True)
class PackedTune:
    """One tune. `id` is stable (`oneill/0002`); `family` is the id of the first of its variants;
    `source` names the corpus file it comes from; `credits` are the statements of that file, unchanged."""

    id: str
    title: str
    role: str
    family: str
    source: str
    credits: tuple[str, ...]
    media_type: str
    _file: str
    _score: str

    @property
    def collection(self) -> str:
        """`oneill`, `ryan` or `bach`."""
        return self.id.split("/")[0]

    @cached_property
    def file(self) -> bytes:
        """The file as it is registered: ABC text, or MIDI in four parts for a chorale."""
        return self._file.encode() if self.media_type.startswith("text/") else bytes.fromhex(self._file)

    @cached_property
    def score(self) -> Score:
        """The melody, as `read_score` reads it from `file` (of a chorale the soprano)."""
        return decode_score(self._score)


@dataclass(frozen=True)
class Pack:
    """All tunes, ordered by id."""

    tunes: tuple[PackedTune, ...]

    def by_role(self, role: str) -> tuple[PackedTune, ...]:
        """The tunes of a role. Raises `ValueError` for one that is not in `ROLES`."""
        if role not in ROLES:
            raise ValueError(f"a tune's role is one of {', '.join(ROLES)}, not {role!r}")
        return tuple(tune for tune in self.tunes if tune.role == role)

    def tune(self, tune_id: str) -> PackedTune:
        """The tune of that id. Raises `NotFound`."""
        found = self._by_id.get(tune_id)
        if found is None:
            raise NotFound(f"The pack has no tune {tune_id}.", "Ids look like oneill/0002, ryan/… or bach/bwv66.6.")
        return found

    @cached_property
    def _by_id(self) -> dict[str, PackedTune]:
        return {tune.id: tune for tune in self.tunes}


@cache
def load_pack() -> Pack:
    """The pack that comes with the package; read once a process, scores decoded when first asked for."""
    document = json.loads(lzma.decompress(PACK_FILE.read_bytes()))
    return Pack(tuple(_tune(entry) for entry in document["tunes"]))


def _tune(entry: dict[str, object]) -> PackedTune:
    fields = {name: str(entry[name]) for name in ("id", "title", "role", "family", "source", "media_type")}
    credits = entry["credits"]
    assert isinstance(credits, list)
    return PackedTune(**fields, credits=tuple(credits), _file=str(entry["file"]), _score=str(entry["score"]))


def rights_table() -> list[dict[str, str]]:
    """What is known of each tune's rights, a row a tune with the columns `RIGHTS_FIELDS`."""
    with RIGHTS_FILE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
