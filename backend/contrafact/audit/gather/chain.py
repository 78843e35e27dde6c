"""Reading the events of the contracts: the catalogue's at once, those of orders in ranges into the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contrafact.audit.journal import Journal
from contrafact.audit.journal.history import History
from contrafact.audit.ports import AuditedLedger
from contrafact.audit.registered import Registered
from contrafact.errors import ChainError

CONTRACTS = ("Authority", "Catalogue", "GenerationEscrow", "HolderRecovery", "DisputeDesk", "TrainingPool")

FEW, MANY = 200, 1_000
"""Of ranges with fewer events the next one is twice as long; of ranges with more, half as long."""
_FIRST_RANGE, _LONGEST_RANGE = 200, 100_000


def pin(journal: Journal, ledger: AuditedLedger, how: Mapping[str, object]) -> bytes:
    """Ties the journal to the ledger's block and to `how` it is audited; gives that block's hash.

    Raises InvalidInput for the journal of another audit.
    """
    block = ledger.head()
    found = ledger.block_hash(block)
    contracts = {contract.name: contract.address for contract in ledger.contracts()}
    which = {"chain": ledger.domain.chain_id, "contracts": contracts, "block": block, "block hash": found.hex()}
    journal.pin({**which, **how})
    return found


def read_orders(ledger: AuditedLedger, history: History, salt: bytes, on_step: Callable[[str], None]) -> None:
    """All events of orders and money into the journal; goes on where it stopped.

    Raises ChainError when the chain cannot be reached, or is another one at the end than at the beginning.
    """
    last, size = ledger.head(), _FIRST_RANGE
    done = history.read_to
    block = ledger.first() if done is None else done + 1
    while block <= last:
        until = min(block + size - 1, last)
        on_step(f"reading the chain, block {until:,} of {last:,}")
        events = ledger.order_events(block, until, history.quote_of)
        history.add(events, until, salt)
        size = _next_size(size, len(events))
        block = until + 1
    if ledger.block_hash(last) != salt:
        raise ChainError(f"Block {last} was reorganised away while it was read.", "Audit again, with --confirmed.")


def read_registered(ledger: AuditedLedger, ordered: frozenset[bytes]) -> Registered:
    """All events of the catalogue, with the timestamps of the blocks that licences count by. Raises ChainError."""
    contracts = tuple(ledger.contracts())
    if missing := set(CONTRACTS) - {contract.name for contract in contracts}:
        raise ChainError(
            f"No address is known of {', '.join(sorted(missing))}.", "Give the addresses of all contracts."
        )
    works, terms, models = tuple(ledger.works()), tuple(ledger.terms_history()), tuple(ledger.models())
    collections, recoveries = tuple(ledger.collections()), tuple(ledger.recovery_history())
    blocks = {event.block for events in (works, terms, models, collections, recoveries) for event in events}
    blocks |= {one.withdrawn for one in collections if one.withdrawn is not None}
    return Registered(
        domain=ledger.domain,
        block=ledger.head(),
        now=ledger.block_time(ledger.head()),
        contracts=contracts,
        works=works,
        splits=tuple(ledger.split_history()),
        licensors=tuple(ledger.licensor_history()),
        terms=terms,
        models=models,
        accounts=dict(ledger.accounts()),
        collections=collections,
        materialised=tuple(ledger.materialised()),
        operator_keys=tuple(ledger.operator_keys()),
        disputes=tuple(ledger.dispute_history()),
        sunsets=tuple(ledger.sunset_history()),
        recoveries=recoveries,
        pool_rules=dict(ledger.pool_rules()),
        times={block: ledger.block_time(block) for block in sorted(blocks)},
        ordered=ordered,
        named_models=ledger.named_models(),
    )


def _next_size(size: int, events: int) -> int:
    if events > MANY:
        return max(size // 2, 1)
    return min(2 * size, _LONGEST_RANGE) if events < FEW else size
