"""What is prepared for wallets does what it says, signed by a plain key; what would fail is told before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.digests import sha256
from contrafact.domain.epoch_tree import EpochClaim, EpochTree
from contrafact.domain.splits import account_id
from contrafact.domain.terms import Terms, Use
from contrafact.ledger.pool_writer import PoolWriter
from contrafact.ledger.prepared import Preparer, Steps
from contrafact.ledger.prepared.royalties import RoyaltySteps
from contrafact.ports import PlaceStatus

from .scene import Scene
from .wallet import preparer_of, refusal, send, sign


@pytest.fixture
def preparer(scene: Scene) -> Preparer:
    return preparer_of(scene)


@pytest.fixture
def royalties(preparer: Preparer) -> RoyaltySteps:
    return RoyaltySteps(preparer)


# Works


def test_a_licensors_actions_are_sent_by_its_wallet(scene: Scene, preparer: Preparer) -> None:
    works, bach = preparer.calls.works, scene.address("bach")
    new = replace(scene.metadata[0], title="Another", content=sha256(b"another"))
    send(scene, "bach", preparer.steps(works.register(new), bach))
    work = scene.reader.work_id_of(bach, new.content)
    send(scene, "bach", preparer.steps(works.set_terms(work, new.split.root, scene.terms[1]), bach))
    assert scene.reader.terms_history()[-1].terms == scene.terms[1]
    other = replace(new, split=scene.metadata[2].split)
    send(scene, "bach", preparer.steps(works.change_split(work, other, Terms.opted_out()), bach))
    assert scene.reader.split_history()[-1].split_root == other.split.root
    assert scene.reader.terms_history()[-1].terms == Terms.opted_out()
    send(scene, "bach", preparer.steps(works.transfer_licensor(work, scene.address("anon")), bach))
    send(scene, "anon", preparer.steps(works.accept_licensor(work), scene.address("anon")))
    assert scene.reader.licensor_of(work) == scene.address("anon")


def test_terms_are_told_in_words_with_the_works_name(scene: Scene, preparer: Preparer) -> None:
    terms = replace(scene.terms[0], uses=frozenset({Use.PRIVATE}), downstream=50_000)
    call = preparer.calls.works.set_terms(scene.works[0], scene.metadata[0].split.root, terms)
    (one,) = preparer.steps(call, scene.address("bach")).transactions
    assert one.shown.purpose == "Set a work's licence terms"
    said = dict(one.shown.values)
    assert said["Work"] == f"Tune 0 (0x{scene.works[0].hex()})"
    assert "to train: yes · to condition pieces: private" in said["Terms"]
    assert "private 0.000000000000001 ETH, private 0.001 TUSD" in said["Terms"]
    assert "5% of later revenue" in said["Terms"]


def test_a_refusal_is_told_before_anybody_pays(scene: Scene, preparer: Preparer) -> None:
    call = preparer.calls.works.set_terms(scene.works[0], scene.metadata[0].split.root, scene.terms[0])
    steps = preparer.steps(call, scene.address("stranger"))
    assert steps.transactions[0].gas is None
    said = steps.to_dict()["transactions"][0]["simulation"]
    assert said["outcome"] == "refused"
    assert said["error"]["contract_error"] == "WorkRegistry_NotLicensor"
    assert said["error"]["hint"] == "Sign with the licensor's account."


# Royalties


def test_a_holder_confirms_and_claims_with_its_wallet(scene: Scene, royalties: RoyaltySteps) -> None:
    scene.settle(scene.deal(scene.dollar))
    claim, holder = scene.claim(1, 1, scene.dollar), scene.address("arranger")
    amount = scene.reader.claimable(claim)
    send(scene, "arranger", royalties.claim([claim], holder))
    assert amount > 0
    assert scene.reader.claimable(claim) == 0
    other = scene.claim(2, 0, scene.dollar)
    send(scene, "arranger", Steps(royalties.confirm([other], holder).transactions))
    assert (
        scene.reader.place(account_id(other.beneficiary, other.split_root, other.token), 0).status
        is PlaceStatus.CONFIRMED
    )


def test_signed_confirmations_are_handed_in_and_paid_out_by_anybody(scene: Scene, royalties: RoyaltySteps) -> None:
    scene.settle(scene.deal(scene.dollar))
    claims, stranger = [scene.claim(1, 0, scene.dollar), scene.claim(1, 2, scene.dollar)], scene.address("stranger")
    signed = []
    for claim, role in zip(claims, ("composer", "publisher"), strict=True):
        (message,) = royalties.confirm([claim], scene.address(role)).messages
        assert dict(message.shown.values)["Work or model"].startswith("Tune 1")
        signed.append(sign(scene, role, message.document))
    send(scene, "stranger", royalties.hand_in(claims, signed, stranger))
    send(scene, "stranger", royalties.payout(claims, stranger))
    assert [scene.reader.claimable(claim) for claim in claims] == [0, 0]
    assert scene.reader.balance(scene.address("publisher"), scene.dollar) > 0


def test_thresholds_and_owed_money(scene: Scene, preparer: Preparer) -> None:
    call = preparer.calls.royalties.set_threshold(scene.dollar, 2_500_000)
    (one,) = preparer.steps(call, scene.address("composer")).transactions
    assert dict(one.shown.values)["Lowest payout"] == "2.50 TUSD"
    send(scene, "composer", Steps((one,)))
    assert scene.reader.threshold(scene.address("composer"), scene.dollar) == 2_500_000
    owed = preparer.calls.royalties.withdraw_owed(scene.dollar, scene.address("composer"))
    assert refusal(preparer.steps(owed, scene.address("composer"))) is not None


def test_a_claimant_contests_a_work_with_the_least_bond(scene: Scene, royalties: RoyaltySteps) -> None:
    split = scene.split("stranger")
    steps = royalties.contest(scene.works[0], split.root, sha256(b"reasons"), scene.address("stranger"))
    assert steps.transactions[0].value > 0
    assert dict(steps.transactions[0].shown.values)["Bond"].endswith("ETH")
    send(scene, "stranger", steps)
    assert scene.reader.is_contested(scene.works[0])


def test_a_collection_is_anchored_brought_in_and_withdrawn(scene: Scene, preparer: Preparer) -> None:
    works, bach, stranger = preparer.calls.works, scene.address("bach"), scene.address("stranger")
    file, form = b"a tune", b"its form"
    metadata = replace(scene.metadata[0], content=sha256(file), source_form=sha256(form))
    collection = Collection.of("Tunes", [CollectedWork(metadata, scene.terms[0], file, form)])
    send(scene, "bach", preparer.steps(works.anchor(collection), bach))
    send(scene, "stranger", preparer.steps(works.materialise(bach, collection, metadata.content), stranger))
    assert scene.reader.licensor_of(scene.reader.work_id_of(bach, metadata.content)) == bach
    send(scene, "bach", preparer.steps(works.withdraw(collection.root), bach))
    assert scene.reader.anchored_since(bach, collection.root) == 0


def test_a_part_of_an_epoch_is_claimed_by_anybody(scene: Scene, preparer: Preparer) -> None:
    scene.settle(scene.deal(scene.dollar))
    pot, pool = (scene.model_id, scene.dollar), preparer.calls.pool
    send(scene, "stranger", preparer.steps(pool.collect(pot), scene.address("stranger")))
    tree = EpochTree.of([(scene.address("composer"), 40), (scene.address("publisher"), 60)])
    PoolWriter(scene.connection, scene.deployment, scene.keys["operator"]).close_epoch(
        pot, tree.root, tree.total, sha256(b"record")
    )
    claim = EpochClaim(*pot, 1, tree.leaves[1], tree.proof(1))
    steps = preparer.steps(pool.claim_epochs([claim]), scene.address("stranger"))
    assert dict(steps.transactions[0].shown.values)["Amounts"] == "0.00006 TUSD"
    send(scene, "stranger", steps)
    assert scene.reader.balance(scene.address("publisher"), scene.dollar) == 60
