"""A cluster on this machine for all tests that need one, and pools of workers of both kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from contrafact.compute.opening import open_workers
from contrafact.compute.pool import Workers
from contrafact.compute.tasks import Recipe

ROOT = Path(__file__).parents[2]

Opened = Callable[[Recipe], Workers]


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """Its workers find the tests' modules."""
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed: pip install 'contrafact[cluster]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", str(ROOT))
        import ray

        ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
        yield
        ray.shutdown()


@pytest.fixture(scope="module", params=["processes", "ray"])
def open_pool(request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Opens a pool of one worker by a recipe, the same one for the same recipe."""
    if request.param == "ray":
        request.getfixturevalue("ray_cluster")
    made: dict[Recipe, Workers] = {}

    def opening(recipe: Recipe) -> Workers:
        if recipe not in made:
            workers = open_workers(request.param, 1, 1, recipe)
            assert workers is not None
            made[recipe] = workers
        return made[recipe]

    yield opening
    for workers in made.values():
        workers.close()
