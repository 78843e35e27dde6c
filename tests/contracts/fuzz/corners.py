"""Rules that take several steps at once, to where chance alone seldom gets: what a mistake would hide in."""

from __future__ import annotations

from typing import Any

from contrafact.domain.shares import PPM

from ..chain import NATIVE
from ..hostile import Reaction
from ..world import DAY
from . import offers
from .consenting import Consenting
from .disputing import REVENUE
from .ledger import UNCONFIRMED, Account
from .meddling import Meddling
from .offers import Offer
from .pooling import Pooling
from .stage import Order

DRAWS = 8


class Corners(Consenting, Pooling, Meddling):
    # Bonds

    def use_up_bond(self, rng: Any) -> None:
        """An operator takes as much as its bond covers, and an order that it has finished is challenged then."""
        operator, token = rng.choice(self.world.operators[1:]), rng.choice(self.world.tokens)
        bond = self.books.bonds[operator, token]
        finished = self._funded(self._draw(rng, 0, bond.free // 2, operator=operator, token=token))
        if finished:
            self._commit(rng, finished)
        for escrowed in (bond.free, bond.amount):
            self._funded(self._draw(rng, 0, escrowed, operator=operator, token=token))
        if finished and finished.commit:
            self._challenge(finished, self.world.claimant)
        if finished and finished.challenged:
            self._rule_challenge(finished, [0 for _ in finished.rows], bond.most(finished.escrow) + 1)

    # Disputes of many

    def challenge_by_many(self, rng: Any) -> None:
        """Three challenge one commit, and once it is ruled on, or not, each asks for its bond, twice."""
        order = self._funded(self._draw(rng, 0))
        if order:
            self._commit(rng, order)
        people = (self.world.claimant, self.world.rival, self.world.rogue)
        for who in people if order and order.commit else ():
            self._challenge(order, who)
        if order and order.challenged:
            if rng.random() < 0.3:
                self._lapse_challenge(rng, order, order.challenged)
            else:
                self._rule_challenge(order, [0 for _ in order.rows], rng.choice((0, 1)))
            for who in people:
                self._take_back(order, len(order.challenges), who)

    def contest_in_turn(self, rng: Any) -> None:
        """Three contests hold one account, the last two from the same moment on; two of them are ruled on."""
        rows = self._earning_rows()
        if not rows:
            return
        order, row = rng.choice(rows)
        before = len(self.contests)
        for _ in range(3):
            self._contest(rng, self.rights.works[row.account.beneficiary])
            if len(self.contests) < before + 3:
                self._pay_downstream(order, REVENUE, self.world.rogue)
            self._hold_account(rng, self.contests[-1], row.account, 10**9)
        self._pay_downstream(order, REVENUE, self.world.rogue)
        for contest in rng.sample(self.contests[before:], 2):
            self._rule_contest(rng, contest)

    # Debts

    def refuse_money(self, rng: Any) -> None:
        """A maker with code does not take what is left of its order, is owed it, and asks for it later, or twice."""
        maker = self.world.doll.address
        order = self._funded(self._draw(rng, 0, token=NATIVE, maker=maker))
        if order:
            self.tell(maker, Reaction.REJECT)
            self._commit(rng, order)
        rng.choice((self.withdraw_owed, self.reenter))(rng)

    # Training pools

    def earn_for_pool(self, rng: Any) -> None:
        """As much as can be of an order of the model with the highest rate goes to its pool, and is shared out."""
        model_id = list(self.world.models)[-1]
        offer = self._draw(rng, 0, model_id=model_id)
        order = self._funded(offer and offers.changed(offer, max_base_share=PPM))
        if order:
            results = [self._result(rng, order) for _ in range(DRAWS)]
            self._try_commit(order, max(results, key=lambda commit: commit.base_share))
        self.collect(rng)

    # Works

    def order_what_changed(self, rng: Any) -> None:
        """An offer over a work whose terms change, then offers that its new terms forbid."""
        work, *others = rng.sample(list(self.rights.works.values()), rng.choice((1, 1, 2, 3)))
        offer = self._draw(rng, 0, chosen=(work, *others))
        for _ in range(2):
            self._set_terms(work, self.world.choice_of_terms(rng, odd=True))
            self._funded(offer)
            offer = self._draw(rng, 1, chosen=(work, *others))
        self._funded(offer)

    def rule_on_what_earns(self, rng: Any) -> None:
        """A work that earns is contested: what comes in is held, nobody may order it, and then there is a ruling."""
        earning = self._earning_works()
        if earning:
            work = self.rights.works[rng.choice(earning)]
            self._contest(rng, work)
            self._funded(self._draw(rng, 1, chosen=(work,)))
            self._rule_contest(rng, self.contests[-1])
            for account in [account for account in self.books.of(work.work_id) if account.awarded]:
                self._start_readdressing(account, 0, work.licensor, self.world.rogue)

    def readdress_and_go(self, rng: Any) -> None:
        """A licensor names a payee, and hands its role on before the time has come: that payee is not paid."""
        places = self._readdressable()
        if places:
            account, at = rng.choice(places)
            work = self.rights.works[account.beneficiary]
            self._start_readdressing(account, at, work.licensor, self.world.claimant)
            self._offer_role(work, self.world.rogue if work.licensor != self.world.rogue else self.world.licensor)
            self._take_role(work)
            self.world.chain.travel(self.world.chain.now + 180 * DAY)
            self._finish_readdressing(account, at)

    def _readdressable(self) -> list[tuple[Account, int]]:
        """Places of works, as they stand in their splits, that nobody has confirmed."""
        accounts = [account for account in self.books.accounts.values() if account.beneficiary in self.rights.works]
        return [
            (account, at)
            for account in accounts
            if account.sound and not account.awarded
            for at, leaf in enumerate(account.split.leaves)
            if account.places[leaf.index].status == UNCONFIRMED
        ]

    # Orders

    def _draw(self, rng: Any, reasons: int, escrowed: int = 0, operator: str = "", **given: Any) -> Offer | None:
        """The first of some offers against which the rules have so many reasons, and which a bond would cover.

        For this escrow where one is given, and then whether covered or not.
        """
        for _ in range(DRAWS):
            self.nonce += 1
            who = operator or rng.choice(self.world.operators)
            drawn = offers.draw(rng, self.world, self.rights, self.nonce, who, **given)
            offer = offers.worth(drawn, escrowed) if escrowed else drawn
            if offer and len(self._against(offer)) == reasons and (escrowed or self._is_covered(offer)):
                return offer
        return None

    def _against(self, offer: Offer) -> set[str]:
        works = {source.work_id for source in offer.quote.sources}
        return self.rights.against(offer.quote, offer.terms, works, self.world.chain.now)

    def _is_covered(self, offer: Offer) -> bool:
        bond = self.books.bonds[offer.quote.operator, offer.quote.token]
        return offers.escrow_of(offer.quote) <= bond.free

    def _funded(self, offer: Offer | None) -> Order | None:
        """The order; None where there is no offer, or a reason against it."""
        before = len(self.orders)
        if offer:
            self._fund(offer)
        return self.orders[-1] if len(self.orders) > before else None
