"""The chain as a verification reads it: one order at a time, whatever the number of orders."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from contrafact.domain import decoding
from contrafact.domain.challenges import CHALLENGE_EVENTS, Challenge, challenges
from contrafact.domain.history import Credited
from contrafact.domain.pieces import CommittedPiece
from contrafact.domain.terms import NATIVE
from contrafact.ledger.reader import Reader


class VerifiedChain(Reader):
    """Implements the port VerifiedLedger."""

    def credited(self, order_id: bytes | None = None, since: int = 0) -> Sequence[Credited]:
        """As of a reader, but only the accounts that were credited are looked up."""
        found = self._orders("Credited", order_id, since)
        ids = list({event.arguments["accountId"] for event in found})
        accounts = dict(map(decoding.account, self._events(self._contracts.escrow, "AccountOpened", accountId=ids)))
        return [decoding.credited(event, accounts) for event in found]

    def pieces(self, since: int = 0) -> Iterator[CommittedPiece]:
        """The committed pieces since a block, by the digests that their events name."""
        for event in self._orders("OrderCommitted", None, since):
            commit = decoding.committed(event, None).commit
            yield CommittedPiece(commit.order_id, commit.output_digest, commit.record_digest, event.block)

    def signers_of(self, operator: str, block: int) -> Collection[str]:
        events = self._events(
            self._contracts.escrow, "OperatorRegistered", operator=[bytes.fromhex(operator[2:]).rjust(32, b"\0")]
        )
        before = [event.arguments["signer"] for event in events if event.block <= block]
        later = [event.arguments["signer"] for event in events if event.block > block]
        return {operator, *(str(address) for address in (*before[-1:], *later) if address != NATIVE)}

    def challenges(self, order_id: bytes) -> Sequence[Challenge]:
        return challenges(self._events(self._contracts.desk, *CHALLENGE_EVENTS, orderId=[order_id]))

    def moment(self, block: int) -> int:
        return self.connection.timestamp(block)
