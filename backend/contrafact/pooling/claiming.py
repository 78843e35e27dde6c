"""What of closed epochs waits for a holder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contrafact.domain.epoch_tree import EpochClaim
from contrafact.domain.pool_history import EpochClosed
from contrafact.errors import ContrafactError, NotFound
from contrafact.pool_ports import PoolLedger
from contrafact.pooling.records import require_published
from contrafact.ports import ContentStore

Unreadable = Callable[[EpochClosed, ContrafactError], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A holder's part of an epoch that nobody has claimed yet."""

    closed: EpochClosed
    claim: EpochClaim

    @property
    def token(self) -> str:
        return self.claim.token

    @property
    def amount(self) -> int:
        """Units of the token."""
        return self.claim.leaf.amount


def claimable(
    ledger: PoolLedger, store: ContentStore, holder: str, unreadable: Unreadable = lambda closed, error: None
) -> Iterator[Part]:
    """Every part of an epoch that a holder has not been paid, oldest first.

    `unreadable` is told of epochs whose record cannot be had, or is not what was closed.
    """
    history = ledger.pool_history()
    for closed in history.closed:
        if history.is_carried(closed):
            continue
        try:
            tree = require_published(closed, store).tree
        except ContrafactError as error:
            unreadable(closed, error)
            continue
        try:
            leaf = tree.leaf_of(holder)
        except NotFound:
            continue
        paid = {claim.index for claim in history.claims(closed)}
        if leaf.index not in paid:
            yield Part(closed, EpochClaim(*closed.pot, closed.number, leaf, tree.proof(leaf.index)))
