"""Rules about holders: claims, payouts, confirmations, debts, forgers, receivers that call back, recovery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.shares import PPM
from contrafact.domain.splits import HolderLeaf

from ..chain import NATIVE
from ..hostile import Reaction, malleated, reenter_with
from ..world import DAY, digest
from .ledger import CONFIRMED, READDRESSED, UNCONFIRMED, Account
from .stage import Stage, needs, require

HAS_ACCOUNTS = needs(lambda self: self.books.accounts)


class Earning(Stage):
    def begin(self) -> None:
        super().begin()
        self.guardians: dict[str, str] = {}
        self.recoveries: dict[str, tuple[str, int]] = {}
        self.readdressings: dict[tuple[bytes, int], tuple[str, int, str]] = {}  # payee, time, licensor

    # Claims

    @HAS_ACCOUNTS
    def claim(self, rng: Any) -> None:
        for _ in range(2):
            account, at, leaf = self._worthwhile(rng)
            self._claim(account, at, self.world.thief)
            if leaf.holder != self.world.training.address:
                self._claim(account, at, leaf.holder)
                self._claim(account, at, leaf.holder)
            self._forge(rng, account, at)

    def _worthwhile(self, rng: Any) -> tuple[Account, int, HolderLeaf]:
        """Mostly a place with something to draw."""
        places = [(a, at, leaf) for a in self.books.accounts.values() for at, leaf in enumerate(a.split.leaves)]
        worthwhile = [place for place in places if place[0].sound and place[0].claimable(place[2])]
        chosen: tuple[Account, int, HolderLeaf] = rng.choice(
            worthwhile if worthwhile and rng.random() < 0.8 else places
        )
        return chosen

    def _claim(self, account: Account, at: int, sender: str) -> None:
        leaf = account.split.leaves[at]
        place, amount, payee = account.places[leaf.index], account.claimable(leaf), account.payee(leaf)
        checks = {
            "RoyaltyVault_InvalidProof": not account.sound,
            "RoyaltyVault_NotConfirmed": place.status == UNCONFIRMED and sender != leaf.holder,
            "RoyaltyVault_NothingToClaim": not amount,
            "Payments_TransferFailed": not self.money.lands(account.token, self.world.escrow.address, payee),
        }
        reasons = {name for name, applies in checks.items() if applies}
        if self.attempt(reasons, sender, self.world.escrow, "claim", self.claim_of(account, at)):
            place.status = max(place.status, CONFIRMED)
            place.drawn += amount
            self.money.push(account.token, self.world.escrow.address, payee, amount)
            self.changed.add(account.key)

    def _forge(self, rng: Any, account: Account, at: int) -> None:
        struct, leaf, steps = self.claim_of(account, at)
        index, holder, share = leaf
        forgeries = [
            (struct, (index, self.world.thief, share), steps),
            (struct, (index, holder, share + 1), steps),
            (struct, (index + 1, holder, share), steps),
            ((struct[0], digest(9), struct[2]), leaf, steps),
            (struct, leaf, [*steps, (digest(1), 2 * 0)]),
            (struct, leaf, [*steps, (digest(1), 2 * (PPM - share))]),
            (struct, (0, self.world.thief, PPM), []),
        ]
        self.refused("RoyaltyVault_InvalidProof", self.world.thief, self.world.escrow, "claim", rng.choice(forgeries))

    # Payouts

    @HAS_ACCOUNTS
    def payout(self, rng: Any) -> None:
        chosen = [self._worthwhile(rng) for _ in range(rng.randint(1, 5))]
        chosen += rng.sample(chosen, 1)
        if rng.random() < 0.9:
            chosen = [row for row in chosen if row[0].sound]
        self._pay_out_all(chosen)

    def _pay_out_all(self, chosen: list[tuple[Account, int, HolderLeaf]]) -> None:
        reasons = {"RoyaltyVault_InvalidProof"} if not all(account.sound for account, *_ in chosen) else set()
        claims = [self.claim_of(account, at) for account, at, _ in chosen]
        receipt = self.attempt(reasons, self.world.thief, self.world.escrow, "payout", claims)
        if receipt:
            paid = sum(self._pay_out(account, leaf) for account, _, leaf in chosen)
            told = len(self.world.chain.events(receipt, "Paid"))
            require(told == paid, "payouts are told", f"{told} {paid}")

    def _pay_out(self, account: Account, leaf: HolderLeaf) -> bool:
        place, amount, payee = account.places[leaf.index], account.claimable(leaf), account.payee(leaf)
        if place.status == UNCONFIRMED or not amount or amount < self.thresholds[payee, account.token]:
            return False
        self.changed.add(account.key)
        if not self.money.push(account.token, self.world.escrow.address, payee, amount):
            return False
        place.drawn += amount
        return True

    @HAS_ACCOUNTS
    def set_threshold(self, rng: Any) -> None:
        """About as high as what somebody has to draw, who is then paid out or not."""
        account, at, leaf = self._worthwhile(rng)
        who, token = account.payee(leaf), account.token
        if who == self.world.training.address or not account.sound:
            return
        if account.places[leaf.index].status == UNCONFIRMED:
            self._confirm(account, at, b"", sender=leaf.holder)
        for least in (account.claimable(leaf) + 1, rng.choice((0, 1, account.claimable(leaf)))):
            self.attempt((), who, self.world.escrow, "setThreshold", token, least)
            self.thresholds[who, token] = least
            self._pay_out_all([(account, at, leaf)])

    # Confirmations

    @HAS_ACCOUNTS
    def confirm(self, rng: Any) -> None:
        account, at, leaf = self._worthwhile(rng)
        signature = self._confirmation(account, leaf, leaf)
        self._confirm(account, at, malleated(signature), forged=True)
        self._confirm(account, at, self._confirmation(account, replace(leaf, index=leaf.index + 1), leaf), forged=True)
        self._confirm(account, at, b"", forged=True)
        more = self.books.account(account.beneficiary, self.world.fat_split, account.token)
        self._confirm(more, 0, b"", sender=more.split.leaves[0].holder)
        if rng.random() < 0.5:
            self._confirm(account, at, signature, forged=leaf.holder == self.world.training.address)
        elif leaf.holder != self.world.training.address:
            self._confirm(account, at, b"", sender=leaf.holder)

    def _confirmation(self, account: Account, leaf: HolderLeaf, signer: HolderLeaf) -> bytes:
        """A signature by the holder, or, where it has no key, by the thief."""
        message = confirmation_message(account.beneficiary, account.split.root, leaf, self.world.domain)
        key = self.world.chain.keys.get(signer.holder, self.world.chain.keys[self.world.thief])
        return bytes(key.sign_message(message).signature)

    def _confirm(self, account: Account, at: int, signature: bytes, sender: str = "", forged: bool = False) -> None:
        leaf = account.split.leaves[at]
        reasons = {"RoyaltyVault_BadConfirmation"} if forged else set()
        reasons |= set() if account.sound else {"RoyaltyVault_InvalidProof"}
        claims = [self.claim_of(account, at)]
        sent = self.attempt(reasons, sender or self.world.thief, self.world.escrow, "confirm", claims, [signature])
        place = account.places[leaf.index]
        if sent and place.status == UNCONFIRMED:
            place.status = CONFIRMED
            self.changed.add(account.key)

    # Debts

    def withdraw_owed(self, rng: Any) -> None:
        debts = [key for key, amount in self.books.owed.items() if amount]
        nothing = (self.world.escrow.address, rng.choice(self.world.tokens), rng.choice(list(self.world.cast.values())))
        for key in [*rng.sample(debts, min(2, len(debts))), nothing]:
            if key[2] in self.world.dolls and rng.random() < 0.6:
                self.tell(key[2], Reaction.ACCEPT)
            self._withdraw_owed(*key)
            self._withdraw_owed(*key)

    def _withdraw_owed(self, contract: str, token: str, to: str) -> None:
        amount = self.books.owed[contract, token, to]
        reasons = set() if amount else {"Payments_NothingOwed"}
        if not self.money.lands(token, contract, to):
            reasons.add("Payments_TransferFailed")
        target = self.world.escrow if contract == self.world.escrow.address else self.world.desk
        if self.attempt(reasons, self.world.thief, target, "withdrawOwed", token, to):
            self.books.owed[contract, token, to] = 0
            self.money.push(token, contract, to, amount)

    # Receivers that call back

    def reenter(self, rng: Any) -> None:
        """An account with code is paid what is its own, and asks for it once more meanwhile."""
        who = self.world.doll.address
        if self.books.owed[self.world.escrow.address, NATIVE, who]:
            self._calling_back(who, "withdrawOwed", NATIVE, who)
            self._withdraw_owed(self.world.escrow.address, NATIVE, who)
        elif place := self._place_of(who):
            self._calling_back(who, "claim", self.claim_of(*place))
            self._claim(*place, self.world.thief)
        else:
            return
        require(self.world.doll.get("successes") == 0, "nobody gets in twice", who)
        self.tell(who, Reaction.ACCEPT)

    def _calling_back(self, who: str, name: str, *arguments: Any) -> None:
        reenter_with(self.world, self.world.dolls[who], name, *arguments)
        self.money.dolls[who] = Reaction.REENTER

    def _place_of(self, who: str) -> tuple[Account, int] | None:
        """A place of native coin, confirmed, with something to draw."""
        for account in self.books.accounts.values():
            for at, leaf in enumerate(account.split.leaves if account.sound and account.token == NATIVE else ()):
                place = account.places[leaf.index]
                if account.payee(leaf) == who and place.status != UNCONFIRMED and account.claimable(leaf):
                    return account, at
        return None

    # Holders who are lost

    @HAS_ACCOUNTS
    def be_recovered(self, rng: Any) -> None:
        account, at, leaf = self.place(rng)
        if leaf.holder == self.world.training.address:
            return
        guarded, cancelled = (self._guard, self._start), (self._start, self._cancel)
        for step in rng.choice((guarded, guarded, guarded, cancelled, (self._cancel,))):
            step(rng, leaf.holder)
        self._recover(account, at)
        if leaf.holder in self.recoveries and rng.random() < 0.7:
            self.world.chain.travel(max(self.world.chain.now, self.recoveries[leaf.holder][1]))
            self._recover(account, at)

    def _guard(self, rng: Any, holder: str) -> None:
        guardian = rng.choice((self.world.deputy,) * 5 + (NATIVE,))
        self.attempt((), holder, self.world.recovery, "setGuardian", guardian)
        self.guardians[holder] = guardian
        self.recoveries.pop(holder, None)

    def _start(self, rng: Any, holder: str) -> None:
        sender = rng.choice((self.world.deputy,) * 4 + (self.world.thief,))
        successor = rng.choice((self.world.rival,) * 4 + (NATIVE,))
        checks = {
            "HolderRecovery_NotGuardian": self.guardians.get(holder) != sender,
            "HolderRecovery_InvalidSuccessor": successor == NATIVE,
        }
        reasons = {name for name, applies in checks.items() if applies}
        if self.attempt(reasons, sender, self.world.recovery, "startRecovery", holder, successor):
            self.recoveries[holder] = successor, self.world.chain.now + 30 * DAY

    def _cancel(self, rng: Any, holder: str) -> None:
        reasons = set() if holder in self.recoveries else {"HolderRecovery_NoneStarted"}
        if self.attempt(reasons, holder, self.world.recovery, "cancelRecovery"):
            del self.recoveries[holder]
            self.guardians.pop(holder, None)

    def _recover(self, account: Account, at: int) -> None:
        leaf = account.split.leaves[at]
        successor, ready_at = self.recoveries.get(leaf.holder, ("", 0))
        checks = {
            "HolderRecovery_InvalidProof": not account.sound,
            "HolderRecovery_NoneStarted": not ready_at or account.places[leaf.index].status == READDRESSED,
            "HolderRecovery_TooEarly": self.world.chain.now < ready_at,
        }
        reasons = {name for name, applies in checks.items() if applies}
        if self.attempt(reasons, self.world.thief, self.world.recovery, "recover", self.claim_of(account, at)):
            self._readdress(account, leaf, successor)

    @HAS_ACCOUNTS
    def be_readdressed(self, rng: Any) -> None:
        account, at, leaf = self.place(rng)
        awarded = [account for account in self.books.accounts.values() if account.awarded]
        if awarded and rng.random() < 0.3:
            account, at, leaf = self.place(rng, awarded)
        work = self.rights.works.get(account.beneficiary)
        licensor = work.licensor if work else self.world.operator
        for sender in (self.world.thief, licensor):
            self._start_readdressing(account, at, sender, rng.choice((self.world.claimant, self.world.doll.address)))
        self._finish_readdressing(account, at)
        started = self.readdressings.get((account.key, leaf.index))
        if started and rng.random() < 0.4:
            self.world.chain.travel(max(self.world.chain.now, started[1]))
            self._finish_readdressing(account, at)

    def _start_readdressing(self, account: Account, at: int, sender: str, payee: str) -> None:
        leaf = account.split.leaves[at]
        work = self.rights.works.get(account.beneficiary)
        checks = {
            "WorkRegistry_UnknownWork": work is None,
            "HolderRecovery_NotLicensor": work is not None and work.licensor != sender,
            "HolderRecovery_InvalidProof": not account.sound,
            "HolderRecovery_PlaceConfirmed": account.places[leaf.index].status != UNCONFIRMED,
            "HolderRecovery_AccountAwarded": account.awarded,
        }
        reasons = {name for name, applies in checks.items() if applies}
        claim = self.claim_of(account, at)
        if self.attempt(reasons, sender, self.world.recovery, "startReaddressing", claim, payee):
            self.readdressings[account.key, leaf.index] = payee, self.world.chain.now + 180 * DAY, sender

    def _finish_readdressing(self, account: Account, at: int) -> None:
        leaf = account.split.leaves[at]
        payee, ready_at, licensor = self.readdressings.get((account.key, leaf.index), ("", 0, ""))
        work = self.rights.works.get(account.beneficiary)
        checks = {
            "HolderRecovery_InvalidProof": not account.sound,
            "HolderRecovery_PlaceConfirmed": account.places[leaf.index].status != UNCONFIRMED,
            "HolderRecovery_AccountAwarded": account.awarded,
            "HolderRecovery_NotLicensor": bool(work and licensor and work.licensor != licensor),
            "HolderRecovery_NoneStarted": not ready_at,
            "HolderRecovery_TooEarly": self.world.chain.now < ready_at,
        }
        reasons = {name for name, applies in checks.items() if applies}
        claim = self.claim_of(account, at)
        if self.attempt(reasons, self.world.thief, self.world.recovery, "finishReaddressing", claim):
            self._readdress(account, leaf, payee)

    def _readdress(self, account: Account, leaf: HolderLeaf, payee: str) -> None:
        place = account.places[leaf.index]
        place.status, place.lost, place.payee = READDRESSED, leaf.holder, payee
        self.changed.add(account.key)
