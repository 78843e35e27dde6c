"""Consent to training, from a chain and a content store alone: what licensors permit, and what models learnt from.

    licences = read_licences(ledger, store)          # all that was ever permitted
    manifest = manifest_of(contents, licences, …)    # refuses where one work's terms do
    works = training_works(ledger, store, model)     # with titles, families, owners and rights splits

Needs neither a model nor torch. What is read is hashed again: a document that is not what was anchored counts as
unpublished.
"""

from __future__ import annotations

from contrafact.consent.cases import Case, Cases, ConsentJudge
from contrafact.consent.learning import Learning, learnt_from
from contrafact.consent.reading import parsed_collection, read_collection, read_licences, read_manifest
from contrafact.consent.works import payable_works, training_works

__all__ = [
    "Case",
    "Cases",
    "ConsentJudge",
    "Learning",
    "learnt_from",
    "parsed_collection",
    "payable_works",
    "read_collection",
    "read_licences",
    "read_manifest",
    "training_works",
]
