"""Questions, proofs and fines about what a model learnt from: see training_consent.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain import merkle
from contrafact.domain.splits import account_id

from .chain import NATIVE, Receipt, reverts
from .consents import (
    ANSWER_TIME,
    NOTICE,
    Leaf,
    Trained,
    answer,
    fine,
    finish,
    in_force,
    leaf_of,
    prove,
    question,
    stop,
    train,
    unregistered,
    versioned,
    words_of,
)
from .disputes import MIN_BOND, DisputeWorld, dispute_world, perform  # noqa: F401  (the fixture `world`)
from .hostile import Reaction, assert_guarded, puppet, react
from .test_dispute_challenges import challenge
from .test_training_pool import pool_split
from .world import DAY, EQUAL, Catalogued, digest

CONTENT = 800
BONDED = 10**29  # the operator's, in each token that is no coin
FINE = BONDED // 20
NONE, QUESTIONED, ANSWERED, MISSING = range(4)


def consenting(world: DisputeWorld) -> Catalogued:
    return world.catalogued(CONTENT, world.pool, world.licensor, world.terms())


def opted_out(world: DisputeWorld, content: int = CONTENT + 1) -> Catalogued:
    return world.catalogued(content, world.pool, world.licensor, world.terms(training=False))


def scene(world: DisputeWorld, **more: Any) -> tuple[Trained, Leaf, Leaf, Leaf]:
    """A model whose pool is the training pool, and its leaves: with consent, opted out, never registered."""
    leaves = leaf_of(consenting(world), CONTENT), leaf_of(opted_out(world), CONTENT + 1), unregistered()
    return train(world, leaves, pool_split(world), **more), *leaves


def evidence(world: DisputeWorld) -> Any:
    """That the opted-out leaf is no consent."""
    return words_of(world.terms(training=False), world.pool)


def found(world: DisputeWorld, **more: Any) -> tuple[Trained, Leaf]:
    """A model and its leaf that was proved to be without consent."""
    model, _, leaf, _ = scene(world, **more)
    prove(world, model, leaf, evidence(world))
    return model, leaf


def state(world: DisputeWorld, model: Trained, leaf: Leaf) -> tuple[int, str, int]:
    status, who, until = world.desk.get("consentOf", model.consent_id(leaf))
    return status, who, until


def bonds_paid(world: DisputeWorld, receipt: Receipt) -> list[tuple[str, int]]:
    return [(e.args["to"], e.args["amount"]) for e in world.chain.events(receipt, "ConsentBondPaid")]


def received(world: DisputeWorld, model: Trained, token: str) -> int:
    """What the model's pool has received in the escrow."""
    return int(world.escrow.get("received", account_id(model.model_id, model.pool.root, token)))


# proveNoConsent


def test_evidence_that_holds_is_enough(world: DisputeWorld) -> None:
    model, _, leaf, _ = scene(world)
    assert world.desk.get("consentIdOf", *model.at(leaf)) == model.consent_id(leaf)
    assert state(world, model, leaf) == (NONE, NATIVE, 0)
    receipt = prove(world, model, leaf, evidence(world), world.relayer)
    told = {"consentId": model.consent_id(leaf), "modelId": model.model_id, "finder": world.relayer}
    args = world.event(receipt, "ConsentMissing").args
    assert {name: args[name] for name in told} == told
    assert tuple(dict(args["leaf"]).values()) == leaf.to_abi()
    assert state(world, model, leaf) == (MISSING, world.relayer.lower(), 0)
    with reverts("DisputeDesk_AlreadyMissing", model.consent_id(leaf)):
        prove(world, model, leaf, evidence(world))


def test_the_version_in_force_is_evidence_too(world: DisputeWorld) -> None:
    work = consenting(world)
    leaf = leaf_of(work, CONTENT)
    newer = world.set_terms(work, world.terms(training=False))
    world.chain.travel(world.chain.now + NOTICE)
    model = train(world, [leaf])
    prove(world, model, leaf, in_force(newer.version))
    assert state(world, model, leaf)[0] == MISSING


def test_evidence_that_does_not_hold_is_refused(world: DisputeWorld) -> None:
    model, good, leaf, absent = scene(world)
    with reverts("ConsentProofs_Permitted", good.work_id(world)):
        prove(world, model, good, words_of(world.terms(), world.pool))
    with reverts("ConsentProofs_OtherLicence"):
        prove(world, model, absent, evidence(world))
    stranger = replace(leaf, registrant=world.maker)
    with reverts("ModelRegistry_NotLearntFrom", model.model_id, world.maker.lower(), stranger.content):
        world.desk.send(world.claimant, "proveNoConsent", *model.at(stranger, model.proof(leaf), evidence(world)))
    assert [state(world, model, each)[0] for each in (good, leaf, absent)] == [NONE] * 3


