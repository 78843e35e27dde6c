"""Epochs of the training pool: see training_pool.tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from eth_typing import Hash32

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from .amounts import Amounts, Place, path
from .chain import NATIVE, Receipt, reverts
from .disputes import REASONS, DisputeWorld, dispute_world, interface_id  # noqa: F401  (the fixture `world`)
from .hostile import Quirk, Reaction, assert_guarded, puppet, quirk, react
from .trees import parent_of, step_of
from .world import DAY, claim, digest, even

BASE = 200_000  # what the base of the world's orders earns: 500,000 * 4 units * 10 %
CLAIM_PERIOD = 730 * DAY


def pool_split(world: DisputeWorld) -> Split:
    return Split.of([(world.training.address, PPM)])


def model(world: DisputeWorld, weights: int = 77) -> bytes:
    """A model whose training pool is the contract."""
    return world.register_model(pool_split(world), weights)


def earn(world: DisputeWorld, model_id: bytes, token: str | None = None) -> None:
    """The model's base earns `BASE`."""
    root = pool_split(world).root
    quote = world.quote(token=token or world.usd.address, model_id=model_id, pool_root=root)
    world.commit(world.funded(quote))


def collect(world: DisputeWorld, model_id: bytes, token: str | None = None) -> Receipt:
    return world.training.send(world.relayer, "collect", model_id, token or world.usd.address)


def pot(world: DisputeWorld, model_id: bytes, token: str | None = None) -> tuple[int, int]:
    """What the next epoch will have, and how many there were."""
    amount, epochs = world.training.get("potOf", model_id, token or world.usd.address)
    return amount, epochs


def close(
    world: DisputeWorld, root: bytes, model_id: bytes, token: str | None = None, total: int | None = None
) -> Receipt:
    """By default all that is in the pot."""
    token = token or world.usd.address
    total = pot(world, model_id, token)[0] if total is None else total
    return world.training.send(world.operator, "closeEpoch", model_id, token, root, total, REASONS)


def epoch(world: DisputeWorld, root: bytes, model_id: bytes, token: str | None = None, total: int | None = None) -> int:
    receipt = close(world, root, model_id, token, total)
    return int(world.event(receipt, "EpochClosed").args["epoch"])


def closed(world: DisputeWorld, root: bytes, token: str | None = None) -> tuple[bytes, int]:
    """A model and its first epoch, of `BASE`."""
    model_id = model(world)
    earn(world, model_id, token)
    collect(world, model_id, token)
    return model_id, epoch(world, root, model_id, token)


def draw(
    world: DisputeWorld, model_id: bytes, number: int, leaf: Place, steps: Sequence[Any], token: str | None = None
) -> Receipt:
    arguments = (model_id, token or world.usd.address, number, leaf.to_abi(), list(steps))
    return world.training.send(world.relayer, "claimEpoch", *arguments)


def draw_from(world: DisputeWorld, model_id: bytes, number: int, tree: Amounts, at: int) -> Receipt:
    return draw(world, model_id, number, tree.leaves[at], tree.proof(at))


def place(world: DisputeWorld, model_id: bytes, token: str | None = None) -> Any:
    """The `Claim` struct of the contract's place in the model's pool."""
    return claim(model_id, pool_split(world), token or world.usd.address, 0)


def three(world: DisputeWorld, total: int = BASE) -> Amounts:
    return Amounts.of(list(zip(world.strangers(3), even(3, total), strict=True)))


# collect


@pytest.mark.parametrize("token", ["native", "usd", "quirky"])
def test_what_a_base_earns_is_collected_by_anybody(world: DisputeWorld, token: str) -> None:
    token = {"native": NATIVE, "usd": world.usd.address, "quirky": world.quirky.address}[token]
    assert world.training.get("poolRoot") == pool_split(world).root
    model_id = model(world)
    for times in (1, 2):
        earn(world, model_id, token)
        receipt = collect(world, model_id, token)
        assert world.event(receipt, "Collected").args == {"modelId": model_id, "token": token, "amount": BASE}
        assert pot(world, model_id, token) == (times * BASE, 0)
        assert world.balance(token, world.training.address) == times * BASE
    others = {NATIVE, world.usd.address, world.quirky.address} - {token}
    assert [pot(world, model_id, other)[0] for other in others] == [0, 0]


