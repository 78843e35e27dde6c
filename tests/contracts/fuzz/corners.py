"""Rules that take several steps at once, to where chance alone seldom gets: what a mistake would hide in."""

from __future__ import annotations

from typing import Any

from ..chain import NATIVE
from ..hostile import Reaction
from . import offers
from .disputing import Disputing
from .meddling import Meddling
from .offers import Offer
from .pooling import Pooling
from .rights import Work
from .stage import Order


class Corners(Disputing, Pooling, Meddling):
    # Bonds

    def use_up_bond(self, rng: Any) -> None:
        """An operator takes as much as its bond covers, and an order that it has finished is challenged then."""
        operator, token = rng.choice(self.world.operators[1:]), rng.choice(self.world.tokens)
        bond = self.books.bonds[operator, token]
        finished = self._funded(self._offer_of(rng, operator, token), bond.free // 2)
        if finished:
            self._commit(rng, finished)
        self._funded(self._offer_of(rng, operator, token), bond.free)
        self._fund(self._offer_of(rng, operator, token))
        if finished and finished.commit:
            self._challenge(finished, self.world.claimant)
        if finished and finished.challenger:
            self._rule_challenge(finished, [0 for _ in finished.rows], bond.most(finished.escrow) + 1)

    # Debts

    def refuse_money(self, rng: Any) -> None:
        """A maker with code does not take what is left of its order, is owed it, and asks for it later, or twice."""
        maker = self.world.doll.address
        order = self._funded(self._offer_of(rng, rng.choice(self.world.operators), NATIVE, maker=maker))
        if order:
            self.tell(maker, Reaction.REJECT)
            self._commit(rng, order)
        rng.choice((self.withdraw_owed, self.reenter))(rng)

    # Works

    def order_what_changed(self, rng: Any) -> None:
        """Offers over one work: a disputed one, or one whose terms have become other, or narrower, since."""
        works = list(self.rights.works.values())
        disputed = [work for work in works if work.contests or work.barred]
        if disputed and rng.random() < 0.4:
            self._fund(self._offer_over(rng, rng.choice(disputed)))
            return
        work = rng.choice([work for work in works if work not in disputed] or works)
        before = self._offer_over(rng, work)
        self._set_terms(work, self.world.choice_of_terms(rng, odd=True))
        self._fund(before)
        self._fund(self._offer_over(rng, work))

    # Orders

    def _offer_of(self, rng: Any, operator: str, token: str = "", maker: str = "", works: tuple[Work, ...] = ()) -> Offer:
        self.nonce += 1
        return offers.draw(rng, self.world, self.rights, self.nonce, operator, token, maker, works)

    def _offer_over(self, rng: Any, work: Work) -> Offer:
        return self._offer_of(rng, rng.choice(self.world.operators), works=(work,))

    def _funded(self, offer: Offer, escrowed: int = 0) -> Order | None:
        """The order, at this escrow if one is given; None where there is a reason against it."""
        fitting = offers.worth(offer, escrowed) if escrowed else offer
        before = len(self.orders)
        if fitting:
            self._fund(fitting)
        return self.orders[-1] if len(self.orders) > before else None
