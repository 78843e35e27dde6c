#!/usr/bin/env python3
"""Makes the costs of harmony (`contrafact/music/data/harmony.json`) from the chorales of the pack in the role `train`.

The same pack gives the same file. Takes some ten seconds; nothing else needs to run it.
    PYTHONPATH=backend python scripts/make_harmony.py
"""

from __future__ import annotations

import json
import sys

from contrafact.music.arranging.costs import HARMONY_FILE
from contrafact.music.arranging.learning import learn
from contrafact.music.pack import load_pack


def main() -> int:
    chorales = [tune for tune in load_pack().by_role("train") if tune.collection == "bach"]
    document = learn(chorales)
    HARMONY_FILE.write_text(json.dumps(document, ensure_ascii=False, indent=None) + "\n", encoding="utf-8")
    print(f"{HARMONY_FILE.name}: learnt from {len(chorales)} chorales")
    return 0


if __name__ == "__main__":
    sys.exit(main())
