"""Rules about orders: funding in every way, commits, refunds, wider uses, later revenue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from contrafact.domain.commits import Commit
from contrafact.domain.orders import Quote
from contrafact.domain.prices import Use
from contrafact.domain.shares import PPM

from ..chain import NATIVE
from ..hostile import Reaction, malleated
from ..world import DAY, Deal, digest
from . import offers
from .money import ANY
from .offers import Offer, escrow_of, parts
from .stage import COMMITTED, FUNDED, REFUNDED, Order, Row, Stage, needs

REVENUES = (0, 1, 2, 999, 1_000_003, 10**15 + 7)


class Ordering(Stage):
    def begin(self) -> None:
        super().begin()
        self.nonce = 0
        self.signers: dict[str, str] = {}
        offers.forgers((self.world.thief, self.world.claimant))

    # Funding

    def fund(self, rng: Any) -> None:
        offer = self._offer(rng)
        for twist in rng.sample(offers.TWISTS, 3):
            self._fund(twist(rng, offer))
        self._fund(offer)

    def fund_and_commit(self, rng: Any) -> None:
        before, offer = len(self.orders), self._offer(rng)
        if offer.way in (offers.RELAY, offers.PERMIT, offers.AUTHORISATION):
            self._fund(replace(offer, maker_salt_off=True))
        self._fund(offer)
        if len(self.orders) > before and rng.random() < 0.75:
            self._commit(rng, self.orders[-1])

    def _offer(self, rng: Any) -> Offer:
        self.nonce += 1
        busy = [(order.operator, order.token) for order in self.orders if order.status == FUNDED]
        who = rng.choice(busy) if busy and rng.random() < 0.4 else (rng.choice(self.world.operators), "")
        return offers.draw(rng, self.world, self.rights, self.nonce, *who)

    def _fund(self, offer: Offer) -> None:
        deal = offers.signed(self.world, offer)
        given = offers.approvals(self.world, offer, deal, self.rights)
        escrowed = escrow_of(offer.quote)
        name, arguments = offers.arguments(self.world, offer, deal, given)
        approved = set(given) if offer.approved else set()
        reasons = self._against_funding(offer, deal, escrowed, approved)
        sender = offer.quote.maker if offer.way == offers.OWN else self.world.thief
        value = offers.coin(offer, escrowed)
        if self.attempt(reasons, sender, self.world.escrow, name, *arguments, value=value):
            self.take(offer.quote.token, offer.quote.maker, self.world.escrow.address, escrowed)
            self.bond(offer.quote.operator, offer.quote.token).covering += escrowed
            self.orders.append(self._order(offer, deal, escrowed))

    def _against_funding(self, offer: Offer, deal: Deal, escrowed: int, approved: set[bytes]) -> set[str]:
        quote, now = offer.quote, self.world.chain.now
        reasons = self.rights.against(quote, offer.terms, approved, now) | set(self._against_times(quote, now))
        bond = self.books.bonds[quote.operator, quote.token]
        forged = not self._signs(offer.signer, quote.operator) or offer.malleated
        checks = {
            "EnforcedPause": self.paused,
            "Orders_SpareBits": offer.spare_bit,
            "GenerationEscrow_WrongStatus": any(order.deal.order_id == deal.order_id for order in self.orders),
            "GenerationEscrow_BadQuoteSignature": forged,
            "OperatorRegistry_BondTooLow": escrowed > bond.free or not bond.amount,
            "GenerationEscrow_NotMaker": offer.way == offers.OTHER,
            "GenerationEscrow_BadOrderSignature": offer.maker_salt_off and offer.way in (offers.RELAY, offers.PERMIT),
            ANY: offer.maker_salt_off and offer.way == offers.AUTHORISATION,
            "Payments_WrongPayment": offer.way == offers.AUTHORISATION and escrowed == 0,
        }
        allowed = offer.way in (offers.PERMIT, offers.AUTHORISATION)
        value = offers.coin(offer, escrowed)
        reasons |= self.money.against_taking(quote.token, quote.maker, escrowed, value, allowed)
        return reasons | {name for name, applies in checks.items() if applies}

    def _against_times(self, quote: Quote, now: int) -> Iterator[str]:
        if now > quote.valid_until:
            yield "GenerationEscrow_QuoteExpired"
        if quote.deadline < now + 300:
            yield "GenerationEscrow_DeadlineTooEarly"
        if quote.deadline > now + 7 * DAY:
            yield "GenerationEscrow_DeadlineTooLate"

    def _signs(self, signer: str, operator: str) -> bool:
        keys = self.world.chain.keys
        return keys[signer].address in (keys[operator].address, self.signers.get(operator))

    def _order(self, offer: Offer, deal: Deal, escrowed: int) -> Order:
        quote = offer.quote
        rows = []
        for source, terms in zip(quote.sources, offer.terms, strict=True):
            account = self.books.account(source.work_id, self.rights.works[source.work_id].split, quote.token)
            prices = next(row.prices for row in terms.prices if row.token == quote.token)
            rows.append(Row(account, source.price, source.downstream, source.through, prices, terms.uses))
        pool = self.books.account(quote.model_id, self.world.models[quote.model_id][0], quote.token)
        return Order(deal, escrowed, rows, pool, quote.use)

    # Commits

    @needs(lambda self: self.orders)
    def commit(self, rng: Any) -> None:
        self._commit(rng, self._some_order(rng, FUNDED))

    def _commit(self, rng: Any, order: Order) -> None:
        self._turn_hostile(rng, order)
        commit = self._result(rng, order)
        forgeries: list[dict[str, Any]] = [
            {"commit": replace(commit, base_share=commit.base_share + 1)},
            {"commit": replace(commit, shares=(*commit.shares[:-1], commit.shares[-1] + 1))},
            {"commit": replace(commit, base_share=PPM, shares=(0,) * len(commit.shares))},
            {"commit": replace(commit, base_share=0, shares=(PPM, *(0 for _ in commit.shares[1:])))},
            {"commit": replace(commit, base_share=0, shares=(*(0 for _ in commit.shares[1:]), PPM))},
            {"commit": replace(commit, duration=commit.duration + 1)},
            {"commit": replace(commit, duration=max(1, commit.duration - 30))},
            {"signer": rng.choice((self.world.thief, self.world.maker, self.world.claimant))},
            {"signed": replace(commit, order_id=digest(1))},
            {"high": True},
            {"salt": digest(1)},
            {"extra": True},
        ]
        for forgery in rng.sample(forgeries, 2):
            if order.status != FUNDED:
                break
            self._try_commit(order, **{"commit": commit, **forgery})
        if order.status == FUNDED:
            self._try_commit(order, commit)
        if order.status == COMMITTED:
            self._try_commit(order, commit)

    def _try_commit(
        self,
        order: Order,
        commit: Commit,
        signer: str = "",
        signed: Commit | None = None,
        high: bool = False,
        salt: bytes = b"",
        extra: bool = False,
    ) -> None:
        quote, signer = order.deal.quote, signer or order.operator
        signature = self.world.sign_commit(signed or commit, signer)
        signature = malleated(signature) if high else signature
        *digests, word = commit.to_abi()
        extra = extra and len(commit.shares) < 8
        word |= extra << 24 * (1 + len(commit.shares))
        checks = {
            "GenerationEscrow_WrongStatus": order.status != FUNDED,
            "GenerationEscrow_WrongDeal": bool(salt),
            "GenerationEscrow_DeadlinePassed": self.world.chain.now > quote.deadline,
            "GenerationEscrow_BadCommitSignature": bool(signed) or high or not self._signs(signer, order.operator),
            "Orders_BaseShareTooHigh": commit.base_share > quote.max_base_share,
            "Orders_ShareTooLow": any(s < low.min_share for s, low in zip(commit.shares, quote.sources, strict=False)),
            "Orders_SharesDoNotSum": commit.base_share + sum(commit.shares) != PPM,
            "Orders_ShareCount": extra,
            "Orders_DurationInvalid": not _takes(quote, commit.duration),
        }
        reasons = {name for name, applies in checks.items() if applies}
        arguments = (quote.to_abi(), salt or order.deal.salt, (*digests, word), signature)
        if self.attempt(reasons, self.world.thief, self.world.escrow, "commit", *arguments):
            self._settle(order, commit)

    def _settle(self, order: Order, commit: Commit) -> None:
        order.status, order.commit = COMMITTED, commit
        quote, units = order.deal.quote, -(-commit.duration // 30)
        spent = quote.operator_fee
        amounts = [row.price * units * order.share(i) // PPM for i, row in enumerate(order.rows)]
        amounts.append(quote.base_rate * units * commit.base_share // PPM)
        for account, amount in zip([*(row.account for row in order.rows), order.pool], amounts, strict=True):
            self.credit(account.beneficiary, account.split, account.token, amount)
            spent += amount
        self.bond(order.operator, order.token).covering -= order.escrow
        self.push(self.world.escrow.address, order.token, order.operator, quote.operator_fee)
        self.push(self.world.escrow.address, order.token, quote.maker, order.escrow - spent)

    def _result(self, rng: Any, order: Order) -> Commit:
        """A result at the edges of the order's bounds."""
        quote = order.deal.quote
        lowest = [source.min_share for source in quote.inference_set]
        base = min(
            rng.choice((0, 1, quote.max_base_share, quote.max_base_share)), quote.max_base_share, PPM - sum(lowest)
        )
        more = parts(rng, len(lowest), PPM - base - sum(lowest))
        shares = tuple(low + extra for low, extra in zip(lowest, more, strict=True))
        duration = rng.randint(1, quote.duration) if quote.use is Use.LIVE else quote.duration
        return Commit(order.deal.order_id, digest(5), digest(6), digest(rng.randint(1, 9)), duration, base, shares)

    def _turn_hostile(self, rng: Any, order: Order) -> None:
        """Makers and operators with code may refuse what they are sent."""
        for who in sorted({order.deal.quote.maker, order.operator} & set(self.world.dolls)):
            if rng.random() < 0.4:
                self.tell(who, rng.choice((Reaction.REJECT, Reaction.BURN_GAS)))

    # Refunds

    @needs(lambda self: self.orders)
    def refund(self, rng: Any) -> None:
        order = self._some_order(rng, FUNDED)
        self._turn_hostile(rng, order)
        self._refund(order)
        deadline = order.deal.quote.deadline
        if order.status == FUNDED and self.world.chain.now <= deadline and rng.random() < 0.7:
            self.world.chain.travel(deadline)
            self._refund(order)
            self.world.chain.travel(deadline + 1)
            self._try_commit(order, self._result(rng, order))
        order_id, salt, maker, word, token, escrowed = order.deal.refundable()
        lies = [
            (order_id, digest(1), maker, word, token, escrowed),
            (order_id, salt, self.world.thief, word, token, escrowed),
            (order_id, salt, maker, word, token, escrowed + 1),
            (order_id, salt, maker, word & ~(2**40 - 1 << 200), token, escrowed),
            (order_id, salt, maker, word, self.world.tokens[self.world.tokens[0] == token], escrowed),
        ]
        reason = "GenerationEscrow_WrongDeal" if order.status == FUNDED else "GenerationEscrow_WrongStatus"
        self.refused(reason, self.world.thief, self.world.escrow, "refund", rng.choice(lies))
        self._refund(order)
        if order.status == REFUNDED:
            self._refund(order)
            self._try_commit(order, self._result(rng, order))
        settled = [order for order in self.orders if order.status == COMMITTED]
        if settled:
            self._refund(max(settled, key=self._could_be_paid_back))

    def _could_be_paid_back(self, order: Order) -> bool:
        """Whether nothing but its status stands against a refund: it is late, and enough is locked for other orders."""
        bond = self.books.bonds[order.operator, order.token]
        late = self.world.chain.now > order.deal.quote.deadline
        return late and bond.covering + bond.challenged >= order.escrow

    def _refund(self, order: Order) -> None:
        reasons = {"GenerationEscrow_WrongStatus"} if order.status != FUNDED else set()
        if self.world.chain.now <= order.deal.quote.deadline:
            reasons.add("GenerationEscrow_DeadlineNotPassed")
        if self.attempt(reasons, self.world.thief, self.world.escrow, "refund", order.deal.refundable()):
            order.status, penalty = REFUNDED, order.escrow // 10
            bond = self.bond(order.operator, order.token)
            bond.covering -= order.escrow
            bond.amount -= penalty
            self.push(self.world.escrow.address, order.token, order.deal.quote.maker, order.escrow + penalty)

    # Finished orders

    @needs(lambda self: any(order.commit for order in self.orders))
    def raise_use(self, rng: Any) -> None:
        raisable = [order for order in self.orders if order.commit and order.use < Use.BROADCAST]
        dearer = [order for order in raisable if sum(self._dues(order, Use.BROADCAST))]
        order = rng.choice(dearer) if dearer and rng.random() < 0.8 else self._some_order(rng, COMMITTED)
        if not order.commit:
            return
        wider = [use for use in (Use.COMMERCIAL, Use.BROADCAST) if use > order.use] or [Use.LIVE]
        for new, used in ((rng.choice(list(Use)), rng.choice(list(Use))), (rng.choice(wider), order.use)):
            self._raise(order, new, used, rng.choice((self.world.maker, self.world.rogue)))

    def _raise(self, order: Order, new: Use, used: Use, payer: str) -> None:
        dues = self._dues(order, new)
        due = sum(dues)
        checks = {
            "GenerationEscrow_WrongResult": used != order.use,
            "FinishedOrders_LiveUse": Use.LIVE in (used, new),
            "FinishedOrders_NotWider": new <= used,
            "Licensing_UseNotPermitted": any({new, used} - row.uses for row in order.rows),
        }
        value = due if order.token == NATIVE else 0
        reasons = {name for name, applies in checks.items() if applies}
        reasons |= self.money.against_taking(order.token, payer, due, value)
        words = [list(terms.to_words()) for terms in order.deal.terms]
        arguments = (*self._committed(order, used), new, words)
        if self.attempt(reasons, payer, self.world.escrow, "raiseUse", *arguments, value=value):
            order.use = new
            for row, amount in zip(order.rows, dues, strict=True):
                self.credit(row.account.beneficiary, row.account.split, order.token, amount)
            self.take(order.token, payer, self.world.escrow.address, due)

    def _dues(self, order: Order, new: Use) -> list[int]:
        """What each source of an order gets when its use is raised."""
        assert order.commit
        units = -(-order.commit.duration // 30)
        parts = [units * order.share(i) for i in range(len(order.rows))]
        differences = (
            row.prices[new] * part // PPM - row.prices[order.use] * part // PPM
            for row, part in zip(order.rows, parts, strict=True)
        )
        return [max(0, difference) for difference in differences]

    @needs(lambda self: any(order.commit for order in self.orders))
    def pay_downstream(self, rng: Any) -> None:
        order = self._some_order(rng, COMMITTED)
        if not order.commit:
            return
        lie = self._committed(order, rng.choice([use for use in Use if use != order.use]))
        self.refused("GenerationEscrow_WrongResult", self.world.rogue, self.world.escrow, "payDownstream", *lie, 0)
        for amount in rng.sample(REVENUES, 2):
            self._pay_downstream(
                order, amount, rng.choice((self.world.maker, self.world.rogue, order.deal.quote.maker))
            )

    def _pay_downstream(self, order: Order, amount: int, payer: str) -> None:
        maker = order.deal.quote.maker
        split = [amount * order.share(i) * row.downstream // PPM**2 for i, row in enumerate(order.rows)]
        due = sum(split) if payer == maker else amount
        value = due if order.token == NATIVE else 0
        reasons = self.money.against_taking(order.token, payer, due, value)
        arguments = (*self._committed(order, order.use), amount)
        if self.attempt(reasons, payer, self.world.escrow, "payDownstream", *arguments, value=value):
            self.take(order.token, payer, self.world.escrow.address, due)
            for row, part in zip(order.rows, split, strict=True):
                self.credit(row.account.beneficiary, row.account.split, order.token, part)
            self.push(self.world.escrow.address, order.token, maker, due - sum(split))

    def _committed(self, order: Order, use: Use) -> tuple[Any, ...]:
        assert order.commit
        return order.deal.quote.to_abi(), order.deal.salt, order.commit.to_abi(), use

    def _some_order(self, rng: Any, status: int) -> Order:
        """Mostly one of this status."""
        fitting = [order for order in self.orders if order.status == status]
        order: Order = rng.choice(fitting if fitting and rng.random() < 0.9 else self.orders)
        return order


def _takes(quote: Quote, duration: int) -> bool:
    return 1 <= duration <= quote.duration if quote.use is Use.LIVE else duration == quote.duration
