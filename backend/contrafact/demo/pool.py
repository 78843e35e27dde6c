"""The demo's last act before the audit: what the base earned is shared among the works that the model learnt from."""

from __future__ import annotations

from dataclasses import dataclass

from eth_account.signers.local import LocalAccount

from contrafact.domain.digests import cid
from contrafact.domain.epochs import EpochRecord
from contrafact.ledger.pool_writer import gas_used
from contrafact.pooling import claimable
from contrafact.wiring import Site
from contrafact.wiring.pools import epoch_closer, pool_reader, pool_writer


@dataclass(frozen=True, slots=True)
class SharedOut:
    """A closed and claimed epoch: its record, what is left of it, and the gas of closing and of each claim."""

    record: EpochRecord
    left: int
    gas_of_close: int
    gas_of_claims: tuple[int, ...]

    @property
    def families(self) -> int:
        """How many tune families the works are of."""
        return len({work.family for work in self.record.works})

    def to_dict(self) -> dict[str, object]:
        """The figures for machines; amounts are decimal strings in units of the token."""
        return {
            "total": str(self.record.total),
            "left": str(self.left),
            "rule": self.record.applied.value,
            "works": len(self.record.works),
            "families": self.families,
            "holders": len(self.record.tree.leaves),
            "gas_of_close": self.gas_of_close,
            "gas_of_claims": list(self.gas_of_claims),
            "record": cid(self.record.digest),
        }


def share_out(site: Site, model_id: bytes, operator: LocalAccount, payer: LocalAccount) -> SharedOut:
    """The operator closes an epoch of its model; `payer` pays the gas of every holder's claim."""
    model = next(one for one in site.reader.models() if one.model_id == model_id)
    closed = epoch_closer(site, operator).close(model, site.token())
    reader, writer, record = pool_reader(site), pool_writer(site, payer), closed.record
    gas = []
    for leaf in record.tree.leaves:
        parts = list(claimable(reader, site.store, leaf.holder))
        gas.append(gas_used(site.connection, writer.claim_epochs([part.claim for part in parts])))
    left = reader.epoch(model_id, record.key.token, record.key.number).left
    return SharedOut(record, left, gas_used(site.connection, closed.transaction or ""), tuple(gas))
