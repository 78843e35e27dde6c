"""Rules about disputes: contests with holds, challenges, rulings, lapses; and operators' bonds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from ..chain import NATIVE
from ..disputes import MIN_BOND, REASONS, RULING_TIME
from ..world import DAY
from .earning import Earning
from .ledger import Account
from .ordering import Ordering
from .rights import Work
from .stage import COMMITTED, Challenge, Order, Row, needs

WINDOW, UNBONDING = 7 * DAY, 21 * DAY
UPHELD, REJECTED, LAPSED = "upheld", "rejected", "lapsed"
BONDS = (0, 1, 7, 1_000, 10**9)
REVENUE = 1_000_003  # that comes in meanwhile
PARTS = (0, 1, 333_333, PPM - 1, PPM, PPM)


@dataclass
class Contest:
    number: int
    work_id: bytes
    claimant: str
    split: Split
    bond: int
    until: int
    holds: dict[bytes, tuple[Account, int]] = field(default_factory=dict)


class Disputing(Ordering, Earning):
    def begin(self) -> None:
        super().begin()
        self.contests: list[Contest] = []
        self.contest_count = 0

    # Contests of works

    def contest(self, rng: Any) -> None:
        self._contest(rng, self.rights.works[rng.choice(self._earning_works() or list(self.rights.works))])

    def _contest(self, rng: Any, work: Work) -> None:
        claimant = rng.choice((self.world.claimant, self.world.rival))
        split = rng.choice((self.world.claimed, self.world.rivals, work.split))
        bond = rng.choice((MIN_BOND, MIN_BOND + 1))
        for value in (MIN_BOND - 1, bond):
            reasons = {"DisputeDesk_BondTooLow"} if value < MIN_BOND else set()
            arguments = (work.work_id, split.root, REASONS)
            if self.attempt(reasons, claimant, self.world.desk, "contest", *arguments, value=value):
                self.contest_count += 1
                until = self.world.chain.now + RULING_TIME
                self.contests.append(Contest(self.contest_count, work.work_id, claimant, split, value, until))
                work.contests += 1
                self._take_bond(NATIVE, claimant, value)
                self._hold(rng, self.contests[-1])

    def _earning_works(self) -> list[bytes]:
        """Those that have a part of some order's later revenue; each as often as it has."""
        return [row.account.beneficiary for _, row in self._earning_rows()]

    def _earning_rows(self) -> list[tuple[Order, Row]]:
        rows = [(order, i, row) for order in self.orders if order.commit for i, row in enumerate(order.rows)]
        return [(order, row) for order, i, row in rows if REVENUE * order.share(i) * row.downstream >= PPM**2]

    @needs(lambda self: self.contests)
    def hold(self, rng: Any) -> None:
        self._hold(rng, rng.choice(self.contests))

    def _hold(self, rng: Any, contest: Contest) -> None:
        token, work = rng.choice(self.world.tokens), self.rights.works[contest.work_id]
        accounts = [self.books.account(contest.work_id, split, token) for split in (work.split, contest.split)]
        accounts += self.books.of(contest.work_id)
        earning = [row.account for _, row in self._earning_rows() if row.account.beneficiary == contest.work_id]
        account, bond = rng.choice(earning if earning and rng.random() < 0.7 else accounts), rng.choice(BONDS)
        other = next((a for a in self.books.accounts.values() if a.beneficiary != contest.work_id), None)
        for struct, sender, reason in (
            (account.struct, self.world.thief, "DisputeDesk_NotClaimant"),
            (other.struct if other else None, contest.claimant, "DisputeDesk_OtherWork"),
        ):
            if struct:
                self.refused(reason, sender, self.world.desk, "holdAccount", contest.number, struct, bond)
        self._hold_account(rng, contest, account, bond)

    def _hold_account(self, rng: Any, contest: Contest, account: Account, bond: int) -> None:
        value = bond if account.token == NATIVE else 0
        reasons = self.money.against_taking(account.token, contest.claimant, bond, value)
        if not bond:
            reasons.add("DisputeDesk_BondTooLow")
        if len(contest.holds) == 8 and account.key not in contest.holds:
            reasons.add("DisputeDesk_TooManyAccounts")
        arguments = (contest.number, account.struct, bond)
        if self.attempt(reasons, contest.claimant, self.world.desk, "holdAccount", *arguments, value=value):
            _, before = contest.holds.get(account.key, (account, 0))
            contest.holds[account.key] = account, before + bond
            account.hold(contest.number, 10 * bond)
            self.changed.add(account.key)
            self._take_bond(account.token, contest.claimant, bond)
            self._earn_meanwhile(rng, account)

    def _earn_meanwhile(self, rng: Any, account: Account) -> None:
        """What comes in waits."""
        orders = [order for order, row in self._earning_rows() if row.account is account]
        if orders:
            self._pay_downstream(rng.choice(orders), REVENUE, self.world.rogue)
        if account.held:
            at = rng.randrange(len(account.split.leaves))
            self._claim(account, at, account.split.leaves[at].holder)
            self._claim(account, at, self.world.thief)

    @needs(lambda self: self.contests)
    def end_contest(self, rng: Any) -> None:
        waiting = [one for one in self.contests if any(account.held for account, _ in one.holds.values())]
        contest = rng.choice(waiting or self.contests)
        self.refused("AccessManagedUnauthorized", contest.claimant, self.world.desk, "ruleContest", contest.number, PPM)
        self.refused(
            "DisputeDesk_NotAPart", self.world.arbiter, self.world.desk, "ruleContest", contest.number, PPM + 1
        )
        self.refused("DisputeDesk_NotClaimant", self.world.thief, self.world.desk, "withdrawContest", contest.number)
        end = rng.choice((self._rule_contest, self._rule_contest, self._withdraw_contest, self._lapse_contest))
        end(rng, contest)
        if contest not in self.contests:
            reason = "DisputeDesk_NoContest"
            self.refused(reason, self.world.arbiter, self.world.desk, "ruleContest", contest.number, PPM)
            self.refused(reason, contest.claimant, self.world.desk, "withdrawContest", contest.number)

    def _rule_contest(self, rng: Any, contest: Contest) -> None:
        ppm, work = rng.choice(PARTS), self.rights.works[contest.work_id]
        reasons = {"DisputeDesk_RulingTimeOver"} if self.world.chain.now > contest.until else set()
        if self.attempt(reasons, self.world.arbiter, self.world.desk, "ruleContest", contest.number, ppm):
            work.barred = work.barred or ppm == PPM
            self._close_contest(contest, ppm, contest.claimant if ppm else work.licensor, 0)

    def _withdraw_contest(self, rng: Any, contest: Contest) -> None:
        if self.attempt((), contest.claimant, self.world.desk, "withdrawContest", contest.number):
            self._close_contest(contest, 0, contest.claimant, MIN_BOND)

    def _lapse_contest(self, rng: Any, contest: Contest) -> None:
        if rng.random() < 0.5 and self.world.chain.now <= contest.until:
            self.world.chain.travel(contest.until + rng.choice((0, 1)))
        reasons = {"DisputeDesk_RulingTimeNotOver"} if self.world.chain.now <= contest.until else set()
        if self.attempt(reasons, self.world.thief, self.world.desk, "lapse", contest.number):
            self._close_contest(contest, 0, contest.claimant, 0)

    def _close_contest(self, contest: Contest, ppm: int, to: str, forfeited: int) -> None:
        self.contests.remove(contest)
        work = self.rights.works[contest.work_id]
        for account, bond in contest.holds.values():
            target = self.books.account(contest.work_id, contest.split, account.token)
            awarded = account.release(contest.number, 10 * bond, 0 if target is account else ppm)
            target.credit(awarded)
            target.awarded = target.awarded or awarded > 0
            self.changed |= {account.key, target.key}
        work.contests -= 1
        if not work.contests:
            for account in self.books.of(work.work_id):
                account.let_go()
                self.changed.add(account.key)
        self._pay_bond(NATIVE, work.licensor, forfeited)
        self._pay_bond(NATIVE, to, contest.bond - forfeited)
        for account, bond in contest.holds.values():
            self._pay_bond(account.token, to, bond)

    def _take_bond(self, token: str, payer: str, amount: int) -> None:
        self.take(token, payer, self.world.desk.address, amount)
        self.desk_bonds[token] += amount

    def _pay_bond(self, token: str, to: str, amount: int) -> None:
        self.desk_bonds[token] -= amount
        self.push(self.world.desk.address, token, to, amount)

    # Challenges of commits

    @needs(lambda self: any(order.commit for order in self.orders))
    def challenge(self, rng: Any) -> None:
        order = self._some_order(rng, COMMITTED)
        if rng.random() < 0.5:
            order = min((order for order in self.orders if order.commit), key=self._to_spare)
        if order.commit:
            self._challenge(order, rng.choice((self.world.claimant, self.world.rival)))
            self._challenge(order, self.world.rogue)

    def _to_spare(self, order: Order) -> int:
        """What its operator's bond has beyond what a ruling can take, and all open orders."""
        bond = self.books.bonds[order.operator, order.token]
        return bond.amount + bond.leaving - bond.covering - order.escrow

    def _challenge(self, order: Order, who: str) -> None:
        """Opens a challenge, or joins the one that is open."""
        bond, present = -(-order.escrow // 20), order.challenged
        value = bond if order.token == NATIVE else 0
        checks = {
            "DisputeDesk_WindowOver": self.world.chain.now > order.deal.quote.deadline + WINDOW,
            "DisputeDesk_AlreadyUpheld": any(one.outcome == UPHELD for one in order.challenges),
            "DisputeDesk_AlreadyChallenged": bool(present and who in (present.first, *present.joined)),
        }
        reasons = {name for name, applies in checks.items() if applies}
        reasons |= self.money.against_taking(order.token, who, bond, value)
        arguments = (*self._committed(order, order.use), REASONS)
        if self.attempt(reasons, who, self.world.desk, "challenge", *arguments, value=value):
            if present:
                present.joined.append(who)
            else:
                order.challenges.append(Challenge(who, self.world.chain.now + RULING_TIME))
                self.bond(order.operator, order.token).lock(order.escrow)
            self._take_bond(order.token, who, bond)

    @needs(lambda self: any(order.challenges for order in self.orders))
    def take_back_bond(self, rng: Any) -> None:
        """By anybody, for anybody, of any challenge; twice."""
        order = rng.choice([order for order in self.orders if order.challenges])
        number = rng.randrange(len(order.challenges) + 2)
        self._take_back(order, number, rng.choice((self.world.claimant, self.world.rival, self.world.rogue)))

    def _take_back(self, order: Order, number: int, who: str) -> None:
        of = order.challenges[number - 1] if 0 < number <= len(order.challenges) else None
        for _ in range(2):
            due = of and of.outcome in (UPHELD, LAPSED) and who in of.joined
            arguments = (order.deal.quote.to_abi(), number, who)
            reasons = set() if due else {"DisputeDesk_NoBond"}
            if self.attempt(reasons, self.world.thief, self.world.desk, "takeBackBond", *arguments):
                assert of
                of.joined.remove(who)
                self._pay_bond(order.token, who, -(-order.escrow // 20))

    @needs(lambda self: any(order.challenged for order in self.orders))
    def end_challenge(self, rng: Any) -> None:
        order = min((order for order in self.orders if order.challenged), key=self._to_spare)
        present = order.challenged
        assert present
        amounts = [rng.choice((0, 1, order.escrow // 3)) for _ in order.rows]
        most = self.books.bonds[order.operator, order.token].most(order.escrow)
        quote, desk = order.deal.quote.to_abi(), self.world.desk
        self.refused("AccessManagedUnauthorized", present.first, desk, "ruleChallenge", quote, amounts, 0)
        late = self.world.chain.now > present.until
        arguments = (quote, [*amounts, 0], 0)
        self.refused("FinishedOrders_AmountsCount", self.world.arbiter, desk, "ruleChallenge", *arguments, late=late)
        if rng.random() < 0.3:
            self._lapse_challenge(rng, order, present)
        else:
            self._rule_challenge(order, [0 for _ in amounts], most + 1)
            self._rule_challenge(
                order, *rng.choice((([0 for _ in amounts], most), (amounts, 1), ([0 for _ in amounts], 0)))
            )
        if not order.challenged:
            self.refused("DisputeDesk_NoChallenge", self.world.arbiter, desk, "ruleChallenge", quote, amounts, 1)
            self.refused("DisputeDesk_NoChallenge", self.world.thief, desk, "lapseChallenge", quote)

    def _rule_challenge(self, order: Order, to_sources: list[int], to_maker: int) -> None:
        present = order.challenged
        assert present
        bond, paid = self.books.bonds[order.operator, order.token], sum(to_sources) + to_maker
        reasons = {"OperatorRegistry_MoreThanLocked"} if paid > bond.most(order.escrow) else set()
        if self.world.chain.now > present.until:
            reasons.add("DisputeDesk_RulingTimeOver")
        arguments = (order.deal.quote.to_abi(), to_sources, to_maker)
        if self.attempt(reasons, self.world.arbiter, self.world.desk, "ruleChallenge", *arguments):
            for row, amount in zip(order.rows, to_sources, strict=True):
                self.credit(row.account.beneficiary, row.account.split, order.token, amount)
            self.bond(order.operator, order.token).pay(order.escrow, paid)
            self.push(self.world.escrow.address, order.token, order.deal.quote.maker, to_maker)
            self._end_challenge(order, present, UPHELD if paid else REJECTED)

    def _lapse_challenge(self, rng: Any, order: Order, present: Challenge) -> None:
        if rng.random() < 0.7 and self.world.chain.now <= present.until:
            self.world.chain.travel(present.until + rng.choice((0, 1)))
        reasons = {"DisputeDesk_RulingTimeNotOver"} if self.world.chain.now <= present.until else set()
        quote = order.deal.quote.to_abi()
        if self.attempt(reasons, self.world.thief, self.world.desk, "lapseChallenge", quote):
            self.bond(order.operator, order.token).pay(order.escrow, 0)
            self._end_challenge(order, present, LAPSED)

    def _end_challenge(self, order: Order, present: Challenge, outcome: str) -> None:
        """Rejected, all bonds are the operator's; else the first is paid, and who joined has to ask."""
        bond, present.outcome = -(-order.escrow // 20), outcome
        if outcome == REJECTED:
            self._pay_bond(order.token, order.operator, bond * (1 + len(present.joined)))
            present.joined.clear()
        else:
            self._pay_bond(order.token, present.first, bond)

    # Bonds

    def move_bonds(self, rng: Any) -> None:
        operator, token = rng.choice(self.world.operators), rng.choice(self.world.tokens)
        for step in rng.sample((self._deposit, self._request, self._request, self._withdraw), 2):
            step(rng, operator, token)

    def _deposit(self, rng: Any, operator: str, token: str) -> None:
        amount = rng.choice(BONDS)
        value = amount if token == NATIVE else 0
        reasons = self.money.against_taking(token, self.world.rogue, amount, value)
        if not amount:
            reasons.add("OperatorRegistry_AmountZero")
        arguments = (operator, token, amount)
        if self.attempt(reasons, self.world.rogue, self.world.escrow, "depositBond", *arguments, value=value):
            self.bond(operator, token).amount += amount
            self.take(token, self.world.rogue, self.world.escrow.address, amount)

    def _request(self, rng: Any, operator: str, token: str) -> None:
        bond = self.bond(operator, token)
        for amount in (bond.free + 1, rng.choice((1, bond.free // 2, bond.free))):
            self._ask_back(operator, token, amount)

    def _ask_back(self, operator: str, token: str, amount: int) -> None:
        bond = self.bond(operator, token)
        checks = {"OperatorRegistry_AmountZero": not amount, "OperatorRegistry_BondTooLow": amount > bond.free}
        reasons = {name for name, applies in checks.items() if applies}
        if self.attempt(reasons, operator, self.world.escrow, "requestWithdrawal", token, amount):
            bond.amount -= amount
            bond.leaving += amount
            bond.ready_at = self.world.chain.now + UNBONDING

    def _withdraw(self, rng: Any, operator: str, token: str) -> None:
        bond = self.bond(operator, token)
        if rng.random() < 0.4:
            self.world.chain.travel(max(self.world.chain.now, bond.ready_at))
        for _ in range(2):
            checks = {
                "OperatorRegistry_NothingToWithdraw": not bond.leaving,
                "OperatorRegistry_TooEarly": self.world.chain.now < bond.ready_at,
                "Payments_TransferFailed": not self.money.lands(token, self.world.escrow.address, operator),
            }
            reasons = {name for name, applies in checks.items() if applies}
            if self.attempt(reasons, operator, self.world.escrow, "withdrawBond", token):
                self.money.push(token, self.world.escrow.address, operator, bond.leaving)
                bond.leaving = bond.ready_at = 0
