"""Reading the events of the contracts."""

from __future__ import annotations

from contrafact.audit.evidence import Chain
from contrafact.audit.ports import AuditedLedger
from contrafact.errors import ChainError

CONTRACTS = ("WorkRegistry", "Licensing", "ModelRegistry", "GenerationEscrow")


def read_chain(ledger: AuditedLedger) -> Chain:
    """All events, with the timestamps of the blocks of orders. Raises ChainError."""
    contracts = tuple(ledger.contracts())
    if missing := set(CONTRACTS) - {contract.name for contract in contracts}:
        raise ChainError(
            f"No address is known of {', '.join(sorted(missing))}.", "Give the addresses of all contracts."
        )
    funded, committed, refunded = tuple(ledger.funded()), tuple(ledger.committed()), tuple(ledger.refunded())
    blocks = {e.block for e in funded} | {e.block for e in committed} | {e.block for e in refunded}
    return Chain(
        domain=ledger.domain,
        block=ledger.head(),
        contracts=contracts,
        works=tuple(ledger.works()),
        splits=tuple(ledger.split_history()),
        licensors=tuple(ledger.licensor_history()),
        terms=tuple(ledger.terms_history()),
        models=tuple(ledger.models()),
        funded=funded,
        committed=committed,
        refunded=refunded,
        credited=tuple(ledger.credited()),
        paid=tuple(ledger.paid()),
        times={block: ledger.block_time(block) for block in sorted(blocks)},
    )
