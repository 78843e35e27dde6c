"""The history is made once for all tests that read it."""

from __future__ import annotations

import pytest

from tests.clients.in_process import keys_in_process, open_in_process
from tests.ledger.scene import ROLES, Scene

from .history import History, told


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    scene = Scene(open_in_process(len(ROLES)), keys_in_process(len(ROLES)))
    return told(scene, tmp_path_factory.mktemp("history"))
