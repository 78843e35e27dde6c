"""Orders for wallets: paying in by one's own transaction or by signatures, a wider use, later revenue, challenges."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from contrafact.domain.orders import approval_message, order_id, order_message
from contrafact.domain.prices import Use
from contrafact.domain.settlement import downstream, raised
from contrafact.domain.terms import NATIVE, Terms
from contrafact.domain.token_messages import authorization_message, permit_message
from contrafact.domain.typed_data import Eip712Domain
from contrafact.errors import ContractError, NotPermitted
from contrafact.ledger.calls.orders import Finished, Offer
from contrafact.ledger.prepared.form import Steps, ToSign
from contrafact.ledger.prepared.preparer import Preparer
from contrafact.ledger.prepared.token_domain import read_token


class OrderSteps:
    def __init__(self, preparer: Preparer) -> None:
        self._preparer = preparer
        self._orders = preparer.calls.orders
        self._domain, self._escrow = preparer.deployment.domain, preparer.deployment.escrow

    def fund(self, offer: Offer) -> Steps:
        """Pays the order in by its maker's own transaction; what the token needs is approved first."""
        return self._preparer.steps(self._orders.fund(offer), offer.quote.maker)

    def fund_by_signature(self, offer: Offer) -> Steps:
        """What the maker signs so that somebody else may send the order.

        One message `authorization` where the token has ERC-3009; else `permit` and `order` where it has ERC-2612; else
        an approval to send, and `order`. Raises NotPermitted for an order in the chain's coin, Payment where the maker
        holds too little, and ContractError where the order itself would be refused.
        """
        if offer.quote.token == NATIVE:
            text = "Nobody can pay in the chain's coin for somebody else."
            raise NotPermitted(text, "Fund the order by your own transaction, or pay in a token.")
        approvals = self._preparer.approvals(self._orders.fund(offer), offer.quote.maker)
        token = read_token(self._preparer.connection, self._preparer.calls.contracts, offer.quote.token)
        if token.domain and token.authorizes:
            return Steps(messages=(self._authorization(offer, token.domain),))
        if token.domain:
            nonce = token.nonce(offer.quote.maker)
            return Steps(messages=(self._permit(offer, token.domain, nonce), self._order(offer)))
        return Steps(approvals, (self._order(offer),))

    def fund_for(self, offer: Offer, sender: str, order: bytes, permit: bytes | None = None) -> Steps:
        """Relays an order with its maker's signatures; by anybody."""
        return self._preparer.steps(self._orders.fund_for(offer, order, permit), sender)

    def fund_with_authorization(self, offer: Offer, sender: str, authorization: bytes) -> Steps:
        """Relays an order with its maker's single signature; by anybody."""
        return self._preparer.steps(self._orders.fund_with_authorization(offer, authorization), sender)

    def approval(self, offer_id: bytes, work_id: bytes, licensor: str) -> Steps:
        """What a licensor signs where its terms ask for its approval of each order."""
        message = approval_message(offer_id, work_id, self._domain)
        return Steps(messages=(self._preparer.to_sign("approval", message, licensor),))

    def as_paid(self, order: Finished) -> Finished:
        """The order with the use that it is paid for now. Raises ContractError where its result is another."""
        escrow, connection = self._preparer.calls.contracts.escrow.functions, self._preparer.connection
        candidates = [
            replace(order, use=use) for use in Use if use >= order.use and (use < Use.LIVE or use == order.use)
        ]
        for candidate in candidates[:-1]:
            with suppress(ContractError):
                connection.call(escrow.requireCommitted(*candidate.to_abi()))
                return candidate
        connection.call(escrow.requireCommitted(*candidates[-1].to_abi()))
        return candidates[-1]

    def raise_use(self, order: Finished, use: Use, terms: Sequence[Terms], sender: str) -> Steps:
        """Raises a finished order to a wider use; anybody may pay the difference at its pinned terms."""
        prices = [pinned.price(use, order.quote.token) for pinned in terms]
        cost = sum(raised(order.quote.rates, prices, order.commit.duration, order.commit.shares))
        return self._preparer.steps(self._orders.raise_use(order, use, terms, cost), sender)

    def pay_downstream(self, order: Finished, amount: int, sender: str) -> Steps:
        """Splits revenue that an output earned; the maker pays only what is not its own part."""
        quote = order.quote
        parts = downstream(amount, order.commit.shares, [s.downstream for s in quote.sources], quote.through)
        paid = sum(parts.sources) if sender.lower() == quote.maker.lower() else amount
        return self._preparer.steps(self._orders.pay_downstream(order, amount, paid), sender)

    def challenge(self, order: Finished, evidence: bytes, sender: str) -> Steps:
        """Challenges what an operator committed, with the bond that the desk asks for."""
        desk = self._preparer.calls.contracts.desk.functions
        bond = int(self._preparer.connection.call(desk.challengeBondOf(order.quote.to_abi())))
        return self._preparer.steps(self._preparer.calls.disputes.challenge(order, evidence, bond), sender)

    def _order(self, offer: Offer) -> ToSign:
        message = order_message(offer.quote, offer.maker_salt, self._domain)
        return self._preparer.to_sign("order", message, offer.quote.maker)

    def _permit(self, offer: Offer, token: Eip712Domain, nonce: int) -> ToSign:
        message = permit_message(offer.quote, self._escrow, nonce, token)
        return self._preparer.to_sign("permit", message, offer.quote.maker, "token_messages")

    def _authorization(self, offer: Offer, token: Eip712Domain) -> ToSign:
        given = (offer.quote, order_id(offer.quote, self._domain), offer.maker_salt, self._escrow, token)
        return self._preparer.to_sign(
            "authorization", authorization_message(*given), offer.quote.maker, "token_messages"
        )
