"""Several content stores as one: what one of them lost, or gives wrongly, another one has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from contrafact.domain.digests import cid as cid_of
from contrafact.domain.digests import sha256
from contrafact.errors import NotFound, StoreError, Withdrawn, WrongBytes
from contrafact.ports import KeptStore
from contrafact.records.taken_down import gone

T = TypeVar("T")


class FallbackStore:
    """Implements the ports ContentStore and KeptStore on several stores, asked in their order.

    A read takes the first right bytes, and puts them where others lay under their name. A write goes to all, and is
    done when one has it: `contrafact content check --repair` brings the others up to date. A withdrawal is done
    when all have done it. A notice of withdrawal in any store that is asked ends the search.
    """

    def __init__(self, stores: Sequence[KeptStore]) -> None:
        self._stores = tuple(stores)

    def put(self, data: bytes) -> str:
        """Raises what the first store raised where none took it, and Withdrawn, with nothing done, at any notice."""
        name = cid_of(sha256(data))
        for store in self._stores:
            with suppress(StoreError):
                if (notice := store.notice(name)) is not None:
                    raise gone(name, notice, "one of the content stores")
        return self._everywhere(lambda store: store.put(data))

    def restore(self, data: bytes) -> str:
        """As `put`, in spite of notices, which go."""
        return self._everywhere(lambda store: store.restore(data))

    def get(self, cid: str) -> bytes:
        """The first right bytes. Raises Withdrawn, or NotFound where every store says so, or what one raised."""
        damaged: list[KeptStore] = []
        problem: StoreError | None = None
        missing: NotFound | None = None
        for store in self._stores:
            try:
                data = store.get(cid)
            except Withdrawn:
                raise
            except NotFound as error:
                missing = error
            except StoreError as error:
                problem = problem or error
                damaged += [store] * isinstance(error, WrongBytes)
            else:
                self._cure(damaged, data)
                return data
        raise problem or missing or NotFound(f"{cid} is in none of no stores.")

    def has(self, cid: str) -> bool:
        """Whether any store has it. Raises StoreError where none says yes and one cannot be asked."""
        problem: StoreError | None = None
        for store in self._stores:
            try:
                if store.has(cid):
                    return True
            except StoreError as error:
                problem = problem or error
        if problem:
            raise problem
        return False

    def withdraw(self, cid: str, notice: bytes) -> None:
        """Raises StoreError where any store could not; the others have done it."""
        problem: StoreError | None = None
        for store in self._stores:
            try:
                store.withdraw(cid, notice)
            except StoreError as error:
                problem = problem or error
        if problem:
            raise problem

    def notice(self, cid: str) -> bytes | None:
        """The first notice. Raises StoreError where one of the stores cannot be asked before one is found."""
        return next((found for store in self._stores if (found := store.notice(cid)) is not None), None)

    def pin(self, cid: str) -> bool:
        """Whether any store pinned it. Raises NotFound where none has it."""
        pinned, missing = [], None
        for store in self._stores:
            try:
                pinned.append(store.pin(cid))
            except NotFound as error:
                missing = error
        if missing and not pinned:
            raise missing
        return any(pinned)

    def _everywhere(self, act: Callable[[KeptStore], T]) -> T:
        done: list[T] = []
        problem: StoreError | None = None
        for store in self._stores:
            try:
                done.append(act(store))
            except StoreError as error:
                problem = problem or error
        if not done:
            assert problem is not None
            raise problem
        return done[0]

    @staticmethod
    def _cure(damaged: Sequence[KeptStore], data: bytes) -> None:
        """The right bytes to whoever has wrong ones. That it cannot take them is no fault of the read."""
        for store in damaged:
            try:
                store.put(data)
            except (StoreError, Withdrawn):
                continue
