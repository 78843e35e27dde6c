"""What Python computes is what the contracts compute."""

from __future__ import annotations

from contrafact.domain.licences import licence_word
from contrafact.domain.order_state import committed_word, funded_word
from contrafact.domain.splits import account_id
from contrafact.domain.terms import NATIVE

from .scene import SALT, Scene


def test_order_id_is_the_contracts(scene: Scene) -> None:
    deal = scene.deal()
    assert scene.reader.order_id_of(deal.quote) == deal.order_id


def test_escrow_is_the_contracts(scene: Scene) -> None:
    for token in (NATIVE, scene.dollar):
        for duration in (1, 30, 31, 600):
            deal = scene.deal(token, duration=duration)
            assert scene.reader.escrow_of(deal.quote) == deal.quote.escrow


def test_licence_word_is_the_contracts(scene: Scene) -> None:
    times = [scene.connection.timestamp(version.block) for version in scene.reader.terms_history()]
    for work, metadata, terms, since in zip(scene.works, scene.metadata, scene.terms, times, strict=True):
        expected = licence_word(metadata.split.root, terms.to_words(), since)
        assert scene.reader.licence_of(work, 2) == expected
    assert scene.reader.licence_of(scene.works[0], 3) == 0


def test_words_of_an_order_are_the_contracts(scene: Scene) -> None:
    deal = scene.deal()
    scene.writer("maker").fund(*deal.fund_arguments())
    (funded,) = scene.reader.funded()
    assert scene.reader.order_state(deal.order_id) == funded_word(funded)
    commit, signature = scene.commit(deal)
    scene.writer("stranger").commit(deal.quote, SALT, commit, signature)
    assert scene.reader.order_state(deal.order_id) == committed_word(funded, commit)


def test_account_id_is_that_of_the_credit(scene: Scene) -> None:
    scene.settle(scene.deal(works=(1,)))
    to_pool, to_work = scene.reader.credited()
    assert to_work.account == account_id(scene.works[1], scene.metadata[1].split.root, NATIVE)
    assert to_pool.account == account_id(scene.model_id, scene.pool.root, NATIVE)


def test_ids_can_be_known_before_registration(scene: Scene) -> None:
    assert scene.reader.work_id_of(scene.address("bach"), scene.metadata[0].content) == scene.works[0]
    assert scene.reader.model_id_of(scene.address("operator"), scene.model.weights) == scene.model_id
