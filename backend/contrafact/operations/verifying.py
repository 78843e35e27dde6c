"""Verification for a service: of files that anybody sends, with what anybody may read."""

from __future__ import annotations

from collections.abc import Callable

from contrafact import verifying
from contrafact.verifying import Report
from contrafact.web.held import HeldStore
from contrafact.wiring import Site
from contrafact.wiring.recognising import LISTENING_S
from contrafact.wiring.verifying import verification


def verifier_of(site: Site) -> Callable[[bytes], Report]:
    """What verifies a file, from any thread. Only what anybody can read is read: no key of the operator opens a piece.

    It raises InvalidInput for what is no audio file, ChainError, and StoreError.
    """

    def verify(data: bytes) -> Report:
        with verification(site, HeldStore(site.kept_store), LISTENING_S) as tools:
            return verifying.verify(data, tools)

    return verify
