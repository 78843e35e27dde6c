"""Which generator this is: everything besides the weights that decides the notes.

A record states it in full and a model's metadata by digest, so that an auditor knows which version to install, and
that no operator can excuse notes by a generator of its own. Whoever changes a rule of composition
raises `VERSION`, whoever changes one of arranging the arranger's.
"""

from __future__ import annotations

from contrafact.music import attribution, constraints, control, sampling
from contrafact.music.arranging import arranger_identity

VERSION = "contrafact/generator/2"


def generator_identity() -> dict[str, object]:
    """Canonical JSON can carry it: numbers that are not whole are strings."""
    return {
        "version": VERSION,
        "method": attribution.METHOD,
        "draws": sampling.DOMAIN.decode(),
        "epsilon": str(attribution.EPSILON),
        "base_target": str(control.BASE_TARGET),
        "control": str(control.CONTROL),
        "stay": str(control.STAY),
        "phrase": control.PHRASE,
        "temperature": str(constraints.TEMPERATURE),
        "least": str(constraints.LEAST),
        "longest_run": constraints.LONGEST_RUN,
        **arranger_identity(),
    }
