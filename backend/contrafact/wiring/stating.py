"""Statements of a site, from its index. Needs the extra `service`."""

from __future__ import annotations

from contrafact.errors import NotFound
from contrafact.read_model import IndexStatus
from contrafact.statements import (
    AnyStatement,
    Chain,
    Frame,
    Month,
    frame_of,
    holder_statement,
    operator_statement,
    public_statement,
)
from contrafact.store.database import Database
from contrafact.wiring import indexing
from contrafact.wiring.site import Site


class Stating:
    """A month of a site as statements. With `catch_up` the index is first brought to the chain's head.

    Raises NotFound where the index is missing, or behind so that it does not have the month.
    """

    def __init__(self, site: Site, month: Month, catch_up: bool = False) -> None:
        self._site, database = site, indexing.open_database(site.settings)
        self._reads = indexing.read_model(database)
        if catch_up:
            _catch_up(site, database)
        chain = Chain(site.deployment.chain_id, dict(site.deployment.contracts))
        self.frame: Frame = frame_of(self._reads, chain, month, site.connection.timestamp, site.deployment.block)
        if not self.frame.complete:
            _require_near(self._reads.status(), site)

    def holder(self, address: str) -> AnyStatement:
        return holder_statement(self._reads, self._site.store, self.frame, self._site.address(address))

    def operator(self, address: str) -> AnyStatement:
        return operator_statement(self._reads, self.frame, self._site.address(address))

    def public(self) -> AnyStatement:
        return public_statement(self._reads, self.frame)


def _catch_up(site: Site, database: Database) -> None:
    indexing.indexer(site, database).catch_up()
    while indexing.describer(site, database).step():
        pass


def _require_near(status: IndexStatus, site: Site) -> None:
    behind = site.connection.head() - status.block
    if behind > site.settings.ready_lag_blocks:
        text = f"The index is at block {status.block}, {behind} blocks behind the chain, before the month's end."
        raise NotFound(text, "Run: contrafact index run --once, or give --index")
