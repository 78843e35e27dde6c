"""Automatic payout: what an order earned is sent to the holders' wallets, in bounded batches.

A holder is paid once it has confirmed its place in the split. Where a work's document carries its signed confirmation,
that is handed in first; the money of the others waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from contrafact.domain.history import Claim
from contrafact.domain.holder_rows import Confirmations
from contrafact.domain.splits import Split, account_id
from contrafact.errors import ContractError
from contrafact.order.verification import VerifiedOrder
from contrafact.ports import LedgerReader, LedgerWriter, Place, PlaceStatus

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


def pay_out(payables: Sequence[Payable], reader: LedgerReader, writer: LedgerWriter, turn: Lock) -> tuple[Waiting, ...]:
    """Sends holders what is claimable, nothing twice, and says whose money waits. `turn` is that of `send`."""
    for start in range(0, len(payables), BATCH):
        send(payables[start : start + BATCH], reader, writer, turn)
    return tuple(waiting((payable.claim for payable in payables), reader))


def send(payables: Sequence[Payable], reader: LedgerReader, writer: LedgerWriter, turn: Lock) -> Sequence[Claim]:
    """One batch: hands in confirmations, then sends in one transaction what is due, and returns whose claims those are.

    `turn` is one lock for all that pay from one account: two that saw the same money would both send it, and the later
    one pay gas for nothing.
    """
    with turn:
        _confirm([payable for payable in payables if _is_to_confirm(payable, reader)], writer)
        ready = [payable.claim for payable in payables if due(payable.claim, reader)]
        if ready:
            writer.payout(ready)
        return ready


def due(claim: Claim, reader: LedgerReader) -> int:
    """What a payout would send now, in units of the claim's token; 0 where the money waits for its holder."""
    amount = reader.claimable(claim)
    if amount == 0 or not confirmed(claim, reader):
        return 0
    return amount if amount >= reader.threshold(_payee(claim, reader), claim.token) else 0


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


def _is_to_confirm(payable: Payable, reader: LedgerReader) -> bool:
    is_signed = bool(payable.confirmation) and reader.claimable(payable.claim) > 0
    return is_signed and not confirmed(payable.claim, reader)


def _confirm(found: Sequence[Payable], writer: LedgerWriter) -> None:
    """Hands published confirmations in. Anybody can publish a false one: it must not stop the others."""
    if not found:
        return
    try:
        _hand_in(found, writer)
    except ContractError:
        for one in found:
            with suppress(ContractError):
                _hand_in([one], writer)


def _hand_in(found: Sequence[Payable], writer: LedgerWriter) -> None:
    writer.confirm([payable.claim for payable in found], [payable.confirmation for payable in found])


def place_of(claim: Claim, reader: LedgerReader) -> Place:
    """The claim's place in its royalty account."""
    return reader.place(_account(claim), claim.leaf.index)


def confirmed(claim: Claim, reader: LedgerReader) -> bool:
    """Whether the holder has confirmed its place, so that a payout sends its money."""
    return place_of(claim, reader).status is not PlaceStatus.UNCONFIRMED


def _payee(claim: Claim, reader: LedgerReader) -> str:
    """Who is paid, and sets the least amount that is sent: the holder, or the successor for a readdressed place."""
    if place_of(claim, reader).status is PlaceStatus.READDRESSED:
        return reader.payee_of(_account(claim), claim.leaf.index)
    return claim.leaf.holder


def _account(claim: Claim) -> bytes:
    return account_id(claim.beneficiary, claim.split_root, claim.token)


def _reason(claim: Claim, amount: int, reader: LedgerReader) -> str:
    if not confirmed(claim, reader):
        return f"{claim.leaf.holder} has not confirmed its place in the split"
    payee = _payee(claim, reader)
    if amount < reader.threshold(payee, claim.token):
        return f"{payee} is paid from a higher amount on, which it has set itself"
    return f"the wallet of {payee} did not take it"
