"""One funded order of the town, run in as many copies of the operator's world as a test needs."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from contrafact.certificates.reading import read
from contrafact.demo import world
from contrafact.domain.digests import to_hex
from contrafact.music.audio import pcm_digest, read_pcm
from contrafact.order.job import OrderJob
from contrafact.wiring import Site

from . import job_process
from .town import Town, operator

LONGEST_RUN = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that an order leaves behind: on the chain, in wallets (test dollars), and in the maker's folder."""

    commits: tuple[str, ...]
    shares: tuple[tuple[int, ...], ...]
    credited: tuple[tuple[str, int], ...]  # to works
    pooled: int  # to the model: it waits for the TrainingPool contract to collect it
    paid: tuple[tuple[str, int], ...]
    balances: tuple[int, ...]
    delivered: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class World:
    """The operator's home and content store in a folder of their own, on the chain as it was at payment."""

    town: Town
    order_id: bytes
    site: Site

    def run(self) -> None:
        """The order job, here, in an installation that remembers nothing. Raises what the job raises."""
        workshop = Site(self.site.settings).workshop(operator())
        OrderJob.of(workshop, self.order_id, lambda step: None, lambda bar, bars: None).run()

    def start(self, *arguments: object, context: ForkServerContext) -> BaseProcess:
        """The order job in a new process; `arguments` as those of `job_process.run` after the order."""
        process = context.Process(target=job_process.run, args=(self.site.settings, self.order_id, *arguments))
        process.start()
        return process

    def run_until_killed(self, kill_at: str) -> int | None:
        """The order job in a process that kills itself. Returns its exit code, negative for a signal."""
        process = self.start(kill_at, context=forking())
        process.join(LONGEST_RUN)
        return process.exitcode

    def outcome(self) -> Outcome:
        reader, token = self.site.reader, self.site.token()
        settled = reader.committed(self.order_id)
        people = [world.account(i).address for i in range(20)]
        credited, models = reader.credited(self.order_id), {model.model_id for model in reader.models()}
        return Outcome(
            commits=tuple(to_hex(event.commit.record_digest) for event in settled),
            shares=tuple((event.commit.base_share, *event.commit.shares) for event in settled),
            credited=tuple((to_hex(e.beneficiary), e.amount) for e in credited if e.beneficiary not in models),
            pooled=sum(e.amount for e in credited if e.beneficiary in models),
            paid=tuple(sorted((e.holder, e.amount) for e in reader.paid())),
            balances=tuple(reader.balance(who, token) for who in (*people, reader.domain.contract)),
            delivered=tuple(_files(self.folder / "delivery")),
        )

    @property
    def folder(self) -> Path:
        """The operator's folder of the order."""
        return self.site.settings.home / "orders" / to_hex(self.order_id)

    def transactions(self) -> int:
        """How many transactions the operator has sent."""
        return self.site.connection.nonce(operator().address)


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """An order that is paid on the town's chain and not begun; `origin` holds the operator's home and the store."""

    town: Town
    order_id: bytes
    origin: Path

    @contextmanager
    def world(self, folder: Path) -> Iterator[World]:
        """A copy of the operator's world in `folder`; what it does to the chain is undone at the end."""
        for part in ("home", "store"):
            shutil.copytree(self.origin / part, folder / part)
        snapshot = self.town.rpc("evm_snapshot")
        try:
            yield World(self.town, self.order_id, self.town.site(**_places(folder)))
        finally:
            self.town.rpc("evm_revert", snapshot)


@contextmanager
def paid_order(town: Town, origin: Path) -> Iterator[PaidOrder]:
    """Quotes and funds an order on the town's chain, and undoes it at the end."""
    snapshot = town.rpc("evm_snapshot")
    shutil.copytree(town.settings.store.removeprefix("folder:"), origin / "store")
    yield PaidOrder(town, town.funded(town.site(**_places(origin))), origin)
    town.rpc("evm_revert", snapshot)


def forking() -> ForkServerContext:
    """Processes that begin with the heavy libraries loaded, forked from one that runs no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["contrafact.wiring", "contrafact.music.generate", "contrafact.music.renderer"])
    return context


def _places(folder: Path) -> dict[str, object]:
    return {"home": folder / "home", "store": f"folder:{folder / 'store'}"}


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Digests of files; of the certified piece that of its sound: every copy of the operator makes its own key."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if name == "piece.flac":
            assert read(path.read_bytes(), "audio/flac").is_sound
            yield name, pcm_digest(*read_pcm(path.read_bytes())).hex()
        elif path.is_file() and name != "piece.flac.json":
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()
