"""Reading the events of the contracts."""

from __future__ import annotations

from contrafact.audit.evidence import Chain
from contrafact.audit.ports import AuditedLedger
from contrafact.errors import ChainError

CONTRACTS = ("Authority", "Catalogue", "GenerationEscrow", "HolderRecovery", "DisputeDesk", "TrainingPool")


def read_chain(ledger: AuditedLedger) -> Chain:
    """All events, with the timestamps of the blocks of versions and orders. Raises ChainError."""
    contracts = tuple(ledger.contracts())
    if missing := set(CONTRACTS) - {contract.name for contract in contracts}:
        raise ChainError(
            f"No address is known of {', '.join(sorted(missing))}.", "Give the addresses of all contracts."
        )
    funded, committed, refunded = tuple(ledger.funded()), tuple(ledger.committed()), tuple(ledger.refunded())
    works, terms, models = tuple(ledger.works()), tuple(ledger.terms_history()), tuple(ledger.models())
    collections = tuple(ledger.collections())
    blocks = {
        event.block for events in (works, terms, models, collections, funded, committed, refunded) for event in events
    }
    blocks |= {one.withdrawn for one in collections if one.withdrawn is not None}
    return Chain(
        domain=ledger.domain,
        block=ledger.head(),
        contracts=contracts,
        works=works,
        splits=tuple(ledger.split_history()),
        licensors=tuple(ledger.licensor_history()),
        terms=terms,
        models=models,
        funded=funded,
        committed=committed,
        refunded=refunded,
        raised=tuple(ledger.raised()),
        downstream=tuple(ledger.downstream()),
        rulings=tuple(ledger.rulings()),
        fines=tuple(ledger.fines()),
        bonds=tuple(ledger.bonds()),
        accounts=dict(ledger.accounts()),
        credited=tuple(ledger.credited()),
        held_moved=tuple(ledger.held_moved()),
        paid=tuple(ledger.paid()),
        collections=collections,
        materialised=tuple(ledger.materialised()),
        operator_keys=tuple(ledger.operator_keys()),
        disputes=tuple(ledger.dispute_history()),
        sunsets=tuple(ledger.sunset_history()),
        times={block: ledger.block_time(block) for block in sorted(blocks)},
    )
