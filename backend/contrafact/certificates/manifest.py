"""The C2PA manifest of a piece, as the library takes it: pure.

All assertions are the signer's own ("created"): it answers for them.
"""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

from contrafact.certificates.disclosure import DISCLOSURE
from contrafact.domain.certificate_binding import Binding
from contrafact.domain.certificates import Certificate, CertifiedSource
from contrafact.domain.digests import to_hex

ATTRIBUTION, BINDING, AI = "contrafact.attribution", "contrafact.binding", "contrafact.ai-disclosure"
ACTIONS, TRAINING = "c2pa.actions.v2", "cawg.training-mining"
_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
_TRAINING_NOTE = (
    "The order licenses this piece for the use that it names, which is not training."
    " Who wants to train on it needs what the licensors of its sources permit for training: their terms, on the chain."
)


def manifest(claims: Certificate, binding: Binding, now: datetime) -> dict[str, object]:
    """The definition of the manifest that is signed at `now`."""
    data = {
        ACTIONS: {"actions": [_created(claims, now)]},
        ATTRIBUTION: claims.to_dict(),
        BINDING: binding.to_dict(),
        AI: DISCLOSURE,
        TRAINING: {"entries": {f"cawg.{kind}": _constrained() for kind in ("ai_training", "ai_generative_training")}},
    }
    return {
        "claim_generator_info": [{"name": "contrafact", "version": version("contrafact")}],
        "title": f"Order {to_hex(claims.order_id)}",
        "assertions": [{"label": label, "data": value, "created": True} for label, value in data.items()],
        "ingredients": [_ingredient(i, source) for i, source in enumerate(claims.sources)],
    }


def _created(claims: Certificate, now: datetime) -> dict[str, object]:
    """The piece was made by a model out of people's music: composite, since notes of the sources may be in it."""
    return {
        "action": "c2pa.created",
        "when": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "digitalSourceType": _SOURCE_TYPE,
        "softwareAgent": {"name": f"contrafact model {to_hex(claims.model_id)}", "version": version("contrafact")},
        "parameters": {"ingredientIds": [f"source-{i}" for i in range(len(claims.sources))]},
    }


def _ingredient(index: int, source: CertifiedSource) -> dict[str, object]:
    """A work that the piece was made from; its own file is not in it."""
    return {
        "title": source.title,
        "instance_id": f"urn:contrafact:work:{to_hex(source.work_id)}",
        "relationship": "inputTo",
        "label": f"source-{index}",
    }


def _constrained() -> dict[str, str]:
    return {"use": "constrained", "constraint_info": _TRAINING_NOTE}
