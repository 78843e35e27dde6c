"""Rules about everything around: licensors' changes, time, hostile receivers and tokens, pauses, thieves, gifts."""

from __future__ import annotations

from typing import Any

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms

from ..hostile import Quirk, Reaction, quirk
from ..world import DAY, digest, release
from .offers import parts
from .people import digests
from .rights import NO_WORK, Work
from .stage import Stage

QUIRKS = (
    Quirk.RETURNS_NOTHING,
    Quirk.RETURNS_FALSE,
    Quirk.TAKES_FEE,
    Quirk.REVERTS,
    Quirk.BURNS_GAS,
    Quirk.CALLS_RECEIVER,
)
MOST_WORKS = 9


class Meddling(Stage):
    # Licensors

    def change_terms(self, rng: Any) -> None:
        self._set_terms(rng.choice(list(self.rights.works.values())), self.world.choice_of_terms(rng))

    def _set_terms(self, work: Work, terms: Terms) -> None:
        name = "setTerms"
        arguments = (work.work_id, work.split.root, list(terms.to_words()))
        self.refused("WorkRegistry_NotLicensor", self.world.thief, self.world.catalogue, name, *arguments)
        self.attempt((), work.licensor, self.world.catalogue, name, *arguments)
        work.change(work.split, terms, self.world.chain.now)

    def change_split(self, rng: Any) -> None:
        work = rng.choice(list(self.rights.works.values()))
        holders = rng.sample((*self.world.holders[:3], self.world.doll.address, self.world.rogue), 3)
        split = Split.of(list(zip(holders, parts(rng, 3, PPM, least=1), strict=True)))
        arguments = (work.work_id, split.root, digest(4), list(work.terms.to_words()))
        self.refused("WorkRegistry_NotLicensor", self.world.thief, self.world.catalogue, "changeSplit", *arguments)
        self.attempt((), work.licensor, self.world.catalogue, "changeSplit", *arguments)
        work.change(split, work.terms, self.world.chain.now)

    def hand_over(self, rng: Any) -> None:
        """A licensor offers its role, and somebody takes it, or does not."""
        work = rng.choice(list(self.rights.works.values()))
        self._offer_role(work, rng.choice((self.world.rogue, self.world.licensor)))
        if rng.random() < 0.5:
            self._take_role(work)

    def _offer_role(self, work: Work, heir: str) -> None:
        catalogue = self.world.catalogue
        self.refused("WorkRegistry_NotLicensor", self.world.thief, catalogue, "transferLicensor", work.work_id, heir)
        self.attempt((), work.licensor, catalogue, "transferLicensor", work.work_id, heir)
        work.heir = heir
        self.refused("WorkRegistry_NotPendingLicensor", self.world.thief, catalogue, "acceptLicensor", work.work_id)

    def _take_role(self, work: Work) -> None:
        self.attempt((), work.heir, self.world.catalogue, "acceptLicensor", work.work_id)
        work.licensor, work.heir = work.heir, ""

    def register(self, rng: Any) -> None:
        """The same content by two, one of whom was first; each has a work of its own."""
        if len(self.rights.works) >= MOST_WORKS:
            return
        number, split = 900 + len(self.rights.works), Split.of([(self.world.rogue, PPM)])
        songs = [work.work_id for work in self.rights.works.values() if work.composition == NO_WORK]
        song = rng.choice((NO_WORK, rng.choice(songs)))
        entry = (*digests(number), split.root, song)
        for who in (self.world.rogue, self.world.licensor):
            receipt = self.attempt((), who, self.world.catalogue, "register", entry)
            work_id = bytes(self.world.event(receipt, "WorkRegistered").args["workId"])  # type: ignore[arg-type]
            licences = [self.world.catalogue.get("licenceOf", work_id, 1)]
            work = self.rights.works[work_id] = Work(work_id, who, split, Terms.opted_out(), song, licences)  # type: ignore[index]
            self.refused("WorkRegistry_AlreadyRegistered", who, self.world.catalogue, "register", entry)
            terms = self.world.choice_of_terms(rng)
            words = list(terms.to_words())
            self.attempt((), who, self.world.catalogue, "setTerms", work_id, split.root, words)
            work.change(split, terms, self.world.chain.now)

    # The world around

    def turn(self, rng: Any) -> None:
        if self.paused:
            self._pause(rng)
        turns = (self._time, self._doll, self._doll, self._doll, self._token, self._block, self._block, self._pause)
        rng.choice(turns)(rng)

    def _time(self, rng: Any) -> None:
        self.world.chain.travel(self.world.chain.now + rng.choice((1, 299, 3600, DAY, 7 * DAY, 31 * DAY)))

    def _doll(self, rng: Any) -> None:
        address = rng.choice(list(self.world.dolls))
        self.tell(address, rng.choice((Reaction.REJECT, Reaction.REJECT, Reaction.BURN_GAS, Reaction.RETURN_MUCH)))

    def _token(self, rng: Any) -> None:
        self.money.quirk = Quirk.NONE if self.money.quirk is not Quirk.NONE else rng.choice(QUIRKS)
        quirk(self.world, self.money.quirk)

    def _block(self, rng: Any) -> None:
        who = rng.choice((self.world.maker, self.world.operator, self.world.holders[0], self.world.claimant))
        self.money.blocked ^= {who}
        self.world.quirky.send(self.world.deployer, "setBlocked", who, who in self.money.blocked)

    def _pause(self, rng: Any) -> None:
        name = "unpause" if self.paused else "pause"
        self.refused("AccessManagedUnauthorized", self.world.rogue, self.world.escrow, name)
        if self.paused or rng.random() < 0.3:
            self.attempt((), self.world.deployer, self.world.escrow, name)
            self.paused = not self.paused

    # Thieves and givers

    def steal(self, rng: Any) -> None:
        """What only contracts of ours may do, somebody else tries."""
        world, account = self.world, (digest(1), digest(2), rng.choice(self.world.tokens))
        if self.books.accounts:
            account = rng.choice(list(self.books.accounts.values())).struct
        claim = (account, (0, world.thief, PPM), [])
        work = rng.choice(list(self.rights.works))
        attempts: list[tuple[str, Any, str, tuple[Any, ...]]] = [
            ("RoyaltyAccounts_NotDesk", world.escrow, "openHold", (account[0],)),
            ("RoyaltyAccounts_NotDesk", world.escrow, "closeHold", (account[0],)),
            ("RoyaltyAccounts_NotDesk", world.escrow, "holdAccount", (account, 1)),
            ("RoyaltyAccounts_NotDesk", world.escrow, "releaseAccount", (account, release(0, world.rivals.root, PPM))),
            ("RoyaltyAccounts_NotDesk", world.escrow, "lockBond", (world.operator, account[2], 1)),
            ("RoyaltyAccounts_NotDesk", world.escrow, "unlockBond", (world.operator, account[2], 1)),
            ("RoyaltyVault_NotRecovery", world.escrow, "readdress", (claim, world.thief)),
            ("WorkRegistry_NotDesk", world.catalogue, "openContest", (work,)),
            ("WorkRegistry_NotDesk", world.catalogue, "closeContest", (work,)),
            ("WorkRegistry_NotDesk", world.catalogue, "bar", (work,)),
        ]
        who = rng.choice((world.thief, world.arbiter, world.deployer))
        for reason, contract, name, arguments in rng.sample(attempts, 4):
            self.refused(reason, who, contract, name, *arguments)

    def give(self, rng: Any) -> None:
        """Dust that nobody asked for: it stays where it is, and changes nothing."""
        contract = rng.choice((self.world.escrow, self.world.desk, self.world.training)).address
        self.attempt((), self.world.thief, self.world.usd, "transfer", contract, 1)
        self.money.move(self.world.usd.address, self.world.thief, contract, 1)
        self.gifts[self.world.usd.address, contract] += 1
        self.run({"TrainingPool_NotEscrow"}, "coin", self.world.thief, self.world.training.address, b"", 1)
