"""Allow-lists and approvals, asked for when an order is funded: see grants.tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from contrafact.domain.allow_list import AllowList
from contrafact.domain.grants import Grant, grants
from contrafact.domain.orders import Quote, approval_message, order_id
from contrafact.domain.terms import Terms
from contrafact.domain.typed_data import Eip712Domain

from .chain import NATIVE, Contract, reverts
from .hostile import malleated, puppet
from .permits import ask
from .world import Catalogued, World, digest

NOBODY = Grant()


@pytest.fixture
def work(world: World) -> Catalogued:
    return world.catalogue_works[0]


def strangers(count: int) -> list[str]:
    return [f"0x{i + 1:040x}" for i in range(count)]


def models(count: int) -> list[bytes]:
    return [digest(9_000 + i) for i in range(count)]


def listed(world: World, work: Catalogued, allow: AllowList) -> Catalogued:
    return world.set_terms(work, world.terms(allow=allow))


# Lists


@pytest.mark.parametrize("others", [0, 1, 2, 6])
def test_a_listed_operator_is_permitted(world: World, work: Catalogued, others: int) -> None:
    work = listed(world, work, AllowList.of([world.operator, *strangers(others)]))
    ask(world, world.quote([work]), [work.terms])


@pytest.mark.parametrize("others", [0, 1, 2, 6])
def test_a_listed_model_is_permitted(world: World, work: Catalogued, others: int) -> None:
    work = listed(world, work, AllowList.of(models=[world.model_id, *models(others)]))
    ask(world, world.quote([work]), [work.terms])


def test_one_list_holds_operators_and_models(world: World, work: Catalogued) -> None:
    allow = AllowList.of([world.operator, *strangers(2)], [world.model_id, *models(3)])
    work = listed(world, work, allow)
    ask(world, world.quote([work]), [work.terms])


def test_the_side_without_a_list_is_free(world: World, work: Catalogued) -> None:
    by_model = listed(world, work, AllowList.of(models=[world.model_id]))
    ask(world, world.quote([by_model], operator=world.relayer), [by_model.terms])
    by_operator = listed(world, work, AllowList.of([world.operator]))
    ask(world, world.quote([by_operator], base_rate=7), [by_operator.terms])  # another model


def test_an_operator_that_is_not_listed_is_refused(world: World, work: Catalogued) -> None:
    allow = AllowList.of([world.operator, *strangers(3)])
    work = listed(world, work, allow)
    somebody_elses = Grant(operator_proof=allow.operator_proof(world.operator))
    for grant in (somebody_elses, NOBODY):
        with reverts("Licensing_OperatorNotListed", work.work_id, world.relayer):
            ask(world, world.quote([work], operator=world.relayer), [work.terms], [grant])


def test_a_listed_operator_must_prove_it(world: World, work: Catalogued) -> None:
    allow = AllowList.of([world.operator, *strangers(3)])
    work = listed(world, work, allow)
    proof = allow.operator_proof(world.operator)
    for wrong in ((), proof[:-1], (*proof, digest(1)), allow.operator_proof(strangers(1)[0])):
        with reverts("Licensing_OperatorNotListed", work.work_id, world.operator):
            ask(world, world.quote([work]), [work.terms], [Grant(operator_proof=wrong)])


def test_a_model_that_is_not_listed_is_refused(world: World, work: Catalogued) -> None:
    allow = AllowList.of(models=[world.model_id, *models(3)])
    work = listed(world, work, allow)
    other = world.quote([work], base_rate=7)
    for grant in (Grant(model_proof=allow.model_proof(world.model_id)), NOBODY):
        with reverts("Licensing_ModelNotListed", work.work_id, other.model_id):
            ask(world, other, [work.terms], [grant])


def test_the_proof_of_one_side_is_none_for_the_other(world: World, work: Catalogued) -> None:
    allow = AllowList.of([world.operator], [world.model_id])
    work = listed(world, work, allow)
    operator, model = allow.operator_proof(world.operator), allow.model_proof(world.model_id)
    with reverts("Licensing_OperatorNotListed", work.work_id, world.operator):
        ask(world, world.quote([work]), [work.terms], [Grant(model, model)])
    with reverts("Licensing_ModelNotListed", work.work_id, world.model_id):
        ask(world, world.quote([work]), [work.terms], [Grant(operator, operator)])


def test_an_empty_list_permits_nobody(world: World, work: Catalogued) -> None:
    work = listed(world, work, AllowList(True, False))
    with reverts("Licensing_OperatorNotListed", work.work_id, world.operator):
        ask(world, world.quote([work]), [work.terms], [NOBODY])


# Approvals


def approved(world: World, work: Catalogued) -> Catalogued:
    return world.set_terms(work, world.terms(approval=True))


def approval(world: World, quote: Quote, work_id: bytes, signer: str, domain: Eip712Domain | None = None) -> bytes:
    """The signature of `signer` over this order, for the world's escrow unless another domain is given."""
    domain = domain or world.domain
    message = approval_message(order_id(quote, domain), work_id, domain)
    return bytes(world.chain.keys[signer].sign_message(message).signature)


