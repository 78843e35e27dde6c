"""Calls to the escrow about orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web3.contract import Contract

from contrafact.domain.grants import Grant
from contrafact.domain.history import Funded
from contrafact.domain.orders import Commit, Quote
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.terms import Terms, Use
from contrafact.errors import InvalidInput
from contrafact.ledger.calls.call import Call

NO_PERMIT = (0, 0, bytes(32), bytes(32))


@dataclass(frozen=True, slots=True)
class Offer:
    """What funding an order takes: the signed quote, the maker's salt, and what the terms ask for.

    `terms` are the pinned ones, one for each source; `grants` one for each whose terms ask for any.
    """

    quote: Quote
    signature: bytes
    maker_salt: bytes
    terms: Sequence[Terms]
    grants: Sequence[Grant] = ()

    @classmethod
    def of(cls, signed: SignedQuote, maker_salt: bytes) -> Offer:
        """Raises NotPermitted where an approval or the members of a list are missing."""
        return cls(signed.quote, signed.signature, maker_salt, signed.terms, signed.grants())

    def to_abi(self) -> tuple[object, ...]:
        """The first five arguments of every way to fund."""
        words, granted = words_of(self.terms), [grant.to_abi() for grant in self.grants]
        return self.quote.to_abi(), words, granted, self.maker_salt, self.signature


@dataclass(frozen=True, slots=True)
class Finished:
    """A committed order, and the use that it is paid for now."""

    quote: Quote
    maker_salt: bytes
    commit: Commit
    use: Use

    def to_abi(self) -> tuple[object, ...]:
        return self.quote.to_abi(), self.maker_salt, self.commit.to_abi(), int(self.use)


class OrderCalls:
    def __init__(self, escrow: Contract) -> None:
        self._functions = escrow.functions

    def fund(self, offer: Offer) -> Call:
        """Pays an order in, by its maker."""
        return Call(self._functions.fund(*offer.to_abi()), offer.quote.token, offer.quote.escrow)

    def fund_for(self, offer: Offer, signature: bytes, permit: bytes | None = None) -> Call:
        """Relays an order that its maker signed; `permit` is its signature of the `permit_message`.

        Without one, an allowance must be there. Raises InvalidInput for a permit that is not 65 bytes.
        """
        given = NO_PERMIT if permit is None else (offer.quote.valid_until, *_vrs(permit))
        return Call(self._functions.fundFor(*offer.to_abi(), signature, given))

    def fund_with_authorization(self, offer: Offer, authorization: bytes) -> Call:
        """Relays an order that its maker paid and signed in one. Raises InvalidInput for other than 65 bytes."""
        return Call(self._functions.fundWithAuthorization(*offer.to_abi(), *_vrs(authorization)))

    def commit(self, quote: Quote, maker_salt: bytes, commit: Commit, signature: bytes) -> Call:
        """Settles an order; anybody may send what its operator signed."""
        return Call(self._functions.commit(quote.to_abi(), maker_salt, commit.to_abi(), signature))

    def refund(self, order: Funded) -> Call:
        """Gives an order's escrow back to its maker after the deadline."""
        return Call(self._functions.refund(order.deal))

    def raise_use(self, order: Finished, use: Use, terms: Sequence[Terms], cost: int) -> Call:
        """Raises a committed order to a wider use; `terms` are the pinned ones, `cost` is what that costs."""
        return Call(self._functions.raiseUse(*order.to_abi(), int(use), words_of(terms)), order.quote.token, cost)

    def pay_downstream(self, order: Finished, amount: int, paid: int) -> Call:
        """Splits revenue of `amount` that an output earned; the sender pays `paid` of it, which the maker's part of
        its own is not.
        """
        return Call(self._functions.payDownstream(*order.to_abi(), amount), order.quote.token, paid)


def words_of(terms: Sequence[Terms]) -> list[list[bytes]]:
    """Terms of several sources as the contracts take them."""
    return [list(version.to_words()) for version in terms]


def _vrs(signature: bytes) -> tuple[int, bytes, bytes]:
    if len(signature) != 65:
        text = f"A token takes signatures of 65 bytes, not of {len(signature)}."
        raise InvalidInput(text, "Sign with a key's wallet; a contract's wallet pays by its own transaction.")
    return signature[64], signature[:32], signature[32:64]
