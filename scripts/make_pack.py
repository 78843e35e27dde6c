#!/usr/bin/env python3
"""Makes the pack of real music (`contrafact/music/data/catalogue`) from the corpus that music21 carries.

The same music21 gives the same bytes. Takes about five minutes; nothing else needs to run it.
    PYTHONPATH=backend python scripts/make_pack.py [--every N]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import lzma
import re
import sys
from collections import Counter
from pathlib import Path

import music21
from pack_sources import Candidate, Unusable, sources

from contrafact.domain.families import families, marks
from contrafact.music.pack import PACK_FILE, RIGHTS_FIELDS, RIGHTS_FILE
from contrafact.music.score_text import encode_score


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="only each Nth tune, to try the script")
    parser.add_argument("--out", type=Path, default=PACK_FILE.parent, help="folder to write to")
    options = parser.parse_args()
    kept: list[Candidate] = []
    dropped: Counter[tuple[str, str]] = Counter()
    for index, (collection, make) in enumerate(sources()):
        if index % options.every:
            continue
        try:
            kept.append(make())
        except Unusable as reason:
            dropped[collection, str(reason)] += 1
    write(kept, dropped, options.out)
    return 0


def role_of(family: str) -> str:
    """Train, validation or catalogue, drawn by the hash of the family: about 80, 5 and 15 in a hundred families."""
    draw = int.from_bytes(hashlib.sha256(f"contrafact/{family}".encode()).digest()[:8], "big") % 100
    return "train" if draw < 80 else "validation" if draw < 85 else "catalogue"


# ---- what is written ---------------------------------------------------------------------------------------


def write(kept: list[Candidate], dropped: Counter[tuple[str, str]], out: Path) -> None:
    kept.sort(key=lambda tune: tune.id)
    family = families({tune.id: marks(tune.title, melody(tune)) for tune in kept})
    tunes = [entry(tune, family[tune.id]) for tune in kept]
    document = {
        "made_from": f"music21 {music21.__version__} corpus",
        "dropped": [[collection, reason, count] for (collection, reason), count in sorted(dropped.items())],
        "tunes": tunes,
    }
    packed = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    out.mkdir(parents=True, exist_ok=True)
    (out / PACK_FILE.name).write_bytes(lzma.compress(packed, preset=9 | lzma.PRESET_EXTREME))
    with (out / RIGHTS_FILE.name).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(RIGHTS_FIELDS)
        rows.writerows(rights_row(tune) for tune in kept)
    report(tunes, dropped)


def melody(tune: Candidate) -> list[int]:
    """The pitches of the tune's notes, in order."""
    return [note.pitch for bar in tune.score.bars for note in bar.notes]


def entry(tune: Candidate, family: str) -> dict[str, object]:
    text = tune.media_type.startswith("text/")
    return {
        "id": tune.id,
        "title": tune.title,
        "role": role_of(family),
        "family": family,
        "source": tune.source,
        "credits": tune.credits,
        "media_type": tune.media_type,
        "file": tune.file.decode() if text else tune.file.hex(),
        "score": encode_score(tune.score),
    }


def rights_row(tune: Candidate) -> list[str]:
    credits = " | ".join(tune.credits)
    return [tune.id, tune.title, tune.source, composition(tune.collection, credits), encoding(credits), credits]


def composition(collection: str, credits: str) -> str:
    """What is known of the music's age. The terms are explained in docs/rights-table.md."""
    if collection == "bach":
        return "J. S. Bach, died 1750"
    if collection == "ryan":
        return "printed 1883" + ("; from the reprint of 1940" if "Cole" in credits else "")
    printed = "printed 1907" if "Dance Music" in credits else "printed 1903"
    return printed + ("; O'Carolan, died 1738" if "Carolan" in credits else "")


def encoding(credits: str) -> str:
    """What the corpus file says of the rights in the transcription."""
    if re.search(r"(?i)©|\(c\)|copyright", credits):
        return "copyright line, no licence text"
    if re.search(r"(^|\| )(Z|S|N|encoder): *\S|(?i:transcribed|contributed)", credits):
        return "credits, no licence text"
    return "no encoder named, no licence text"


def report(tunes: list[dict[str, object]], dropped: Counter[tuple[str, str]]) -> None:
    roles = Counter((str(tune["id"]).split("/")[0], tune["role"]) for tune in tunes)
    sizes = Counter(tune["family"] for tune in tunes)
    print(f"{len(tunes)} tunes in {len(sizes)} families, largest {sizes.most_common(5)}")
    for (collection, role), count in sorted(roles.items()):
        print(f"  {collection:8} {role:10} {count}")
    for (collection, reason), count in sorted(dropped.items()):
        print(f"  left out {collection:8} {count:4} {reason}")


if __name__ == "__main__":
    sys.exit(main())