def test_there_must_be_something_to_collect(world: DisputeWorld) -> None:
    model_id = model(world)
    token = world.usd.address
    for _ in range(2):
        with reverts("TrainingPool_NothingToCollect", model_id, token):
            collect(world, model_id)
        earn(world, model_id)
        collect(world, model_id)
        with reverts("TrainingPool_NothingToCollect", model_id, token):
            collect(world, model_id)
    with reverts("TrainingPool_NothingToCollect", world.model_id, token):  # its pool is elsewhere
        collect(world, world.model_id)


def test_nobody_confirms_or_claims_the_place_of_the_contract(world: DisputeWorld) -> None:
    model_id = model(world)
    earn(world, model_id)
    place_ = place(world, model_id)
    with reverts("RoyaltyVault_NotConfirmed", world.training.address, 0):
        world.escrow.send(world.operator, "claim", place_)
    signature = bytes(world.chain.keys[world.operator].unsafe_sign_hash(Hash32(digest(1))).signature)
    for given in (b"", signature):
        with reverts("RoyaltyVault_BadConfirmation", world.training.address, 0):
            world.escrow.send(world.operator, "confirm", [place_], [given])
    with reverts("WorkRegistry_UnknownWork", model_id):
        world.recovery.send(world.operator, "startReaddressing", place_, world.operator)
    world.escrow.send(world.operator, "payout", [place_])  # skips it
    assert world.balance(world.usd.address, world.training.address) == 0


@pytest.mark.parametrize("how", ["claim", "payout"])
@pytest.mark.parametrize("token", ["native", "usd"])
def test_money_that_others_send_on_is_counted_once_for_its_model(world: DisputeWorld, how: str, token: str) -> None:
    token = {"native": NATIVE, "usd": world.usd.address}[token]
    first, second = model(world), model(world, 78)
    for model_id in (first, second):
        earn(world, model_id, token)
        collect(world, model_id, token)  # confirms the place
        earn(world, model_id, token)
    earn(world, first, token)
    place_ = place(world, first, token)
    world.escrow.send(world.relayer, how, place_ if how == "claim" else [place_])
    assert world.balance(token, world.training.address) == 4 * BASE
    collect(world, second, token)
    assert (pot(world, first, token)[0], pot(world, second, token)[0]) == (BASE, 2 * BASE)
    earn(world, first, token)
    collect(world, first, token)
    assert (pot(world, first, token)[0], pot(world, second, token)[0]) == (4 * BASE, 2 * BASE)
    with reverts("TrainingPool_NothingToCollect"):
        collect(world, second, token)


def test_what_arrives_is_counted_where_a_token_has_come_to_take_a_fee(world: DisputeWorld) -> None:
    token = world.quirky.address
    first, second = model(world), model(world, 78)
    for model_id in (first, second):
        earn(world, model_id, token)
    collect(world, first, token)
    earn(world, first, token)
    quirk(world, Quirk.TAKES_FEE)
    world.escrow.send(world.relayer, "claim", place(world, first, token))  # by somebody else: counted when collected
    collect(world, second, token)
    collect(world, first, token)
    counted = [pot(world, model_id, token)[0] for model_id in (first, second)]
    assert sum(counted) == world.balance(token, world.training.address) == 3 * BASE - 2 * BASE // 100


def test_coin_is_taken_from_the_escrow_only(world: DisputeWorld) -> None:
    with reverts("TrainingPool_NotEscrow", world.maker):
        world.chain.transact(world.maker, world.training.address, b"", 1)


# closeEpoch


