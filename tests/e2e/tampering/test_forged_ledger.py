"""The operator rebuilds ledger, shares, sound and record around a lie, and commits them with valid digests.

Every document agrees with every other, so only generating the piece again can find these.
"""

from __future__ import annotations

import pytest

from contrafact.domain import events
from contrafact.domain.digests import sha256

from . import lies
from .stage import Scene
from .verdicts import blamed, only_about

pytestmark = pytest.mark.slow

LIES = (
    lies.one_responsibility_moved,
    lies.every_note_skimmed,
    lies.pitch_altered,
    lies.duration_altered,
    lies.onset_altered,
    lies.bar_altered,
    lies.note_left_out,
    lies.note_added,
    lies.piece_cut_short,
    lies.token_of_a_draw_altered,
    lies.drawn_integer_altered,
    lies.margin_altered,
    lies.draws_left_out,
    lies.blamed_on_rounding,
    lies.another_piece_blamed_on_rounding,
)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_consistent_lie_about_the_events(scene: Scene, lie: lies.Lie) -> None:
    stage = scene.stage
    delivery = stage.retold(lie(stage.attempts[0].generation, stage.quote))
    assert delivery.record.events != stage.honest.record.events
    report = scene.settle(delivery)
    blamed(report, "order", stage.order_id, "replay")
    only_about(report, stage.order_id)


def test_ledger_whose_columns_name_other_works(scene: Scene) -> None:
    stage = scene.stage
    delivery = stage.retold(lies.columns_exchanged(stage.attempts[0].generation, stage.quote))
    blamed(scene.settle(delivery), "order", stage.order_id, "events", "replay")


@pytest.mark.parametrize("amount", [1, 20_000])
def test_shares_that_sum_but_do_not_follow_from_the_ledger(scene: Scene, amount: int) -> None:
    stage = scene.stage
    forged = lies.moved_share(stage.honest.record, stage.quote, amount)
    report = scene.settle(stage.honest.saying(sources=forged.sources))
    blamed(report, "order", stage.order_id, "events")
    only_about(report, stage.order_id)


def test_share_moved_to_the_models_own_pool(scene: Scene) -> None:
    stage = scene.stage
    record = stage.honest.record
    giver, _ = lies.giver_and_taker([source.share for source in record.sources], stage.quote)
    amount = (stage.quote.max_base_share - record.base_share) // 4
    forged = lies.with_shares(record, {giver: -amount})
    report = scene.settle(stage.honest.saying(sources=forged.sources, base_share=record.base_share + amount))
    blamed(report, "order", stage.order_id, "events")


@pytest.mark.parametrize(
    "garbage",
    [b"{}", b"[" * 100_000],
    ids=["another document", "deeply nested"],
)
def test_ledger_that_is_none_under_its_right_digest(scene: Scene, garbage: bytes) -> None:
    stage = scene.stage
    forged = stage.honest.saying(events=sha256(garbage))
    scene.site.store.put(garbage)
    blamed(scene.settle(forged), "order", stage.order_id, "events")


def test_ledger_of_silence(scene: Scene) -> None:
    """A sound document without a note: whatever the shares, they do not follow from it."""
    stage = scene.stage
    silent = lies.emptied(stage.attempts[0].generation)
    scene.site.store.put(data := events.to_bytes(silent.events))
    blamed(scene.settle(stage.honest.saying(events=sha256(data))), "order", stage.order_id, "events")