def test_a_proof_ends_an_open_question(world: DisputeWorld) -> None:
    model, _, leaf, _ = scene(world)
    question(world, model, leaf, world.rival)
    before = world.chain.balance(world.rival)
    receipt = prove(world, model, leaf, evidence(world))
    assert bonds_paid(world, receipt) == [(world.rival, MIN_BOND)]
    assert world.chain.balance(world.rival) - before == MIN_BOND
    assert state(world, model, leaf) == (MISSING, world.claimant.lower(), 0)
    for act in (
        lambda: answer(world, model, leaf, versioned(_work_of(world, leaf))),
        lambda: finish(world, model, leaf),
    ):
        with world.chain.undone(), reverts("DisputeDesk_NotQuestioned", model.consent_id(leaf)):
            act()


# questionConsent


def test_a_question_costs_a_bond_and_gives_time(world: DisputeWorld) -> None:
    model, good, _, _ = scene(world)
    receipt = question(world, model, good)
    until = world.chain.now + ANSWER_TIME
    args = world.event(receipt, "ConsentQuestioned").args
    assert tuple(dict(args.pop("leaf")).values()) == good.to_abi()
    assert args == {
        "consentId": model.consent_id(good),
        "modelId": model.model_id,
        "asker": world.claimant,
        "bond": MIN_BOND,
        "answerUntil": until,
    }
    assert state(world, model, good) == (QUESTIONED, world.claimant.lower(), until)
    assert world.chain.balance(world.desk.address) == MIN_BOND
    with reverts("DisputeDesk_AlreadyQuestioned", model.consent_id(good)):
        question(world, model, good, world.rival)


@pytest.mark.parametrize("value", [0, MIN_BOND - 1, MIN_BOND + 1])
def test_another_payment_is_refused(world: DisputeWorld, value: int) -> None:
    model, good, _, _ = scene(world)
    with reverts("Payments_WrongPayment", MIN_BOND, value):
        question(world, model, good, value=value)


def test_what_the_model_did_not_learn_from_is_no_question(world: DisputeWorld) -> None:
    model, good, leaf, _ = scene(world)
    with reverts("ModelRegistry_NotLearntFrom"):
        question(world, model, good, proof=model.proof(leaf))


def test_a_leaf_is_asked_about_once(world: DisputeWorld) -> None:
    """So that questions hurt nobody twice: an answer is for good, and so is a finding."""
    model, good, leaf, absent = scene(world)
    for each in (good, absent):
        question(world, model, each)
    answer(world, model, good, versioned(_work_of(world, good)))
    world.chain.travel(world.chain.now + ANSWER_TIME + 1)
    finish(world, model, absent)
    prove(world, model, leaf, evidence(world))
    for each in (good, leaf, absent):
        with reverts("DisputeDesk_AlreadyQuestioned", model.consent_id(each)):
            question(world, model, each, world.rival)


def _work_of(world: DisputeWorld, leaf: Leaf) -> Catalogued:
    """The consenting work of the scene."""
    return Catalogued(leaf.work_id(world), world.licensor, world.pool, world.terms(), 2)


# answerConsent


def test_a_consent_is_shown_by_anybody_until_the_last_second(world: DisputeWorld) -> None:
    model, good, _, _ = scene(world)
    question(world, model, good)
    until = state(world, model, good)[2]
    world.chain.travel(until - 1)
    before = world.chain.balance(world.operator)
    receipt = answer(world, model, good, versioned(_work_of(world, good)), world.relayer)
    assert world.chain.now == until
    told = {"consentId": model.consent_id(good), "modelId": model.model_id, "version": 2}
    assert world.event(receipt, "ConsentAnswered").args == told
    assert bonds_paid(world, receipt) == [(world.operator, MIN_BOND)]
    assert world.chain.balance(world.operator) - before == MIN_BOND
    assert world.chain.balance(world.desk.address) == 0
    assert state(world, model, good) == (ANSWERED, world.claimant.lower(), 0)
    for act in (
        lambda: answer(world, model, good, versioned(_work_of(world, good))),
        lambda: finish(world, model, good),
    ):
        with world.chain.undone(), reverts("DisputeDesk_NotQuestioned", model.consent_id(good)):
            act()


