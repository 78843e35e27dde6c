"""Reading the transactions of an order, and who signed what they carry."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from contrafact.audit.calls import CommitCall, FundingCall, OrderCalls, Signed
from contrafact.audit.evidence import Chain
from contrafact.audit.histories import in_force
from contrafact.audit.pinned import asks, pinned
from contrafact.audit.ports import AuditedLedger
from contrafact.domain import typed_data
from contrafact.domain.history import Committed, Funded
from contrafact.domain.orders import approval_message, commit_message, order_message, quote_message
from contrafact.domain.signatures import recovered


class CallReader:
    """Reads one order at a time; whether an address has code is asked once."""

    def __init__(self, ledger: AuditedLedger) -> None:
        self._ledger = ledger
        self._is_contract = cache(lambda address: bool(ledger.code(address)))

    def of(self, chain: Chain, order_id: bytes) -> OrderCalls:
        """The calls of the order's first funding and first commit. Raises ChainError."""
        funded = next(iter(chain.funded_of[order_id]), None)
        committed = next(iter(chain.committed_of[order_id]), None)
        if funded is None:
            return OrderCalls()
        funding = self._ledger.funding_call(funded.transaction)
        committing = self._ledger.commit_call(committed.transaction, order_id) if committed else None
        return OrderCalls(
            funding,
            committing,
            quote=self._quote(chain, funded, funding),
            commit=self._commit(chain, committed, committing),
            maker=self._maker(chain, funded, funding),
            approvals=dict(self._approvals(chain, funded, funding)),
        )

    def _quote(self, chain: Chain, funded: Funded, call: FundingCall | None) -> Signed | None:
        if call is None:
            return None
        digest = typed_data.digest(quote_message(funded.quote, chain.domain))
        return self._signed(funded.quote.operator, digest, call.signature)

    def _commit(self, chain: Chain, committed: Committed | None, call: CommitCall | None) -> Signed | None:
        if committed is None or call is None:
            return None
        digest = typed_data.digest(commit_message(committed.commit, chain.domain))
        return self._signed(call.quote.operator, digest, call.signature)

    def _maker(self, chain: Chain, funded: Funded, call: FundingCall | None) -> Signed | None:
        if call is None or call.maker_signature is None:
            return None
        digest = typed_data.digest(order_message(funded.quote, funded.maker_salt, chain.domain))
        return self._signed(funded.quote.maker, digest, call.maker_signature)

    def _approvals(self, chain: Chain, funded: Funded, call: FundingCall | None) -> Iterator[tuple[bytes, Signed]]:
        """The approvals in the calldata, one for each source whose terms ask for one."""
        asking = [(source, terms) for source, terms in pinned(chain, funded) if asks(terms)]
        for (source, terms), grant in zip(asking, call.grants if call else (), strict=False):
            if terms.approval:
                digest = typed_data.digest(approval_message(funded.order_id, source.work_id, chain.domain))
                licensors = in_force(chain.licensors_of[source.work_id], funded.block)
                yield source.work_id, self._signed(licensors[-1].licensor if licensors else "", digest, grant.approval)

    def _signed(self, signer: str, digest: bytes, signature: bytes) -> Signed:
        by = recovered(digest, signature)
        if not signer or by == signer or not self._is_contract(signer):
            return Signed(by)
        return Signed(by, self._ledger.accepts(signer, digest, signature))