def ask_with(world: World, quote: Quote, terms: Sequence[Terms], signatures: Mapping[bytes, bytes]) -> None:
    ask(world, quote, terms, grants(quote, terms, signatures))


def test_an_approved_order_is_permitted(world: World, work: Catalogued) -> None:
    work = approved(world, work)
    quote = world.quote([work])
    ask_with(world, quote, [work.terms], {work.work_id: approval(world, quote, work.work_id, work.licensor)})


def test_another_order_is_not_approved(world: World, work: Catalogued) -> None:
    work = approved(world, work)
    quote = world.quote([work])
    signature = approval(world, quote, work.work_id, work.licensor)
    for changed in (world.quote([work]), replace(quote, maker=world.relayer), replace(quote, duration=96)):
        with reverts("Licensing_NotApproved", work.work_id):
            ask_with(world, changed, [work.terms], {work.work_id: signature})


def test_an_approval_for_another_work_does_not_count(world: World) -> None:
    works = [approved(world, work) for work in world.catalogue_works if work.licensor == world.licensor]
    quote = world.quote(works)
    terms = [work.terms for work in works]
    first, second = ({work.work_id: approval(world, quote, work.work_id, world.licensor)} for work in works)
    ask_with(world, quote, terms, first | second)
    swapped = dict(zip(first | second, (second | first).values(), strict=True))
    with reverts("Licensing_NotApproved", works[0].work_id):
        ask_with(world, quote, terms, swapped)
    with reverts("Licensing_NotApproved", works[1].work_id):
        ask_with(world, quote, terms, first | {works[1].work_id: next(iter(first.values()))})


@pytest.mark.parametrize(
    "break_it",
    [lambda s: b"", lambda s: s[:64], lambda s: bytes(65), lambda s: s[:64] + b"\x00", malleated],
    ids=["missing", "short", "zero", "no recovery id", "malleated"],
)
def test_a_broken_approval_is_refused(world: World, work: Catalogued, break_it: Callable[[bytes], bytes]) -> None:
    work = approved(world, work)
    quote = world.quote([work])
    signature = break_it(approval(world, quote, work.work_id, work.licensor))
    with reverts("Licensing_NotApproved", work.work_id):
        ask(world, quote, [work.terms], [Grant(approval=signature)])


def test_nobody_else_approves(world: World, work: Catalogued) -> None:
    work = approved(world, work)
    quote = world.quote([work])
    for signer in (world.maker, world.operator, world.deployer):
        with reverts("Licensing_NotApproved", work.work_id):
            ask_with(world, quote, [work.terms], {work.work_id: approval(world, quote, work.work_id, signer)})


def test_an_approval_counts_for_one_escrow_and_chain(world: World, work: Catalogued) -> None:
    work = approved(world, work)
    quote = world.quote([work])
    for domain in (Eip712Domain(world.domain.chain_id, world.usd.address), Eip712Domain(1, world.escrow.address)):
        signature = approval(world, quote, work.work_id, work.licensor, domain)
        with reverts("Licensing_NotApproved", work.work_id):
            ask_with(world, quote, [work.terms], {work.work_id: signature})


def test_the_order_is_that_of_the_contract_which_asks(world: World, work: Catalogued) -> None:
    work = approved(world, work)
    quote = world.quote([work])
    grant = Grant(approval=approval(world, quote, work.work_id, work.licensor))
    arguments = (quote.to_abi(), [list(work.terms.to_words())], [grant.to_abi()])
    world.catalogue.get("requirePermitted", *arguments, sender=world.escrow.address)
    with reverts("Licensing_NotApproved", work.work_id):
        world.catalogue.get("requirePermitted", *arguments, sender=world.relayer)