def test_only_a_consent_in_time_is_an_answer(world: DisputeWorld) -> None:
    model, good, leaf, absent = scene(world)
    consent = versioned(_work_of(world, good))
    with reverts("DisputeDesk_NotQuestioned", model.consent_id(good)):
        answer(world, model, good, consent)
    for each in (good, leaf, absent):
        question(world, model, each)
    with reverts("ConsentProofs_OtherLicence"):
        answer(world, model, absent, consent)
    with reverts("ConsentProofs_NotPermitted", leaf.work_id(world)):
        answer(world, model, leaf, versioned(replace(_work_of(world, leaf), terms=world.terms(training=False))))
    until = state(world, model, good)[2]
    world.chain.travel(until + 1)
    with reverts("DisputeDesk_AnswerTimeOver", until):
        answer(world, model, good, consent)


def test_a_registrant_that_cannot_receive_is_owed(world: DisputeWorld) -> None:
    doll = puppet(world, Reaction.REJECT)
    leaf = leaf_of(consenting(world), CONTENT)
    rates = [(world.usd.address, 1)]
    arguments = (digest(95), merkle.root([leaf.value]), world.pool.root, digest(79), 0, rates, EQUAL)
    receipt = perform(world, doll, world.catalogue, "registerModel", *arguments)
    model = Trained(bytes(world.event(receipt, "ModelRegistered").args["modelId"]), (leaf,), world.pool)
    question(world, model, leaf)
    answer(world, model, leaf, versioned(_work_of(world, leaf)))
    assert world.desk.get("owed", doll.address, NATIVE) == MIN_BOND


# finishQuestion


def test_a_question_without_an_answer_finds_it(world: DisputeWorld) -> None:
    model, _, _, absent = scene(world)
    with reverts("DisputeDesk_NotQuestioned", model.consent_id(absent)):
        finish(world, model, absent)
    question(world, model, absent)
    until = state(world, model, absent)[2]
    world.chain.travel(until)
    with reverts("DisputeDesk_AnswerTimeNotOver", until):
        world.desk.get("finishQuestion", *model.at(absent))
    world.chain.travel(until + 1)
    before = world.chain.balance(world.claimant)
    receipt = finish(world, model, absent)
    assert world.event(receipt, "ConsentMissing").args["finder"] == world.claimant
    assert bonds_paid(world, receipt) == [(world.claimant, MIN_BOND)]
    assert world.chain.balance(world.claimant) - before == MIN_BOND
    assert state(world, model, absent) == (MISSING, world.claimant.lower(), 0)
    fine(world, model, absent, world.usd.address)


# stopModel


def test_a_model_with_a_leaf_without_consent_takes_no_new_orders(world: DisputeWorld) -> None:
    model, leaf = found(world)
    token = world.usd.address
    change = {"model_id": model.model_id, "pool_root": model.pool.root}
    deal = world.deal(world.quote(**change))
    in_coin = world.deal(world.quote(token=NATIVE, **change))
    stop(world, model, leaf, token)
    now = world.chain.now
    with reverts("ModelRegistry_SunsetPassed", model.model_id, now):
        world.fund(deal)
    world.fund(in_coin)
    stop(world, model, leaf, token)  # again: nothing happens
    assert world.catalogue.get("baseRateOf", model.model_id, model.pool.root, token)[2] == now


def test_nothing_else_stops_a_model(world: DisputeWorld) -> None:
    model, good, leaf, absent = scene(world)
    question(world, model, absent)
    for each in (good, leaf, absent):
        with reverts("DisputeDesk_NotMissing", model.consent_id(each)):
            stop(world, model, each, NATIVE)
        with reverts("DisputeDesk_NotMissing", model.consent_id(each)):
            fine(world, model, each, NATIVE)
    prove(world, model, leaf, evidence(world))
    other = train(world, [leaf], weights=96)  # the finding is about one model
    with reverts("DisputeDesk_NotMissing", other.consent_id(leaf)):
        stop(world, other, leaf, NATIVE)
    for wrong, token in ((replace(model, pool=world.pool), NATIVE), (model, world.catalogue.address)):
        for act in (stop, fine):
            with reverts("ModelRegistry_NotOffered", model.model_id, wrong.pool.root, token.lower()):
                act(world, wrong, leaf, token)


# fineRegistrant


