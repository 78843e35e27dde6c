"""What of a piece a trained model made, said in the five categories in which DDEX discloses it (ERN 4.3.2).

The categories are DDEX's; the words are this project's, in JSON: the certificate is no DDEX message. They are true of
every piece of this generator (docs/arranging.md, docs/rendering.md): a model writes the melody, rules do the rest.
"""

from __future__ import annotations

MODEL, RULE, ABSENT = "model", "rule", "absent"
"""By whom: by a trained model, by a rule that learnt nothing, or there is nothing of the kind."""

DISCLOSURE: dict[str, object] = {
    "schema": "contrafact/ai-disclosure/1",
    "categories": {
        "vocals": {"by": ABSENT},
        "lyrics": {"by": ABSENT},
        "composition": {
            "by": MODEL,
            "extent": "partial",
            "note": "A trained model writes the melody, conditioned on the sources, bars of which may return note for"
            " note. Harmony, bass and drums, where there are any, are added by rule.",
        },
        "instrumentation": {
            "by": RULE,
            "note": "The notes are played by sampled instruments; no model makes or changes a sound.",
        },
        "post_production": {"by": RULE, "note": "Levels and loudness are set by rule."},
    },
}
