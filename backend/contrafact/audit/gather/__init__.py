"""Gathering evidence: the only part of the audit that speaks to a chain, a store or a tool."""

from __future__ import annotations

from collections.abc import Callable

from contrafact.audit.evidence import Evidence
from contrafact.audit.gather.calls import CallReader
from contrafact.audit.gather.catalogue import read_catalogue
from contrafact.audit.gather.chain import read_chain
from contrafact.audit.gather.epochs import read_pools
from contrafact.audit.gather.likeness import compare_sources
from contrafact.audit.gather.orders import OrderGatherer
from contrafact.audit.gather.storage import read_storage
from contrafact.audit.ports import AuditedLedger, Tools
from contrafact.domain.digests import to_hex
from contrafact.ports import ContentStore


def gather(ledger: AuditedLedger, store: ContentStore, tools: Tools, on_step: Callable[[str], None]) -> Evidence:
    """All evidence there is. Raises ChainError when the chain cannot be reached; a bad store is evidence, too."""
    on_step("reading the chain")
    chain = read_chain(ledger)
    on_step("reading the catalogue")
    catalogue = read_catalogue(chain, store, tools)
    on_step("reading what the contracts store")
    storage = read_storage(ledger, chain, catalogue.splits)
    gatherer = OrderGatherer(chain, store, tools, catalogue)
    orders = {}
    for number, (order_id, committed) in enumerate(chain.committed_of.items(), start=1):
        on_step(f"order {number} of {len(chain.committed_of)}: {to_hex(order_id)}")
        orders[order_id] = gatherer.order(committed[0])
    on_step("reading the training pools")
    pools = read_pools(ledger, chain, store)
    on_step("comparing the sources of each order")
    alike = compare_sources(chain, store, tools, catalogue)
    on_step("reading who signed each order")
    reader = CallReader(ledger)
    calls = {order: reader.of(chain, order) for order in chain.order_ids}
    return Evidence(chain, storage, catalogue, orders, pools, alike, calls)
