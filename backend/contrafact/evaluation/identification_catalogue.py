"""The pack as a catalogue to identify in, and which of its tunes are relatives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from contrafact.domain.digests import sha256
from contrafact.domain.families import interval_runs
from contrafact.errors import InvalidScore
from contrafact.music.identification.index import VERSION, Index
from contrafact.music.identification.matching import CLOSELY, Match, matches
from contrafact.music.identification.melody import Melody
from contrafact.music.pack import PackedTune
from contrafact.music.score import Score
from contrafact.music.source_form import SourceForm

KIN_RUN = 10  # intervals in a row that relatives have in common


def melody_of(score: Score) -> Melody | None:
    """A score's melody as identification sees it; None for one that can be no source."""
    try:
        return Melody.of(SourceForm.from_score(score), score.key.tonic)
    except InvalidScore:
        return None


class PackIndex:
    """All tunes by their melodies, in the file `path` or in memory."""

    def __init__(self, tunes: Sequence[PackedTune], path: Path | None = None) -> None:
        self.index = Index(path)
        self.families = _families(tunes)
        self.kin = relatives(tunes, self.families)
        for tune in tunes:
            form = SourceForm.from_score(tune.score)
            melody = Melody.of(form, tune.score.key.tonic)
            self.index.add(tune.id.encode(), sha256(tune.file), form.digest, melody, tune.score.tempo)

        self.digest = sha256(repr((VERSION, CLOSELY, KIN_RUN, [tune.id for tune in tunes])).encode()).hex()
        self._numbers = {tune.id.encode(): self.index.number(tune.id.encode()) or 0 for tune in tunes}

    def best(self, melody: Melody | None, without: Collection[bytes]) -> Match | None:
        """The best match where these works are not in the catalogue."""
        found = self._matches(melody, without)
        return found[0] if found else None

    def own(self, melody: Melody | None, tune: PackedTune) -> tuple[Match | None, bool]:
        """The best match with the tune itself, and whether it comes first where its relatives are not there."""
        found = self._matches(melody, self.kin[tune.id] - {tune.id.encode()})
        mine = next((match for match in found if match.work.work_id == tune.id.encode()), None)
        return mine, bool(mine and found[0] is mine)

    def _matches(self, melody: Melody | None, without: Collection[bytes]) -> list[Match]:
        return matches(melody, self.index, [self._numbers[name] for name in without]) if melody else []


def relatives(tunes: Sequence[PackedTune], families: Mapping[str, Collection[bytes]]) -> dict[str, set[bytes]]:
    """Of each tune the tunes of its family and those that share a run of `KIN_RUN` intervals, itself among them."""
    runs = {tune.id: interval_runs([n.pitch for bar in tune.score.bars for n in bar.notes], KIN_RUN) for tune in tunes}
    having: dict[tuple[int, ...], set[bytes]] = {}
    for tune in tunes:
        for run in runs[tune.id]:
            having.setdefault(run, set()).add(tune.id.encode())
    return {tune.id: set(families[tune.id]).union(*(having[run] for run in runs[tune.id])) for tune in tunes}


def _families(tunes: Sequence[PackedTune]) -> dict[str, set[bytes]]:
    """Of each tune the tunes of its family."""
    members: dict[str, set[bytes]] = {}
    for tune in tunes:
        members.setdefault(tune.family, set()).add(tune.id.encode())
    return {tune.id: members[tune.family] for tune in tunes}
