"""The order job is killed (SIGKILL) anywhere, run again, and ends as if nothing had happened."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from eth_account.signers.local import LocalAccount

from contrafact.demo import world as accounts
from contrafact.domain.history import Claim
from contrafact.domain.orders import Commit, Quote
from contrafact.ledger.writer import Writer
from contrafact.order.job import STEPS, OrderJob

from .paid_order import LONGEST_RUN, Outcome, PaidOrder, World, forking, paid_order
from .town import BOND, Town, operator

pytestmark = pytest.mark.slow

POINTS = (
    *(f"step {name}" for name in STEPS),
    "file attempt.json",
    "file stem-1.flac",
    "stored 4",
    "sending 1",  # the commit is signed
    "sent 1",  # the commit is in a block, and nobody has looked it up
    "sent 2",  # the holders' confirmations are
    "sent 3",  # the payout is
    "file delivery/piece.flac.json",  # the piece has its certificate
)


@pytest.fixture(scope="module")
def order(founded: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaidOrder]:
    with paid_order(founded, tmp_path_factory.mktemp("paid")) as made:
        yield made


@pytest.fixture(scope="module")
def undisturbed(order: PaidOrder, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the order leaves behind when nothing happens to it."""
    with order.world(tmp_path_factory.mktemp("undisturbed")) as world:
        world.run()
        return world.outcome()


@pytest.fixture
def world(order: PaidOrder, tmp_path: Path) -> Iterator[World]:
    with order.world(tmp_path) as made:
        yield made


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_job_is_run_again_and_ends_the_same(world: World, undisturbed: Outcome, point: str) -> None:
    assert world.run_until_killed(point) == -signal.SIGKILL
    assert world.outcome() != undisturbed
    world.run()
    assert world.outcome() == undisturbed


def test_a_job_killed_again_and_again_ends_the_same(world: World, undisturbed: Outcome) -> None:
    for point in ("file attempt.json", "stored 4", "sent 1"):
        assert world.run_until_killed(point) == -signal.SIGKILL
    world.run()
    assert world.outcome() == undisturbed


def test_a_finished_job_run_again_sends_and_writes_nothing(world: World, undisturbed: Outcome) -> None:
    world.run()
    sent, written = world.transactions(), _times(world.folder)
    world.run()
    world.run()
    assert (world.transactions(), _times(world.folder)) == (sent, written)
    assert world.outcome() == undisturbed


def test_an_order_settles_once_and_every_work_s_share_reaches_a_wallet(undisturbed: Outcome) -> None:
    assert len(undisturbed.commits) == 1
    assert sum(undisturbed.shares[0]) == 1_000_000
    left = sum(amount for _, amount in undisturbed.credited) - sum(amount for _, amount in undisturbed.paid)
    assert 0 <= left < len(undisturbed.paid)  # rounding: less than one unit a holder
    assert undisturbed.pooled > 0
    assert undisturbed.balances[-1] == left + undisturbed.pooled + BOND  # all of it lies in the escrow


@pytest.mark.parametrize("step", ["generate", "commit"])
def test_two_jobs_at_once_settle_once_and_leave_the_same_files(world: World, undisturbed: Outcome, step: str) -> None:
    context = forking()
    meeting = context.Barrier(2)
    both = [world.start("", step, meeting, context=context) for _ in range(2)]
    for process in both:
        process.join(LONGEST_RUN)
    codes = [process.exitcode for process in both]
    assert 0 in codes, codes
    assert 1 not in codes, "the loser ends in an error of the project, or well"
    assert world.outcome() == undisturbed


def test_a_commit_that_somebody_else_sent_meanwhile_counts(world: World, undisturbed: Outcome) -> None:
    workshop = world.site.workshop(operator())
    relayed = RelayedMeanwhile(world.site.writer(operator()), world.site.writer(somebody()))
    OrderJob.of(replace(workshop, writer=relayed), world.order_id, lambda step: None, lambda bar, bars: None).run()
    assert world.outcome() == undisturbed


@dataclass(frozen=True, slots=True)
class RelayedMeanwhile:
    """A writer whose commit another account has sent just before, as anybody may who has seen its signature."""

    own: Writer
    other: Writer

    @property
    def address(self) -> str:
        return self.own.address

    def commit(self, quote: Quote, maker_salt: bytes, commit: Commit, signature: bytes) -> str:
        self.other.commit(quote, maker_salt, commit, signature)
        return self.own.commit(quote, maker_salt, commit, signature)

    def confirm(self, claims: Sequence[Claim], signatures: Sequence[bytes]) -> str:
        return self.own.confirm(claims, signatures)

    def payout(self, claims: Sequence[Claim]) -> str:
        return self.own.payout(claims)


def somebody() -> LocalAccount:
    """An account with coin for gas that has no part in the order."""
    return accounts.account(18)


def _times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}