@pytest.mark.parametrize("token", ["native", "usd"])
def test_a_leaf_without_consent_costs_a_part_of_the_bond(world: DisputeWorld, token: str) -> None:
    token = {"native": NATIVE, "usd": world.usd.address}[token]
    model, leaf = found(world)
    bonded, locked = world.escrow.get("bondOf", world.operator, token)
    amount, before = bonded // 20, world.balance(token, world.claimant)
    receipt = fine(world, model, leaf, token)
    place = {"consentId": model.consent_id(leaf), "operator": world.operator, "token": token}
    told = {"finder": world.claimant, "toFinder": amount // 10, "toPool": amount - amount // 10}
    assert world.event(receipt, "ConsentFined").args == place | told
    paid = {"operator": world.operator, "orderId": model.consent_id(leaf), "token": token, "amount": amount}
    assert world.event(receipt, "BondPaid").args == paid
    assert world.event(receipt, "Credited").args["orderId"] == model.consent_id(leaf)
    assert world.balance(token, world.claimant) - before == amount // 10
    assert received(world, model, token) == amount - amount // 10
    assert tuple(world.escrow.get("bondOf", world.operator, token)) == (bonded - amount, locked) == (bonded - amount, 0)
    assert world.catalogue.get("baseRateOf", model.model_id, model.pool.root, token)[2] == world.chain.now
    assert world.desk.get("isFined", model.consent_id(leaf), world.operator, token)
    with reverts("DisputeDesk_AlreadyFined", model.consent_id(leaf), world.operator.lower(), token.lower()):
        fine(world, model, leaf, token)
    world.training.send(world.relayer, "collect", model.model_id, token)
    assert world.training.get("potOf", model.model_id, token)[0] == amount - amount // 10


def test_each_leaf_and_each_token_costs_for_itself(world: DisputeWorld) -> None:
    leaves = [leaf_of(opted_out(world, CONTENT + i), CONTENT + i) for i in range(2)]
    model = train(world, leaves, pool_split(world))
    for leaf in leaves:
        prove(world, model, leaf, evidence(world))
        for token in (world.usd.address, world.quirky.address):
            fine(world, model, leaf, token)
    left = BONDED - FINE
    assert world.escrow.get("bondOf", world.operator, world.usd.address)[0] == left - left // 20


def test_leaving_does_not_save_a_bond(world: DisputeWorld) -> None:
    model, leaf = found(world)
    token = world.usd.address
    world.escrow.send(world.operator, "requestWithdrawal", token, BONDED - FINE // 4)
    receipt = fine(world, model, leaf, token)
    assert world.event(receipt, "BondLocked").args["fromWithdrawal"] == FINE - FINE // 4
    assert world.escrow.get("bondOf", world.operator, token) == (0, 0)
    assert world.escrow.get("withdrawalOf", world.operator, token)[0] == BONDED - FINE


def test_what_covers_open_orders_is_never_taken(world: DisputeWorld) -> None:
    model, leaf = found(world)
    token, escrow = world.usd.address, 10_250_000
    world.escrow.send(world.operator, "requestWithdrawal", token, BONDED - escrow - 39)
    world.chain.travel(world.chain.now + 22 * DAY)
    world.escrow.send(world.operator, "withdrawBond", token)
    world.fund(deal := world.deal(world.quote()))
    receipt = fine(world, model, leaf, token)  # 5 % of 39
    args = world.event(receipt, "ConsentFined").args
    assert (args["toFinder"], args["toPool"]) == (0, 1)
    assert world.escrow.get("bondOf", world.operator, token) == (escrow + 38, escrow)
    world.commit(deal)


def test_open_challenges_do_not_protect_a_bond(world: DisputeWorld) -> None:
    model, leaf = found(world)
    token = world.usd.address
    world.escrow.send(world.operator, "requestWithdrawal", token, BONDED - 10_250_000)
    world.chain.travel(world.chain.now + 22 * DAY)
    world.escrow.send(world.operator, "withdrawBond", token)
    deal = world.funded()
    world.commit(deal)
    challenge(world, deal)  # asks for all of the bond
    fine(world, model, leaf, token)
    assert world.escrow.get("bondOf", world.operator, token) == (10_250_000 - 512_500, 10_250_000)
    world.desk.send(world.arbiter, "ruleChallenge", deal.quote.to_abi(), [1, 2, 3], 10_250_000 - 512_500 - 6)
    assert world.escrow.get("bondOf", world.operator, token) == (0, 0)


def test_who_has_no_bond_is_fined_once_there_is_one(world: DisputeWorld) -> None:
    model, leaf = found(world, sender=world.relayer)
    token = world.usd.address
    with reverts("DisputeDesk_NothingToFine", world.relayer.lower(), token.lower()):
        fine(world, model, leaf, token)
    assert not world.desk.get("isFined", model.consent_id(leaf), world.relayer, token)
    world.escrow.send(world.operator, "depositBond", world.relayer, token, 1000)
    fine(world, model, leaf, token)
    assert world.escrow.get("bondOf", world.relayer, token)[0] == 950


def test_a_finder_that_cannot_receive_is_owed(world: DisputeWorld) -> None:
    model, _, leaf, _ = scene(world)
    doll = puppet(world)
    perform(world, doll, world.desk, "proveNoConsent", *model.at(leaf, model.proof(leaf), evidence(world)))
    react(world, doll, Reaction.BURN_GAS)
    fine(world, model, leaf, NATIVE)
    assert world.escrow.get("owed", doll.address, NATIVE) == 10**20 // 20 // 10


@pytest.mark.parametrize("name", ["fineRegistrant", "proveNoConsent", "finishQuestion", "answerConsent"])
def test_a_finder_that_reenters_meets_the_guard(world: DisputeWorld, name: str) -> None:
    model, good, leaf, absent = scene(world)
    doll = puppet(world)
    perform(world, doll, world.desk, "proveNoConsent", *model.at(leaf, model.proof(leaf), evidence(world)))
    question(world, model, good)
    question(world, model, absent)
    calls: dict[str, tuple[Any, ...]] = {
        "fineRegistrant": model.at(leaf, model.pool.root, NATIVE),
        "proveNoConsent": model.at(leaf, model.proof(leaf), evidence(world)),
        "finishQuestion": model.at(absent),
        "answerConsent": model.at(good, versioned(_work_of(world, good))),
    }
    doll.send(world.relayer, "setReentry", world.desk.address, world.desk.data(name, *calls[name]))
    fine(world, model, leaf, NATIVE)
    assert_guarded(doll, 1)


# fineOperator


def fine_operator(world: DisputeWorld, leaf: Leaf, deal: Any, **changes: Any) -> Receipt:
    given = {"salt": deal.salt, "commit": world.commit_of(deal), "use": deal.quote.use} | changes
    order = (deal.quote.to_abi(), given["salt"], given["commit"].to_abi(), given["use"])
    return world.desk.send(world.relayer, "fineOperator", leaf.to_abi(), *order)


def test_the_operator_of_an_order_pays_whoever_registered_the_model(world: DisputeWorld) -> None:
    model, leaf = found(world, sender=world.relayer)
    change = {"model_id": model.model_id, "pool_root": model.pool.root}
    deal, open_ = world.funded(**change), world.funded(**change)
    with reverts("GenerationEscrow_WrongStatus"):
        fine_operator(world, leaf, deal)
    world.commit(deal)
    before = received(world, model, world.usd.address)
    covered = 10_250_000  # of the order that is open
    receipt = fine_operator(world, leaf, deal)
    amount = (BONDED - covered) // 20
    args = world.event(receipt, "ConsentFined").args
    assert (args["operator"], args["toFinder"] + args["toPool"]) == (world.operator, amount)
    assert received(world, model, world.usd.address) - before == args["toPool"] == amount - amount // 10
    with reverts("DisputeDesk_AlreadyFined"):
        fine_operator(world, leaf, deal)
    with reverts("ModelRegistry_SunsetPassed"):
        world.funded(**change)
    world.commit(open_)


def test_only_an_order_of_the_model_shows_its_operator(world: DisputeWorld) -> None:
    model, leaf = found(world)
    deal = world.funded()
    world.commit(deal)
    other = replace(model, model_id=deal.quote.model_id)
    with reverts("DisputeDesk_NotMissing", other.consent_id(leaf)):
        fine_operator(world, leaf, deal)
    with reverts("GenerationEscrow_WrongResult"):
        fine_operator(world, leaf, deal, use=0)


def test_the_registrant_pays_once_also_as_an_operator(world: DisputeWorld) -> None:
    model, leaf = found(world)
    deal = world.funded(model_id=model.model_id, pool_root=model.pool.root)
    world.commit(deal)
    fine(world, model, leaf, world.usd.address)
    with reverts("DisputeDesk_AlreadyFined", model.consent_id(leaf), world.operator.lower(), world.usd.address.lower()):
        fine_operator(world, leaf, deal)