def test_only_the_new_licensor_approves_after_a_transfer(world: World, work: Catalogued) -> None:
    work = approved(world, work)
    quote = world.quote([work])
    world.catalogue.send(work.licensor, "transferLicensor", work.work_id, world.relayer)
    by_old = {work.work_id: approval(world, quote, work.work_id, work.licensor)}
    by_new = {work.work_id: approval(world, quote, work.work_id, world.relayer)}
    ask_with(world, quote, [work.terms], by_old)
    world.catalogue.send(world.relayer, "acceptLicensor", work.work_id)
    ask_with(world, quote, [work.terms], by_new)
    with reverts("Licensing_NotApproved", work.work_id):
        ask_with(world, quote, [work.terms], by_old)


def work_of(world: World, licensor: Contract) -> Catalogued:
    """A work whose licensor is a contract, which approves each order."""
    terms = world.terms(approval=True)
    registration = (digest(70), digest(71), digest(72), world.pool.root, bytes(32))
    work_id = world.catalogue.get("workIdOf", licensor.address, digest(70))
    for data in (
        world.catalogue.data("register", registration),
        world.catalogue.data("setTerms", work_id, world.pool.root, list(terms.to_words())),
    ):
        licensor.send(world.relayer, "perform", world.catalogue.address, data)
    return Catalogued(work_id, licensor.address, world.pool, terms, 2)


def test_a_licensor_that_is_a_contract_is_asked(world: World) -> None:
    work = work_of(world, puppet(world, owner=world.licensor))
    quote = world.quote([work])
    ask_with(world, quote, [work.terms], {work.work_id: approval(world, quote, work.work_id, world.licensor)})
    with reverts("Licensing_NotApproved", work.work_id):
        ask_with(world, quote, [work.terms], {work.work_id: approval(world, quote, work.work_id, world.relayer)})


# Both, and how many


def test_lists_and_approval_are_both_asked_for(world: World, work: Catalogued) -> None:
    allow = AllowList.of([world.operator, *strangers(2)], [world.model_id])
    work = world.set_terms(work, world.terms(allow=allow, approval=True))
    quote = world.quote([work])
    signatures = {work.work_id: approval(world, quote, work.work_id, work.licensor)}
    (whole,) = grants(quote, [work.terms], signatures)
    ask(world, quote, [work.terms], [whole])
    for grant, error in (
        (replace(whole, operator_proof=()), "Licensing_OperatorNotListed"),
        (replace(whole, model_proof=()), "Licensing_ModelNotListed"),
        (replace(whole, approval=b""), "Licensing_NotApproved"),
    ):
        with reverts(error):
            ask(world, quote, [work.terms], [grant])


def test_grants_stand_in_the_order_of_the_sources_that_ask(world: World) -> None:
    free, *asking = world.catalogue_works
    allows = [AllowList.of([world.operator, *strangers(i + 1)]) for i in range(2)]
    asking = [listed(world, work, allow) for work, allow in zip(asking, allows, strict=True)]
    quote, terms = world.quote([free, *asking]), [free.terms, *(work.terms for work in asking)]
    given = grants(quote, terms, {})
    assert len(given) == 2
    ask(world, quote, terms, given)
    with reverts("Licensing_OperatorNotListed", asking[0].work_id, world.operator):
        ask(world, quote, terms, given[::-1])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_grants_must_be_as_many_as_are_asked_for(world: World, count: int) -> None:
    allow = AllowList.of([world.operator])
    works = [listed(world, work, allow) for work in world.catalogue_works[:2]]
    with reverts("Licensing_GrantCount", count):
        ask(world, world.quote(works), [work.terms for work in works], [NOBODY] * count)


def test_a_grant_that_nobody_asks_for_is_refused(world: World, work: Catalogued) -> None:
    with reverts("Licensing_GrantCount", 1):
        ask(world, world.quote([work]), [work.terms], [NOBODY])


@pytest.mark.parametrize("native", [True, False])
def test_an_order_is_funded_with_its_grants(world: World, work: Catalogued, native: bool) -> None:
    work = world.set_terms(work, world.terms(allow=AllowList.of([world.operator], [world.model_id]), approval=True))
    quote = world.quote([work], NATIVE if native else world.usd.address)
    signatures = {work.work_id: approval(world, quote, work.work_id, work.licensor)}
    deal = replace(world.deal(quote, [work.terms]), approvals=signatures)
    world.fund(deal)
    world.commit(deal)
    assert world.status(deal) == "committed"