def test_what_is_taken_from_the_pot_becomes_the_next_epoch(world: DisputeWorld) -> None:
    model_id, token = model(world), world.usd.address
    left = 0
    for number, root, total in ((1, digest(8), BASE - 7), (2, digest(9), 1), (3, digest(9), BASE + 6 + BASE - 1)):
        earn(world, model_id)
        collect(world, model_id)
        left += BASE - total
        receipt = close(world, root, model_id, total=total)
        until = world.chain.now + CLAIM_PERIOD
        assert world.event(receipt, "EpochClosed").args == {
            "modelId": model_id,
            "token": token,
            "epoch": number,
            "root": root,
            "total": total,
            "evidenceDigest": REASONS,
            "openUntil": until,
        }
        assert world.training.get("epochOf", model_id, token, number) == (root, total, total, until)
        assert pot(world, model_id) == (left, number)
    assert left == 0 + 1


def test_nobody_spoils_a_close_by_collecting_before_it(world: DisputeWorld) -> None:
    """The tree was made for what was in the pot; what comes in after that stays for the next epoch."""
    tree, model_id = three(world), model(world)
    earn(world, model_id)
    collect(world, model_id)
    total = pot(world, model_id)[0]
    earn(world, model_id)
    collect(world, model_id)
    number = epoch(world, tree.root, model_id, total=total)
    draw_from(world, model_id, number, tree, 1)
    assert pot(world, model_id)[0] == BASE


def test_only_the_registrant_closes_what_there_is(world: DisputeWorld) -> None:
    model_id, token = model(world), world.usd.address
    with reverts("TrainingPool_NotInPot", model_id, token, 1, 0):
        close(world, digest(8), model_id, total=1)
    earn(world, model_id)
    collect(world, model_id)
    for total in (0, BASE + 1, 2**128 + BASE, 2**256 - 1):
        with reverts("TrainingPool_NotInPot", model_id, token, total, BASE):
            close(world, digest(8), model_id, total=total)
    with reverts("TrainingPool_NotInPot", model_id, NATIVE, BASE, 0):
        close(world, digest(8), model_id, NATIVE, BASE)
    with reverts("TrainingPool_NotRegistrant", model_id, world.relayer):
        world.training.send(world.relayer, "closeEpoch", model_id, token, digest(8), BASE, REASONS)
    with reverts("ModelRegistry_UnknownModel", digest(5)):
        close(world, digest(8), digest(5), total=BASE)
    for root, evidence in ((bytes(32), REASONS), (digest(8), bytes(32))):
        with reverts("TrainingPool_EmptyDigest"):
            world.training.send(world.operator, "closeEpoch", model_id, token, root, BASE, evidence)


# claimEpoch


@pytest.mark.parametrize("token", ["native", "usd"])
def test_each_holder_is_sent_its_very_amount_once(world: DisputeWorld, token: str) -> None:
    token = {"native": NATIVE, "usd": world.usd.address}[token]
    tree = three(world)
    model_id, number = closed(world, tree.root, token)
    left = BASE
    for leaf in tree.leaves:
        steps = tree.proof(leaf.index)
        assert not world.training.get("isClaimed", model_id, token, number, leaf.index)
        receipt = draw(world, model_id, number, leaf, steps, token)
        left -= leaf.amount
        args = {"modelId": model_id, "token": token, "epoch": number}
        args |= {"index": leaf.index, "holder": leaf.holder, "amount": leaf.amount}
        assert world.event(receipt, "EpochClaimed").args == args
        assert world.balance(token, leaf.holder) == leaf.amount
        assert world.training.get("isClaimed", model_id, token, number, leaf.index)
        with reverts("TrainingPool_AlreadyClaimed", leaf.index):
            draw(world, model_id, number, leaf, steps, token)
    assert world.training.get("epochOf", model_id, token, number)[2] == left == 0  # to the unit
    assert world.balance(token, world.training.address) == 0


def test_a_tree_has_up_to_a_million_leaves(metered: DisputeWorld) -> None:
    (holder,) = metered.strangers(1)
    far, deeper = path(holder, 5, 20, BASE), path(holder, 5, 21, BASE)
    model_id, number = closed(metered, far.root)
    receipt = draw(metered, model_id, number, far.leaf, far.steps)
    assert metered.balance(metered.usd.address, holder) == 5
    assert receipt["gas_used"] < 130_000
    earn(metered, model_id)
    collect(metered, model_id)
    number = epoch(metered, deeper.root, model_id)
    with reverts("TrainingPool_InvalidProof"):
        draw(metered, model_id, number, deeper.leaf, deeper.steps)


