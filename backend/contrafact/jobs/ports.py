"""The ports through which the runner finds its orders, and remembers how they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contrafact.domain.history import Claim
from contrafact.domain.job_state import JobState, JobStatus


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A paid order of this operator that is not finished. `deadline` in seconds of the chain's time.

    `is_here`: its quote and secret lie in this home, so that this installation, and no other, can make it.
    """

    order_id: bytes
    deadline: int
    is_committed: bool
    is_here: bool


class OpenOrders(Protocol):
    """What there is to do, from the chain or from an index of it. Raises ChainError and DatabaseError."""

    def open_orders(self) -> Sequence[OpenOrder]: ...

    def unpaid(self) -> Sequence[Claim]:
        """Claims on the works that this operator's pieces were made from, among them all of which a payout would send
        something.
        """


Lease = tuple[str, int]
"""Who runs a job, and how often it has said so."""


class JobStore(Protocol):
    """How jobs stand, for several runners that share it; `contrafact.store.jobs.Jobs` says what each method does.

    Raises DatabaseError.
    """

    def add(self, order_id: bytes, deadline: int) -> None: ...
    def due(self) -> Sequence[bytes]: ...
    def leases(self) -> Mapping[bytes, Lease]: ...
    def claim(self, order_id: bytes, owner: str, lease: Lease | None = None) -> JobState | None: ...
    def beat(self, owner: str, order_ids: Collection[bytes]) -> set[bytes]: ...
    def note(self, order_id: bytes, owner: str, step: str, bar: int, bars: int) -> None: ...
    def finish(self, order_id: bytes, owner: str) -> None: ...
    def again(self, order_id: bytes, owner: str, error: Mapping[str, str], repeats: int, seconds: float) -> None: ...
    def leave(self, order_id: bytes, owner: str) -> None: ...
    def stop(self, order_id: bytes, error: Mapping[str, str], owner: str | None = None) -> None: ...
    def cancel(self, order_id: bytes) -> JobState: ...
    def retry(self, order_id: bytes) -> JobState: ...
    def reopen(self, order_id: bytes) -> None: ...
    def get(self, order_id: bytes) -> JobState: ...
    def listed(self, *statuses: JobStatus) -> Sequence[JobState]: ...
