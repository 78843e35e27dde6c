"""Which pieces the gallery shows: a table, so that everybody can see that they were fixed and not picked by ear."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain import instruments, pitch
from contrafact.domain.digests import canonical_json, sha256
from contrafact.domain.generation import MusicRequest


@dataclass(frozen=True, slots=True)
class Spec:
    """One piece. `sources` are tunes of the pack with weights in per cent; `steer` are other weights from a bar on,
    counted from 1. Of a piece without `audio` no compact sound is kept."""

    slug: str
    title: str
    shows: str
    sources: tuple[tuple[str, int], ...]
    seconds: int
    tempo: int
    tonic: str
    mode: str
    metre: str
    parts: tuple[str, ...]
    steer: tuple[tuple[int, tuple[int, ...]], ...] = ()
    audio: bool = True

    @property
    def music(self) -> MusicRequest:
        """The musical side of the request. Raises InvalidInput for a name that is unknown."""
        key, metre = pitch.tonic(self.tonic), pitch.metre(self.metre)
        return MusicRequest(self.seconds, self.tempo, key, self.mode, metre, instruments.voices(self.parts))

    def seed_of(self, number: int) -> bytes:
        """The 32 bytes that decide the draws; `number` is that of the gallery."""
        return sha256(canonical_json({"gallery": number, "piece": self.slug}))


_BAND = ("melody=flute", "harmony=guitar", "bass", "drums")
SPECS = (
    Spec("one-jig", "One jig, alone", "One source, one part: what the model makes of a single tune.",
         (("oneill/0788", 100),), 24, 180, "G", "major", "6/8", ("melody=flute",)),
    Spec("two-reels", "Two reels", "Two sources, full band.",
         (("oneill/1186", 60), ("oneill/1277", 40)), 32, 180, "D", "major", "2/2", _BAND),
    Spec("three-chorales", "Three chorale tunes", "Slow and in minor, with organ and bassoon.",
         (("bach/bwv288", 40), ("bach/bwv319", 35), ("bach/bwv309", 25)), 48, 80, "A", "minor", "4/4",
         ("melody=oboe", "harmony=organ", "bass=bassoon")),
    Spec("waltz", "Airs in three", "3/4 with accordion and drums.",
         (("oneill/0105", 40), ("oneill/0293", 30), ("oneill/0501", 30)), 36, 120, "D", "major", "3/4",
         ("melody=accordion", "harmony=guitar", "bass=double-bass", "drums")),
    Spec("slip-jig", "Slip jigs", "9/8, a whistle and a harp.",
         (("oneill/1124", 50), ("oneill/1143", 30), ("ryan/night-of-fun-jig-the", 20)), 24, 180, "D", "major", "9/8",
         ("melody=whistle", "harmony=harp")),
    Spec("three-halves", "Liebster Immanuel", "3/2, of which the catalogue has one tune.",
         (("bach/bwv123.6", 100),), 48, 120, "B", "minor", "3/2",
         ("melody=clarinet", "harmony=strings", "bass=cello")),
    Spec("two-airs", "Two airs for a violin", "2/4 in minor, slow, without accompaniment.",
         (("oneill/0185", 70), ("oneill/0596", 30)), 32, 90, "E", "minor", "2/4", ("melody=violin",)),
    Spec("twelve-eight", "Four jigs in 12/8", "6/8 tunes heard in 12/8: their metres meet.",
         (("oneill/0833", 40), ("oneill/0873", 30), ("oneill/0961", 20), ("oneill/1078", 10)), 32, 180, "A", "major",
         "12/8", ("melody=banjo", "harmony=steel-guitar", "bass", "drums")),
    Spec("dorian-jig", "Dorian jigs", "Dorian, a recorder and a harpsichord.",
         (("oneill/1108", 50), ("ryan/captain-holmes-jig", 50)), 24, 180, "E", "dorian", "6/8",
         ("melody=recorder", "harmony=harpsichord")),
    Spec("pipes", "Mixolydian jigs", "Mixolydian, bagpipe and drums.",
         (("oneill/0046", 50), ("oneill/0767", 30), ("ryan/over-land-and-sea-jig", 20)), 32, 180, "A", "mixolydian",
         "6/8", ("melody=bagpipe", "drums")),
    Spec("dorian-reel", "Dorian reels, fast", "Dorian, the fastest of the gallery.",
         (("oneill/1424", 60), ("ryan/jolly-tinkers-reel", 40)), 24, 240, "E", "dorian", "2/2",
         ("melody=violin", "harmony=piano", "bass=double-bass")),
    Spec("mixolydian-air", "Mixolydian, late at night", "4/4 with vibraphone and drums.",
         (("oneill/0035", 40), ("oneill/0194", 40), ("ryan/flowers-of-michigan-reel", 20)), 32, 120, "G", "mixolydian",
         "4/4", ("melody=clarinet", "harmony=vibraphone", "bass=double-bass", "drums")),
    Spec("eight-jigs", "Eight jigs", "As many sources as a piece can have, for a minute.",
         (("oneill/0019", 20), ("oneill/0731", 18), ("oneill/0947", 15), ("oneill/0953", 13), ("oneill/1017", 11),
          ("oneill/1027", 9), ("ryan/maloneys-fancy-jig", 8), ("ryan/connaught-mans-ramble-jig", 6)),
         60, 160, "G", "major", "6/8", _BAND),
    Spec("common-time", "Six tunes in 2/4, 4/4 and 2/2", "Sources of three metres in one piece.",
         (("oneill/0150", 25), ("ryan/hewitsons-hornpipe", 20), ("oneill/1656", 20), ("oneill/1830", 15),
          ("oneill/1780", 10), ("oneill/1323", 10)), 40, 144, "F", "major", "4/4",
         ("melody=piano", "harmony=strings", "bass=bass", "drums")),
    Spec("three-eight", "A jig and a slip jig in 3/8", "6/8 and 9/8 do not meet each other, but both meet 3/8.",
         (("oneill/0662", 50), ("oneill/1165", 50)), 24, 120, "D", "major", "3/8",
         ("melody=dulcimer", "harmony=harp", "bass=cello")),
    Spec("six-four", "Airs in 6/4", "3/4 tunes heard in 6/4, cello and choir.",
         (("oneill/0051", 60), ("oneill/0220", 40)), 48, 120, "D", "minor", "6/4",
         ("melody=cello", "harmony=choir")),
    Spec("steered", "From one reel to another", "Steered while it plays: the weights change at bars 9 and 17.",
         (("oneill/1255", 80), ("oneill/1409", 10), ("ryan/rowan-tree-reel", 10)), 32, 180, "G", "major", "2/2", _BAND,
         ((9, (10, 80, 10)), (17, (10, 10, 80)))),
    Spec("unread", "One source is not read", "The third source is named, has no weight, and gets nothing.",
         (("oneill/0253", 60), ("oneill/1824", 40), ("oneill/0146", 0)), 32, 120, "G", "minor", "4/4",
         ("melody=ocarina", "harmony=guitar", "bass")),
    Spec("five-hornpipes", "Five hornpipes for piano", "2/4, five sources, a piano without drums.",
         (("ryan/ricketts-hornpipe", 30), ("ryan/london-hornpipe", 25), ("ryan/ebb-tide-hornpipe", 20),
          ("oneill/1741-2", 15), ("oneill/1560-2", 10)), 32, 120, "C", "major", "2/4",
         ("melody=piano", "harmony=piano", "bass=piano")),
    Spec("three-minutes", "Seven reels, three minutes", "A long piece; no sound of it is kept here.",
         (("oneill/1214", 25), ("oneill/1461", 20), ("oneill/1594", 15), ("oneill/1722-2", 12),
          ("ryan/lincolns-hornpipe", 10), ("ryan/blue-stocking-clog", 10), ("ryan/fagan-and-fentons-clog", 8)),
         180, 192, "D", "major", "2/2", ("melody=violin", "harmony=accordion", "bass", "drums"), audio=False),
)  # fmt: skip
"""The twenty pieces, in the order of the page."""
