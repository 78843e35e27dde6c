"""The disk is full in the midst of an order, and has space again after a while."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ledger.sent import wait_for

from . import service
from .town import Town

pytestmark = pytest.mark.slow
SIZE = "4m"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of few bytes."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place]).returncode:
        pytest.skip("a small disk can be mounted only by root, where mounting is allowed")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize(("part", "step"), [("home", "generate"), ("home", "commit"), ("store", "record")])
def test_disk_that_is_full_for_a_while(found_town: Callable[..., Town], small: Path, part: str, step: str) -> None:
    """Of home and database together: before the attempt is written, or the commit's transaction; or the store's."""
    if part == "home":
        town = found_town(f"sqlite:///{small / 'service.db'}", home=small / "home")
    else:
        town = found_town(store=f"folder:{small / 'store'}")
    full = small / "full"
    town.start(service.follow)
    town.start(service.operate, fill_at=step, fill=full)
    town.fund()
    wait_for(lambda: town.told(full=True))
    wait_for(lambda: town.told(what="retried") or town.told(what="hindered"))
    time.sleep(1.0)
    full.unlink()
    town.over()
    town.fund()
    town.settle(f"after the disk of the {part} was full at {step!r}")
    assert not list(town.home.rglob(".partial-*"))
    town.require_sound()
