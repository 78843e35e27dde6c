"""What is tried again, how often, and how long it waits: the table of docs/jobs.md."""

from __future__ import annotations

import errno

import pytest

from contrafact.errors import (
    BoundsNotKept,
    Busy,
    ChainError,
    ComputeError,
    ContentMismatch,
    ContractError,
    DatabaseError,
    InvalidInput,
    InvalidOrder,
    NotFound,
    NotPermitted,
    OrderClosed,
    Payment,
    StoreError,
    WrongBytes,
)
from contrafact.jobs.judgement import LONGEST_WAIT, PATIENCE, delay, judge
from contrafact.jobs.leases import LeaseWatch
from contrafact.jobs.trying import describe

PASSES = [Busy, ChainError, ComputeError, DatabaseError, Payment, StoreError]
DOUBTFUL = [WrongBytes, NotFound]
FINAL = [BoundsNotKept, ContentMismatch, InvalidInput, InvalidOrder, NotPermitted, OrderClosed]


@pytest.mark.parametrize("kind", PASSES)
def test_what_passes_is_tried_until_the_deadline(kind: type[Exception]) -> None:
    assert judge(kind("m", "h"), 1, 0.0) == 1.0
    assert judge(kind("m", "h"), 1000, 0.999) == pytest.approx(LONGEST_WAIT, rel=0.01)


@pytest.mark.parametrize("error", [*(kind("m", "h") for kind in DOUBTFUL), ValueError("a mistake"), PermissionError()])
def test_what_may_pass_is_tried_some_times(error: Exception) -> None:
    assert [judge(error, n, 0.5) is None for n in range(1, PATIENCE + 1)] == [False] * (PATIENCE - 1) + [True]


@pytest.mark.parametrize("error", [*(kind("m", "h") for kind in FINAL), ContractError("Refused", (), "m", "h")])
def test_what_stays_wrong_is_stopped_at_once(error: Exception) -> None:
    assert judge(error, 1, 0.5) is None


def test_a_full_disk_passes() -> None:
    assert judge(OSError(errno.ENOSPC, "full"), 99, 0.0) is not None
    assert judge(OSError(errno.EINVAL, "odd"), 99, 0.0) is None


def test_waits_double_up_to_the_longest_and_are_spread() -> None:
    assert [delay(n, 1.0) for n in range(1, 10)] == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert delay(4, 0.0) == 8


def test_an_unforeseen_error_is_described_without_its_text() -> None:
    assert "s3cret" not in str(describe(ValueError("s3cret")))
    assert "No space" in describe(OSError(errno.ENOSPC, "No space left on device"))["message"]


def test_a_lease_counts_as_left_only_after_it_was_seen_to_stand_still() -> None:
    now = [1000.0]
    watch = LeaseWatch(30.0, lambda: now[0])
    a, b = b"a" * 32, b"b" * 32
    assert list(watch.abandoned({a: ("x", 1), b: ("y", 1)})) == []
    now[0] += 29
    assert list(watch.abandoned({a: ("x", 1), b: ("y", 2)})) == []
    now[0] += 1
    assert list(watch.abandoned({a: ("x", 1), b: ("y", 2)})) == [(a, ("x", 1))]
    now[0] += 1
    assert list(watch.abandoned({a: ("z", 2), b: ("y", 2)})) == []
