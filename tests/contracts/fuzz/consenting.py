"""Rules about what models learnt from: questions, answers, proofs, stopped models and fines, by anybody, and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..chain import NATIVE
from ..consents import ANSWER_TIME, NOWHERE, Leaf, in_force
from ..disputes import MIN_BOND
from .disputing import Disputing
from .money import ANY
from .people import ABSENT, BARE, FORETOLD, GOOD, STALE
from .stage import COMMITTED, Order, needs

QUESTIONED, ANSWERED, MISSING = "questioned", "answered", "missing"


@dataclass
class Inquiry:
    who: str
    until: int
    status: str


class Consenting(Disputing):
    def begin(self) -> None:
        super().begin()
        self.inquiries: dict[tuple[bytes, str], Inquiry] = {}  # by model and leaf
        self.fined: set[tuple[bytes, str, str, str]] = set()  # model, leaf, operator, token

    def consent(self, rng: Any) -> None:
        """Any two steps about one leaf."""
        key = rng.choice(self.world.trained), rng.choice((GOOD, GOOD, STALE, BARE, FORETOLD, ABSENT))
        for step in rng.sample((self._question, self._answer, self._finish, self._prove, self._punish), 2):
            step(rng, key)

    def consent_to_the_end(self, rng: Any) -> None:
        """A leaf is asked about, and answered or not; what is found costs every operator, once."""
        key = rng.choice(self.world.trained), rng.choice((GOOD, GOOD, STALE, BARE, FORETOLD, ABSENT, ABSENT))
        self._question(rng, key)
        if key[1] == FORETOLD:
            self._come_true()
        if rng.random() < 0.7:
            self._answer(rng, key)
            self._answer(rng, key)
        for step in rng.sample((self._prove, self._finish, self._question), 2):
            step(rng, key)
        self._punish(rng, key)

    # Questions and proofs

    def _question(self, rng: Any, key: tuple[bytes, str]) -> None:
        asker = rng.choice((self.world.claimant, self.world.rogue, self.world.doll.address, self.world.thief))
        forged = Leaf(self.world.thief, self.world.leaves[key[1]].content, 1).to_abi()
        for leaf, value in ((forged, MIN_BOND), (self._leaf(key), rng.choice((MIN_BOND, MIN_BOND, MIN_BOND + 1)))):
            reasons = {"DisputeDesk_AlreadyQuestioned"} if leaf != forged and key in self.inquiries else set()
            reasons |= {"ModelRegistry_NotLearntFrom"} if leaf == forged else set()
            reasons |= {"Payments_WrongPayment"} if value != MIN_BOND else set()
            arguments = (key[0], leaf, self._proof(key))
            if self.attempt(reasons, asker, self.world.desk, "questionConsent", *arguments, value=value):
                self.inquiries[key] = Inquiry(asker, self.world.chain.now + ANSWER_TIME, QUESTIONED)
                self._take_bond(NATIVE, asker, MIN_BOND)

    def _answer(self, rng: Any, key: tuple[bytes, str]) -> None:
        inquiry, kind = self.inquiries.get(key), rng.choice((key[1], key[1], GOOD))
        if inquiry and rng.random() < 0.3:
            self._wait(rng, inquiry.until)
        reasons = self._against_ending(key)
        if inquiry and self.world.chain.now > inquiry.until:
            reasons.add("DisputeDesk_AnswerTimeOver")
        if kind != GOOD or key[1] != GOOD:
            reasons.add(ANY)
        consent = (self._version(kind), *self.world.wording[kind], NOWHERE, [], [])
        if self.attempt(reasons, self.world.thief, self.world.desk, "answerConsent", key[0], self._leaf(key), consent):
            assert inquiry
            inquiry.status = ANSWERED
            self._pay_bond(NATIVE, self.world.operator, MIN_BOND)

    def _finish(self, rng: Any, key: tuple[bytes, str]) -> None:
        inquiry = self.inquiries.get(key)
        if inquiry and rng.random() < 0.7:
            self._wait(rng, inquiry.until)
        reasons = self._against_ending(key)
        if inquiry and self.world.chain.now <= inquiry.until:
            reasons.add("DisputeDesk_AnswerTimeNotOver")
        if self.attempt(reasons, self.world.thief, self.world.desk, "finishQuestion", key[0], self._leaf(key)):
            assert inquiry
            inquiry.status = MISSING
            self._pay_bond(NATIVE, inquiry.who, MIN_BOND)

    def _prove(self, rng: Any, key: tuple[bytes, str]) -> None:
        finder, before = (
            rng.choice((self.world.rival, self.world.rogue, self.world.boss.address)),
            self.inquiries.get(key),
        )
        own = (0, *self.world.wording[BARE])
        holds = {STALE: [in_force(3)], BARE: [own, in_force(2)], FORETOLD: [in_force(2)]}.get(key[1], [])
        wrong = [in_force(1), in_force(2), in_force(4), (0, *self.world.wording[GOOD])]
        evidence = rng.choice((*holds, *holds, *wrong))
        reasons = set() if evidence in holds else {ANY}
        reasons |= {"DisputeDesk_AlreadyMissing"} if before and before.status == MISSING else set()
        arguments = (key[0], self._leaf(key), self._proof(key), evidence)
        if self.attempt(reasons, finder, self.world.desk, "proveNoConsent", *arguments):
            self.inquiries[key] = Inquiry(finder, 0, MISSING)
            if before and before.status == QUESTIONED:
                self._pay_bond(NATIVE, before.who, MIN_BOND)

    def _against_ending(self, key: tuple[bytes, str]) -> set[str]:
        open_ = key in self.inquiries and self.inquiries[key].status == QUESTIONED
        return set() if open_ else {"DisputeDesk_NotQuestioned"}

    # What follows

    def _punish(self, rng: Any, key: tuple[bytes, str]) -> None:
        token = rng.choice(self.world.tokens)
        if rng.random() < 0.5:  # what is being withdrawn is fined too
            self._ask_back(self.world.operator, token, self.bond(self.world.operator, token).free // 2)
        self._stop(key, rng.choice(self.world.tokens))
        for _ in range(2):
            self._fine(key, token, self.world.operator, "fineRegistrant", self._at(key, token))
        for order in [one for one in self.orders if one.commit and one.deal.quote.model_id == key[0]][:2]:
            self._fine_operator(key, order)

    def _at(self, key: tuple[bytes, str], token: str) -> tuple[Any, ...]:
        return key[0], self._leaf(key), self.world.models[key[0]][0].root, token

    def _stop(self, key: tuple[bytes, str], token: str) -> None:
        if self.attempt(
            self._against_following(key), self.world.thief, self.world.desk, "stopModel", *self._at(key, token)
        ):
            self._stopped(key[0], token)

    def _stopped(self, model_id: bytes, token: str) -> None:
        place, now = (model_id, self.world.models[model_id][0].root, token), self.world.chain.now
        rate, sunset = self.rights.rates[place]
        self.rights.rates[place] = rate, min(sunset or now, now)

    def _fine_operator(self, key: tuple[bytes, str], order: Order) -> None:
        arguments = (self._leaf(key), *self._committed(order, order.use))
        self._fine(key, order.token, order.operator, "fineOperator", arguments)

    def _fine(self, key: tuple[bytes, str], token: str, operator: str, name: str, arguments: tuple[Any, ...]) -> None:
        bond = self.bond(operator, token)
        fine = (bond.amount - bond.covering + bond.leaving) * 50_000 // 1_000_000
        reasons = self._against_following(key)
        reasons |= {"DisputeDesk_AlreadyFined"} if (*key, operator, token) in self.fined else set()
        reasons |= set() if fine else {"DisputeDesk_NothingToFine"}
        if self.attempt(reasons, self.world.thief, self.world.desk, name, *arguments):
            self.fined.add((*key, operator, token))
            self._stopped(key[0], token)
            bond.lock(fine)
            bond.pay(fine, fine)
            self.credit(key[0], self.world.models[key[0]][0], token, fine - fine // 10)
            self.push(self.world.escrow.address, token, self.inquiries[key].who, fine // 10)

    def _against_following(self, key: tuple[bytes, str]) -> set[str]:
        found = key in self.inquiries and self.inquiries[key].status == MISSING
        return set() if found else {"DisputeDesk_NotMissing"}

    @needs(lambda self: any(order.commit for order in self.orders))
    def fine_for_another_model(self, rng: Any) -> None:
        """An order of one model shows nobody who sells another."""
        order = self._some_order(rng, COMMITTED)
        found = [key for key, one in self.inquiries.items() if one.status == MISSING]
        if order.commit and found and order.deal.quote.model_id not in {model_id for model_id, _ in found}:
            arguments = (self._leaf(rng.choice(found)), *self._committed(order, order.use))
            self.refused("DisputeDesk_NotMissing", self.world.thief, self.world.desk, "fineOperator", *arguments)

    # Leaves

    def _leaf(self, key: tuple[bytes, str]) -> tuple[str, bytes, int]:
        return self.world.leaves[key[1]].to_abi()

    def _proof(self, key: tuple[bytes, str]) -> list[bytes]:
        return self.world.manifest_proof(key[1])

    def _version(self, kind: str) -> int:
        """The version that has the leaf's licence, if any has it."""
        leaf = self.world.leaves[kind]
        work = self.rights.works.get(leaf.work_id(self.world))
        licences = [word >> 40 for word in work.licences] if work else []
        return licences.index(leaf.licence) + 1 if leaf.licence in licences else 1

    def _come_true(self) -> None:
        """The terms that a manifest foretold are set, too late."""
        work = self.rights.works[self.world.leaves[FORETOLD].work_id(self.world)]
        self._set_terms(work, self.world.foretold)  # type: ignore[attr-defined]

    def _wait(self, rng: Any, until: int) -> None:
        self.world.chain.travel(max(self.world.chain.now, until + rng.choice((-1, 0, 1))))
