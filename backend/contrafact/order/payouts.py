"""Automatic payout: what an order earned is sent to the holders' wallets, in bounded batches."""

from __future__ import annotations

from contrafact.domain.history import Claim
from contrafact.domain.splits import Split
from contrafact.order.verification import VerifiedOrder
from contrafact.ports import LedgerReader, LedgerWriter

BATCH = 50


def pay_out(order: VerifiedOrder, reader: LedgerReader, writer: LedgerWriter) -> None:
    """Sends every holder of the order's accounts what is claimable; nothing is sent twice."""
    due = [claim for claim in claims(order) if reader.claimable(claim) > 0]
    for start in range(0, len(due), BATCH):
        writer.payout(due[start : start + BATCH])


def claims(order: VerifiedOrder) -> list[Claim]:
    """One claim per holder of each source's account, and of the model's training pool."""
    quote = order.signed.quote
    accounts = [
        (source.work_id, metadata.split) for source, metadata in zip(quote.sources, order.metadata, strict=True)
    ]
    accounts.append((quote.model_id, order.model.pool_split))
    return [claim for beneficiary, split in accounts for claim in split_claims(beneficiary, split, quote.token)]


def split_claims(beneficiary: bytes, split: Split, token: str) -> list[Claim]:
    """The claims of all holders of one split."""
    return [Claim(beneficiary, split.root, token, leaf, split.proof(leaf.index)) for leaf in split.leaves]
