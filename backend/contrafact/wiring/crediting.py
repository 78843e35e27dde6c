"""Claims on royalty accounts as chain and content store tell them, without an index: right for few orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from contrafact.contents import work_document
from contrafact.domain.history import Claim
from contrafact.domain.splits import Split
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.order.payouts import split_payables
from contrafact.wiring.site import Site


def claims_on_works(site: Site, only: Collection[bytes] | None = None) -> tuple[Sequence[Claim], int]:
    """Every claim on works' accounts (all, or these works'), and how many accounts' splits cannot be had.

    Raises ChainError.
    """
    pools = {model.model_id for model in site.reader.models()}  # the TrainingPool contract collects these
    opened = {(account.beneficiary, account.split_root, account.token) for account in site.reader.accounts().values()}
    accounts = sorted(row for row in opened if row[0] not in pools and (only is None or row[0] in only))
    splits = _splits(site, {root for _, root, _ in accounts})
    known = [account for account in accounts if account[1] in splits]
    payables = [one for work, root, token in known for one in split_payables(work, splits[root], token)]
    return [one.claim for one in payables], len({root for _, root, _ in accounts} - splits.keys())


def _splits(site: Site, roots: Collection[bytes]) -> dict[bytes, Split]:
    """The splits of these roots, from the metadata of works."""
    found: dict[bytes, Split] = {}
    for version in site.reader.split_history():
        if version.split_root in roots and version.split_root not in found:
            with suppress(NotFound, StoreError, InvalidInput):
                split = work_document(site.store, version.metadata).split
                if split.root == version.split_root:
                    found[split.root] = split
    return found
