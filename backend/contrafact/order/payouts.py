"""Automatic payout: what an order earned is sent to the holders' wallets, in bounded batches.

A holder is paid once it has confirmed its place in the split. Where a work's document carries its signed confirmation,
that is handed in first; the money of the others waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from contrafact.domain.history import Claim
from contrafact.domain.holder_rows import Confirmations
from contrafact.domain.splits import Split, account_id
from contrafact.errors import ContractError
from contrafact.order.verification import VerifiedOrder
from contrafact.ports import LedgerReader, LedgerWriter, PlaceStatus

BATCH = 50


@dataclass(frozen=True, slots=True)
class Payable:
    """A holder's claim, with the signature by which it confirms its place; empty where none is published."""

    claim: Claim
    confirmation: bytes = b""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Money (units of the claim's token) that a payout left where it was, and why."""

    claim: Claim
    amount: int
    reason: str


def pay_out(
    payables: Sequence[Payable], reader: LedgerReader, writer: LedgerWriter, batch: int = BATCH
) -> tuple[Waiting, ...]:
    """Sends holders what is claimable, nothing twice, and says whose money waits."""
    due = [payable for payable in payables if reader.claimable(payable.claim) > 0]
    _confirm(
        [payable for payable in due if payable.confirmation and not confirmed(payable.claim, reader)], writer, batch
    )
    ready = [payable.claim for payable in due if confirmed(payable.claim, reader)]
    for start in range(0, len(ready), batch):
        writer.payout(ready[start : start + batch])
    return tuple(waiting((payable.claim for payable in due), reader))


def waiting(claims: Iterable[Claim], reader: LedgerReader) -> Iterator[Waiting]:
    """Which of the claims have money that no payout sends, and why."""
    for claim in claims:
        if (amount := reader.claimable(claim)) > 0:
            yield Waiting(claim, amount, _reason(claim, amount, reader))


def payables(order: VerifiedOrder) -> list[Payable]:
    """One for each holder of each source's account. The TrainingPool contract collects the model's pool itself."""
    quote = order.signed.quote
    return [
        payable
        for source, metadata in zip(quote.sources, order.metadata, strict=True)
        for payable in split_payables(source.work_id, metadata.split, quote.token, metadata.confirmations)
    ]


def split_payables(
    beneficiary: bytes, split: Split, token: str, confirmations: Confirmations | None = None
) -> list[Payable]:
    """One for each holder of a split of a work."""
    known = confirmations or {}
    return [
        Payable(Claim(beneficiary, split.root, token, leaf, split.proof(leaf.index)), known.get(leaf.index, b""))
        for leaf in split.leaves
    ]


def _confirm(found: Sequence[Payable], writer: LedgerWriter, batch: int) -> None:
    """Hands published confirmations in. Anybody can publish a false one: it must not stop the others."""
    for start in range(0, len(found), batch):
        some = found[start : start + batch]
        try:
            _hand_in(some, writer)
        except ContractError:
            for one in some:
                with suppress(ContractError):
                    _hand_in([one], writer)


def _hand_in(found: Sequence[Payable], writer: LedgerWriter) -> None:
    writer.confirm([payable.claim for payable in found], [payable.confirmation for payable in found])


def _status(claim: Claim, reader: LedgerReader) -> PlaceStatus:
    return reader.place(account_id(claim.beneficiary, claim.split_root, claim.token), claim.leaf.index).status


def confirmed(claim: Claim, reader: LedgerReader) -> bool:
    """Whether the holder has confirmed its place, so that a payout sends its money."""
    return _status(claim, reader) is not PlaceStatus.UNCONFIRMED


def _reason(claim: Claim, amount: int, reader: LedgerReader) -> str:
    holder = claim.leaf.holder
    if not confirmed(claim, reader):
        return f"{holder} has not confirmed its place in the split"
    if amount < reader.threshold(holder, claim.token):
        return f"{holder} is paid from a higher amount on, which it has set itself"
    return f"the wallet of {holder} did not take it"
