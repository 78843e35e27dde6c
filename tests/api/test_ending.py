"""Nothing of the API is left when the service ends."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from contrafact.errors import ChainError
from contrafact.operations.assembling import planned
from contrafact.operations.roles import Role

from .house import House


def test_identifications_thread_ends_with_the_service(house: House, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'service.db'}"
    away = {"rpc_url": "http://127.0.0.1:9", "home": tmp_path, "database": database}
    settings = house.founded.town.settings.model_copy(update=away)
    with planned(settings, frozenset({Role.API})) as plan:
        identification = plan.api.state.services.identification  # type: ignore[union-attr]
        with pytest.raises(ChainError):
            identification.has(bytes(32))
        assert threads()
        for close in plan.closing:
            close()
        assert not threads()


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("identification")]