def test_only_leaves_of_the_epochs_tree_are_paid(world: DisputeWorld) -> None:
    tree = three(world)
    other = Amounts.of([(world.maker, 1), (world.relayer, BASE - 1)])
    model_id, number = closed(world, tree.root)
    forged = Place(0, tree.leaves[0].holder, BASE)
    steps = tree.proof(0)
    for leaf, given in ((forged, steps), (tree.leaves[1], steps), (tree.leaves[0], steps[1:]), (forged, [])):
        with reverts("TrainingPool_InvalidProof"):
            draw(world, model_id, number, leaf, given)
    with reverts("TrainingPool_InvalidProof"):
        draw_from(world, model_id, number, other, 0)


@pytest.mark.parametrize("whole", [BASE - 1, BASE + 1, 2 * BASE, PPM])
def test_a_tree_that_is_not_the_total_pays_nobody(world: DisputeWorld, whole: int) -> None:
    leaf = path(world.maker, BASE // 2, 1, whole)
    model_id, number = closed(world, leaf.root)
    with reverts("TrainingPool_InvalidProof"):
        draw(world, model_id, number, leaf.leaf, leaf.steps)


def test_a_tree_that_lies_about_its_sums_pays_no_more_than_the_total(world: DisputeWorld) -> None:
    """Both leaves ask for all of it; whichever sums the nodes claim, at most one can be proved."""
    leaves = [Place(i, who, BASE) for i, who in enumerate(world.strangers(2))]
    for claimed in ((BASE, 0), (0, BASE), (BASE, BASE), (BASE // 2, BASE // 2)):
        root = parent_of(leaves[0].node, leaves[1].node, claimed)[0]
        model_id = model(world, 100 + sum(claimed) // 3 + claimed[0] // 7)
        earn(world, model_id)
        collect(world, model_id)
        number, paid = epoch(world, root, model_id), 0
        for at, leaf in enumerate(leaves):
            step = step_of((leaves[1 - at].node[0], claimed[1 - at]), left=at == 1)
            if claimed[at] == BASE and sum(claimed) == BASE:
                draw(world, model_id, number, leaf, [step])
                paid += 1
                continue
            with reverts("TrainingPool_InvalidProof"):
                draw(world, model_id, number, leaf, [step])
        assert paid == (sum(claimed) == BASE and BASE in claimed)


@pytest.mark.parametrize("other", [2**255 - 1, 2**255 - BASE, 2**128, 2**128 - 1])
def test_no_sum_overflows(world: DisputeWorld, other: int) -> None:
    """Siblings whose sums would wrap around to the total."""
    leaf = Place(0, world.maker, BASE)
    node = parent_of(leaf.node, (digest(1), 0), (BASE, other))
    root = parent_of(node, (digest(2), 0), (BASE + other, 2**256 - other))[0]
    model_id, number = closed(world, root)
    steps = [step_of((digest(1), other), left=False), (digest(2), 2 * (2**255 - other % 2**255) % 2**256)]
    with reverts("TrainingPool_InvalidProof"):
        draw(world, model_id, number, leaf, steps)


def test_of_leaves_with_one_index_one_is_paid(world: DisputeWorld) -> None:
    first, second = world.strangers(2)
    tree = Amounts((Place(3, first, BASE * 2 // 5), Place(3, second, BASE * 3 // 5)))
    model_id, number = closed(world, tree.root)
    draw_from(world, model_id, number, tree, 1)
    with reverts("TrainingPool_AlreadyClaimed", 3):
        draw_from(world, model_id, number, tree, 0)
    world.chain.travel(world.chain.now + CLAIM_PERIOD + 1)
    world.training.send(world.relayer, "carry", model_id, world.usd.address, number)
    assert pot(world, model_id)[0] == BASE * 2 // 5


def test_there_must_be_something_to_claim(world: DisputeWorld) -> None:
    leaf = path(world.maker, 0, 1, BASE)
    model_id, number = closed(world, leaf.root)
    with reverts("TrainingPool_NothingToClaim"):
        draw(world, model_id, number, leaf.leaf, leaf.steps)
    for unknown in (0, number + 1):
        with reverts("TrainingPool_NoEpoch", model_id, world.usd.address, unknown):
            draw(world, model_id, unknown, leaf.leaf, leaf.steps)


@pytest.mark.parametrize("reaction", [Reaction.REJECT, Reaction.BURN_GAS])
def test_a_holder_that_cannot_receive_can_be_paid_later(world: DisputeWorld, reaction: Reaction) -> None:
    doll = puppet(world, reaction)
    tree = Amounts.of([(doll.address, BASE // 4), (world.training.address, BASE * 3 // 4)])
    model_id, number = closed(world, tree.root, NATIVE)
    steps = [tree.proof(i) for i in range(2)]
    with reverts("Payments_TransferFailed", doll.address, BASE // 4):
        draw(world, model_id, number, tree.leaves[0], steps[0], NATIVE)
    react(world, doll, Reaction.ACCEPT)
    draw(world, model_id, number, tree.leaves[0], steps[0], NATIVE)
    assert world.chain.balance(doll.address) == BASE // 4
    with reverts("Payments_TransferFailed", world.training.address, BASE * 3 // 4):  # to itself: it would be lost
        draw(world, model_id, number, tree.leaves[1], steps[1], NATIVE)


@pytest.mark.parametrize("token", ["native", "usd"])
def test_nothing_is_sent_to_nobody(world: DisputeWorld, token: str) -> None:
    token = {"native": NATIVE, "usd": world.usd.address}[token]
    leaf = path(NATIVE, BASE // 4, 1, BASE)
    model_id, number = closed(world, leaf.root, token)
    with reverts("Payments_TransferFailed", NATIVE, BASE // 4):
        draw(world, model_id, number, leaf.leaf, leaf.steps, token)


@pytest.mark.parametrize("name", ["claimEpoch", "claimEpochs", "collect"])
def test_a_holder_that_reenters_meets_the_guard(world: DisputeWorld, name: str) -> None:
    doll = puppet(world)
    tree = Amounts.of([(doll.address, BASE // 4), (doll.address, BASE * 3 // 4)])
    model_id, number = closed(world, tree.root, NATIVE)
    earn(world, model_id, NATIVE)
    steps = [tree.proof(i) for i in range(2)]
    second = (model_id, NATIVE, number, tree.leaves[1].to_abi(), steps[1])
    calls: dict[str, tuple[Any, ...]] = {
        "claimEpoch": second,
        "claimEpochs": ([second],),
        "collect": (model_id, NATIVE),
    }
    doll.send(world.relayer, "setReentry", world.training.address, world.training.data(name, *calls[name]))
    draw(world, model_id, number, tree.leaves[0], steps[0], NATIVE)
    assert_guarded(doll, 1)
    assert world.chain.balance(doll.address) == BASE // 4


# claimEpochs


def batched(world: DisputeWorld, model_id: bytes, number: int, tree: Amounts, at: int, token: str | None = None) -> Any:
    """The `EpochClaim` struct."""
    return model_id, token or world.usd.address, number, tree.leaves[at].to_abi(), tree.proof(at)


def test_one_transaction_claims_from_several_models_tokens_and_epochs(world: DisputeWorld) -> None:
    tree, usd = three(world), world.usd.address
    claims = []
    for weights, token in ((77, usd), (78, NATIVE), (79, usd)):
        model_id = model(world, weights)
        for _ in range(2):
            earn(world, model_id, token)
            collect(world, model_id, token)
            claims.append(batched(world, model_id, epoch(world, tree.root, model_id, token), tree, 0, token))
    receipt = world.training.send(world.relayer, "claimEpochs", claims)
    assert len(world.chain.events(receipt, "EpochClaimed")) == 6
    holder, amount = tree.leaves[0].holder, tree.leaves[0].amount
    assert (world.balance(usd, holder), world.balance(NATIVE, holder)) == (4 * amount, 2 * amount)


def test_what_is_paid_already_is_left_out_of_a_batch(world: DisputeWorld) -> None:
    tree = three(world)
    model_id, number = closed(world, tree.root)
    one, two = (batched(world, model_id, number, tree, at) for at in (0, 1))
    world.training.send(world.relayer, "claimEpoch", *one)
    assert world.training.get("claimEpochs", [one, two, two]) == 1
    world.training.send(world.relayer, "claimEpochs", [one, two, two])
    assert [world.balance(world.usd.address, tree.leaves[at].holder) for at in (0, 1)] == [
        tree.leaves[at].amount for at in (0, 1)
    ]
    assert world.training.get("epochOf", model_id, world.usd.address, number)[2] == tree.leaves[2].amount


def test_a_batch_with_a_wrong_claim_pays_nothing(world: DisputeWorld) -> None:
    tree = three(world)
    model_id, number = closed(world, tree.root)
    good = batched(world, model_id, number, tree, 0)
    for bad, reason in (
        ((*good[:3], (1, *good[3][1:]), good[4]), "InvalidProof"),
        ((*good[:2], 9, *good[3:]), "NoEpoch"),
    ):
        with reverts(f"TrainingPool_{reason}"):
            world.training.send(world.relayer, "claimEpochs", [good, bad])
    assert world.balance(world.usd.address, tree.leaves[0].holder) == 0


# carry


def test_what_is_left_is_carried_into_the_next_epoch(world: DisputeWorld) -> None:
    tree, token = three(world), world.usd.address
    model_id, number = closed(world, tree.root)
    draw_from(world, model_id, number, tree, 0)
    until = world.training.get("epochOf", model_id, token, number)[3]
    world.chain.travel(until)
    with reverts("TrainingPool_TooEarly", until):
        world.training.get("carry", model_id, token, number)
    draw_from(world, model_id, number, tree, 1)  # until it is carried
    left = tree.leaves[2].amount
    receipt = world.training.send(world.relayer, "carry", model_id, token, number)
    args = {"modelId": model_id, "token": token, "epoch": number, "amount": left}
    assert world.event(receipt, "EpochCarried").args == args
    with reverts("TrainingPool_NoEpoch", model_id, token, number):
        draw_from(world, model_id, number, tree, 2)
    with reverts("TrainingPool_NoEpoch", model_id, token, number):
        world.training.send(world.relayer, "carry", model_id, token, number)
    earn(world, model_id)
    collect(world, model_id)
    tree = three(world, BASE + left)
    number = epoch(world, tree.root, model_id)
    assert world.training.get("epochOf", model_id, token, number)[1] == BASE + left
    draw_from(world, model_id, number, tree, 2)


def test_several_models_and_epochs_are_kept_to_the_unit(world: DisputeWorld) -> None:
    """Everybody claims everything: what stays is what is in no epoch."""
    token = world.usd.address
    models = [model(world, 77), model(world, 78)]
    epochs = []
    for times in (1, 2):
        tree = three(world, times * BASE - 1)
        for model_id in models:
            for _ in range(times):
                earn(world, model_id)
            collect(world, model_id)
            epochs.append((model_id, epoch(world, tree.root, model_id, total=tree.total), tree))
    earn(world, models[0])
    collect(world, models[0])
    for model_id, number, tree in epochs:
        for index in (2, 0, 1):
            draw_from(world, model_id, number, tree, index)
    assert [world.training.get("epochOf", model_id, token, number)[2] for model_id, number, _ in epochs] == [0] * 4
    assert [pot(world, model_id)[0] for model_id in models] == [BASE + 2, 2]
    assert world.balance(token, world.training.address) == BASE + 4


def test_the_pool_names_its_interface(world: DisputeWorld) -> None:
    names = (
        "collect", "closeEpoch", "claimEpoch", "claimEpochs", "carry", "poolRoot", "potOf", "epochOf", "isClaimed",
    )  # fmt: skip
    for own in (names, ("supportsInterface",)):
        assert world.training.get("supportsInterface", interface_id(world.training, *own))
    assert not world.training.get("supportsInterface", b"\xff" * 4)
