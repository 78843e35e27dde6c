"""Grants: what a source's terms ask for beyond their words when an order is funded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.domain.orders import Quote
from contrafact.domain.terms import Terms
from contrafact.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Grant:
    """Proofs that operator and model are listed, and the licensor's signature over the order; empty if not asked."""

    operator_proof: tuple[bytes, ...] = ()
    model_proof: tuple[bytes, ...] = ()
    approval: bytes = b""

    def to_abi(self) -> tuple[list[bytes], list[bytes], bytes]:
        """The Solidity struct."""
        return list(self.operator_proof), list(self.model_proof), self.approval


def grants(quote: Quote, terms: Iterable[Terms], approvals: Mapping[bytes, bytes]) -> tuple[Grant, ...]:
    """One grant for each source whose terms ask for any, in order; `terms` are those of the sources.

    `approvals` are licensors' signatures by work id. Raises NotPermitted where one is missing, where operator or
    model is not listed, and where the members of a list are not known.
    """
    pairs = zip(quote.sources, terms, strict=True)
    return tuple(_grant(quote, s.work_id, t, approvals) for s, t in pairs if t.approval or t.allow.listed)


def _grant(quote: Quote, work_id: bytes, terms: Terms, approvals: Mapping[bytes, bytes]) -> Grant:
    approval = approvals.get(work_id, b"") if terms.approval else b""
    if terms.approval and not approval:
        text = f"The licensor of work {to_hex(work_id)} approves each order, and has not signed this one."
        raise NotPermitted(text, "Ask the licensor for its approval of the order.")
    return Grant(terms.allow.operator_proof(quote.operator), terms.allow.model_proof(quote.model_id), approval)
