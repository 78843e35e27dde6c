"""The dispute desk's side of challenges: reads, and transactions of one account."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.challenges import CHALLENGE_EVENTS, Award, Challenge, CommittedOrder, challenges
from contrafact.domain.orders import Quote
from contrafact.ledger.calls.orders import Finished
from contrafact.ledger.reader import Reader
from contrafact.ledger.writer import Writer


class ChallengeReader(Reader):
    """A reader that also reads challenges: implements the port ChallengeLedger."""

    def challenge_bond(self, quote: Quote) -> int:
        """What a challenge of the order costs, in units of its token."""
        return int(self._call(self._contracts.desk.functions.challengeBondOf(quote.to_abi())))

    def challenge_window(self) -> int:
        """For how many seconds after an order's deadline its commit can be challenged."""
        return int(self._call(self._contracts.desk.functions.CHALLENGE_WINDOW()))

    def challenges(self, order_id: bytes | None = None) -> Sequence[Challenge]:
        """The challenges of an order, or all, oldest first."""
        only = None if order_id is None else [order_id]
        return challenges(self._events(self._contracts.desk, *CHALLENGE_EVENTS, orderId=only))


class ChallengeWriter(Writer):
    """Transactions of one account at the desk: implements the port Challenger. Raises as a Writer does."""

    def challenge(self, order: CommittedOrder, evidence: bytes, bond: int) -> str:
        """Challenges a commit, or joins its challenge, with exactly the bond."""
        finished = Finished(order.funded.quote, order.funded.maker_salt, order.committed.commit, order.use)
        return self._pay_in(self._calls.disputes.challenge(finished, evidence, bond))

    def rule(self, quote: Quote, award: Award) -> str:
        """As the arbiter: pays from the operator's bond; an award of nothing rejects the challenge."""
        return self._send(self._calls.disputes.rule_challenge(quote, award))

    def lapse(self, quote: Quote) -> str:
        """Ends a challenge that nobody ruled on in time."""
        return self._send(self._calls.disputes.lapse_challenge(quote))

    def take_back(self, quote: Quote, number: int, challenger: str) -> str:
        """Sends a challenger who joined its bond, after a challenge that was upheld or not ruled on."""
        return self._send(self._calls.disputes.take_back_bond(quote, number, challenger))
