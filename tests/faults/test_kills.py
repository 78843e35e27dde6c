"""The indexer and the runner are killed (SIGKILL) while orders come in; whoever is started next goes on."""

from __future__ import annotations

import random
import signal
import time

import pytest

from tests.ledger.sent import wait_for

from . import service
from .town import Town

pytestmark = pytest.mark.slow


def test_service_without_a_fault_is_sound(town: Town) -> None:
    town.start_both()
    town.fund(2)
    town.settle("no fault")
    town.require_sound()
