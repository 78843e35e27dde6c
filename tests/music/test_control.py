"""The gate prefers who is behind, and new weights count from when they are given."""

from __future__ import annotations

import numpy as np
import pytest

from contrafact.music.control import BASE_TARGET, ShareController

BAR = 96


def played(controller: ShareController, bars: int) -> np.ndarray:
    """Let whoever the gate prefers write each bar alone; the time that each component got."""
    before = controller.realised.copy()
    for bar in range(bars):
        gates = controller.gate(bar, BAR)
        writer = np.eye(len(gates))[gates.argmax()]
        controller.heard(writer, BAR * writer)
    return controller.realised - before


@pytest.mark.parametrize("weights", [(1,), (3, 1), (5, 3, 2)])
def test_the_gate_prefers_who_is_behind(weights: tuple[int, ...]) -> None:
    components = 1 + len(weights)
    target = np.concatenate(([BASE_TARGET], (1 - BASE_TARGET) * np.array(weights) / sum(weights)))
    for component in range(components):
        even, behind = (ShareController(weights) for _ in range(2))
        even.heard(np.zeros(components), target * 960)
        behind.heard(np.zeros(components), target * 960 - 50 * np.eye(components)[component])
        assert behind.gate(0, BAR)[component] > even.gate(0, BAR)[component]


def test_shares_come_out_as_the_weights_ask() -> None:
    time = played(ShareController((500_000, 300_000, 200_000)), 200)
    np.testing.assert_allclose(time / time.sum(), [0.06, 0.47, 0.282, 0.188], atol=0.02)


def test_new_weights_count_from_where_they_are_given() -> None:
    controller = ShareController((800_000, 200_000))
    played(controller, 100)
    controller.change((200_000, 800_000))
    time = played(controller, 100)
    np.testing.assert_allclose(time / time.sum(), [0.06, 0.188, 0.752], atol=0.03)


def test_a_source_steered_to_nothing_writes_nothing() -> None:
    controller = ShareController((500_000, 500_000))
    played(controller, 10)
    controller.change((1_000_000, 0))
    assert controller.gate(0, BAR)[2] == 0
    assert played(controller, 40)[2] == 0


def test_without_strength_the_weights_alone_decide() -> None:
    controller = ShareController((750_000, 250_000), strength=0.0)
    controller.heard(np.zeros(3), np.array([0.0, 960.0, 0.0]))
    np.testing.assert_allclose(controller.gate(0, BAR), [0.06, 0.705, 0.235], atol=1e-12)


def test_new_weights_are_heard_in_the_very_next_bar() -> None:
    controller = ShareController((500_000, 500_000))
    controller.heard(np.array([0.0, 1.0, 0.0]), np.array([0.0, 5.0 * BAR, 0.0]))
    assert controller.gate(1, BAR)[2] > 0.9  # the second source is owed a lot
    controller.change((900_000, 100_000))
    assert controller.gate(1, BAR)[1] > 0.9
