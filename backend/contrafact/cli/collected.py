"""A work that is in a published collection and not on the chain, for `works show`."""

from __future__ import annotations

from contrafact.cli import learning
from contrafact.domain.collections import CollectedWork
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Anchored
from contrafact.domain.quotes import terms_to_dict
from contrafact.wiring import Site

Rows = list[tuple[str, object]]


def describe(site: Site, text: str) -> tuple[dict[str, object], Rows] | None:
    """The work whose id is, or begins like, `text`, for machines and for people; None unless there is just one."""
    licences = site.licences()
    known = licences.contents().items()
    found = [(work_id, *pair) for work_id, pair in known if to_hex(work_id).startswith(text.lower())]
    if len(text) < 10 or len(found) != 1:
        return None
    work_id, registrant, content = found[0]
    standing = licences.in_collections(registrant, content)
    return _described(site, work_id, *standing[-1]) if standing else None


def _described(site: Site, work_id: bytes, anchor: Anchored, work: CollectedWork) -> tuple[dict[str, object], Rows]:
    learnt, unknown = learning.models_of(site, work_id)
    metadata = work.metadata
    found: dict[str, object] = {
        "work": to_hex(work_id),
        "title": metadata.title,
        "collection": metadata.collection,
        "catalogue_id": metadata.catalogue_id,
        "licensor": anchor.licensor,
        "anchored_as": to_hex(anchor.root),
        "withdrawn": anchor.withdrawn is not None,
        "credits": list(metadata.credits),
        "content": to_hex(metadata.content),
        "source_form": to_hex(metadata.source_form),
        "rights_holders": metadata.split.to_list(),
        "note": metadata.note,
        "terms_versions": [{"version": 1, **terms_to_dict(work.terms)}],
        "learnt_by": [learning.describe(one) for one in learnt],
        "manifests_unknown": [to_hex(model.model_id) for model in unknown],
    }
    names = ("work", "title", "collection", "catalogue_id", "licensor", "anchored_as", "content", "source_form", "note")
    rows: Rows = [(name.replace("_", " "), found[name]) for name in names if found[name]]
    rows += [("credit", text) for text in metadata.credits]
    rows += [("holder", f"{leaf.holder}  {leaf.share / 10_000:g}%") for leaf in metadata.split.leaves]
    rows.append(("terms", work.terms.summary()))
    rows.append(("on the chain", "withdrawn" if anchor.withdrawn else "by its collection's root alone"))
    return found, [*rows, *learning.in_words(learnt, unknown)]
