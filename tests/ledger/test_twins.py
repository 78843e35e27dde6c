"""What Python computes is what the contracts compute."""

from __future__ import annotations

from contrafact.domain.splits import account_id
from contrafact.domain.terms import NATIVE

from .scene import Scene


def test_order_id_is_the_contracts(scene: Scene) -> None:
    deal = scene.deal()
    assert scene.reader.order_id_of(deal.quote) == deal.order_id


def test_escrow_is_the_contracts(scene: Scene) -> None:
    for token in (NATIVE, scene.dollar):
        for duration in (1, 30, 31, 600):
            deal = scene.deal(token, duration=duration)
            assert scene.reader.escrow_of(deal.quote) == deal.quote.escrow


def test_terms_hash_is_the_contracts(scene: Scene) -> None:
    for work, terms in zip(scene.works, scene.terms, strict=True):
        assert scene.reader.terms_hash(work, 1) == terms.hash()
    assert scene.reader.terms_hash(scene.works[0], 2) == bytes(32)


def test_account_id_is_that_of_the_credit(scene: Scene) -> None:
    scene.settle(scene.deal(works=(1,)))
    to_work, to_pool = scene.reader.credited()
    assert to_work.account == account_id(scene.works[1], scene.metadata[1].split.root, NATIVE)
    assert to_pool.account == account_id(scene.model_id, scene.model.pool_split.root, NATIVE)


def test_ids_can_be_known_before_registration(scene: Scene) -> None:
    assert scene.reader.work_id_of(scene.address("bach"), scene.metadata[0].content) == scene.works[0]
    assert scene.reader.model_id_of(scene.address("operator"), scene.model.weights) == scene.model_id
